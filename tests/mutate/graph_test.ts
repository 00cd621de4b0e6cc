import { assertEquals } from "@std/assert";
import { readImports, testsOf } from "./graph.ts";

const tree = (files: Record<string, string>) => new Map(Object.entries(files));

function testsOfFile(file: string, files: Record<string, string>): string[] {
  const tests = new Set(Object.keys(files).filter((each) => each.includes("_test.")));
  return testsOf(file, readImports(tree(files)), tests);
}

Deno.test("nearest first: its own test, then by imports between, then by folder", () => {
  const files = {
    "deno.json": `{"imports": {"@/": "./"}}`,
    "core/a/b.ts": "export const b = 1;",
    "core/a/c.ts": `export * from "./b.ts";`,
    "core/d/e.ts": `import { b } from "@/core/a/c.ts"; b;`,
    "core/a/b_test.ts": `import { b } from "./c.ts"; b;`,
    "core/a/x_test.ts": `import { b } from "./b.ts"; b;`,
    "bot/y_test.ts": `import { b } from "../core/a/b.ts"; b;`,
    "core/d/e_test.ts": `await import("./e.ts");`,
    "core/d/f_test.ts": "1;",
  };
  assertEquals(testsOfFile("core/a/b.ts", files), [
    "core/a/b_test.ts",
    "core/a/x_test.ts",
    "bot/y_test.ts",
    "core/d/e_test.ts",
  ]);
});

Deno.test("types are not loaded; what is started by its name is", () => {
  const files = {
    "a.ts": "1;",
    "tools/a.ts": `import type { A } from "../a.ts";\nexport type { B } from "../a.ts";`,
    "a_test.ts": `import { c } from "./tools/a.ts"; c;`,
    "tools/b_test.ts": `new Deno.Command("deno", { args: ["run", "tools/a.ts"] });`,
    "tools/d_test.ts": "run(`${import.meta.dirname}/a.ts`);",
    "tools/c_test.ts": `new URL("./a.ts", import.meta.url);`,
  };
  assertEquals(testsOfFile("a.ts", files), []);
  assertEquals(testsOfFile("tools/a.ts", files).sort(), [
    "a_test.ts",
    "tools/b_test.ts",
    "tools/c_test.ts",
    "tools/d_test.ts",
  ]);
});

Deno.test("who builds the pages loads them all; a member of the workspace goes by its names", () => {
  const files = {
    "deno.json":
      `{"workspace": ["./packages/fresh"], "imports": {"fresh": "jsr:@fresh/core@^2.3.3"}}`,
    "packages/fresh/deno.json":
      `{"name": "@fresh/core", "exports": {".": "./mod.ts", "./dev": "./dev.ts"}}`,
    "packages/fresh/mod.ts": "1;",
    "packages/fresh/dev.ts": "1;",
    "routes/a.tsx": `import { page } from "fresh"; page;`,
    "support.ts": `import { Builder } from "fresh/dev"; Builder;`,
    "page_test.ts": `import "./support.ts";`,
    "own_test.ts": `import "@fresh/core";`,
  };
  assertEquals(testsOfFile("routes/a.tsx", files), ["page_test.ts"]);
  assertEquals(testsOfFile("packages/fresh/dev.ts", files), ["page_test.ts"]);
  assertEquals(testsOfFile("packages/fresh/mod.ts", files), ["own_test.ts", "page_test.ts"]);
});
