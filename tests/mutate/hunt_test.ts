import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { dirname, join } from "@std/path";
import { copyTree, readTree } from "./copy.ts";
import { readImports, testsOf } from "./graph.ts";
import { hunt } from "./hunt.ts";
import { findMutants, type Mutant } from "./sites.ts";

const PROJECT: Record<string, string> = {
  "deno.json": "{}",
  ".gitignore": "secret.txt\n",
  "secret.txt": "not known to git",
  "a.ts": `export function a(n: number): string {
  if (n > 3) return "many";
  while (n < 0) n++;
  return "few";
}
`,
  "b.ts": `export { a } from "./a.ts";
export * from "./c.ts";
export const b = (n: number): boolean => n === 1;
`,
  "c.ts": `export const c = (n: number): boolean => n > 5;\n`,
  "a_test.ts": `import { a } from "./a.ts"; import "./c.ts";
Deno.test("three are few", () => { if (a(3) !== "few") throw new Error("no"); });
`,
  "b_test.ts": `import { a, b } from "./b.ts";
Deno.test("four are many", () => { if (a(4) !== "many") throw new Error("no"); });
Deno.test("less than none", () => { if (a(-1) !== "few") throw new Error("no"); });
Deno.test("one is one", () => { if (!b(1)) throw new Error("no"); });
`,
  "near_test.ts": `import "./a.ts"; import "./c.ts"; Deno.test("nothing", () => {});\n`,
  "next_test.ts": `import "./a.ts"; import "./c.ts"; Deno.test("nothing", () => {});\n`,
  "broken_test.ts": `import "./b.ts"; Deno.test("never", () => { throw new Error("always"); });\n`,
};

/** A small project in a folder of its own, known to git but for one file that is not added yet. */
async function project(): Promise<AsyncDisposable & { root: string }> {
  const root = await Deno.makeTempDir({ prefix: "habilita-test-" });
  for (const [file, text] of Object.entries(PROJECT)) {
    await Deno.mkdir(dirname(join(root, file)), { recursive: true });
    await Deno.writeTextFile(join(root, file), text);
  }
  for (const args of [["init", "-q"], ["add", "a.ts", "deno.json", ".gitignore"]]) {
    const { success } = await new Deno.Command("git", { args, cwd: root }).output();
    assert(success);
  }
  return { root, [Symbol.asyncDispose]: () => Deno.remove(root, { recursive: true }) };
}

/** Every file below a folder with its text and the time of its last change. */
async function everyFile(root: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isFile } of Deno.readDir(root)) {
    if (!isFile) continue;
    const { mtime } = await Deno.stat(join(root, name));
    found.push(`${name} ${mtime?.getTime()} ${await Deno.readTextFile(join(root, name))}`);
  }
  return found.sort();
}

function mutantOf(file: string, line: number, replacement: string): Mutant {
  return findMutants(file, PROJECT[file]!)
    .find((each) => each.line === line && each.replacement === replacement)!;
}

/** Hunts with two copies; all but the three nearest tests are left to the second round. */
async function huntIn(root: string, mutants: Mutant[], limit = 20_000) {
  const files = await readTree(root);
  const graph = readImports(files);
  const all = new Set([...files.keys()].filter((file) => file.endsWith("_test.ts")));
  const [one, two] = [await copyTree(root, files), await copyTree(root, files)];
  await using _one = one;
  await using _two = two;
  const broken: string[] = [];
  const found = await hunt(mutants, {
    copies: [one, two],
    testsOf: ({ file }) => testsOf(file, graph, all),
    limit,
    nearFor: 0,
    onBroken: (test) => broken.push(test),
  });
  return { kills: mutants.map((mutant) => found.get(mutant)), broken };
}

Deno.test("the nearest test that fails is named; who is not noticed survives", async () => {
  await using own = await project();
  const mutants = [
    mutantOf("a.ts", 2, ">="),
    mutantOf("a.ts", 3, "<="),
    mutantOf("a.ts", 2, "{}"),
    mutantOf("c.ts", 1, ">="),
    mutantOf("b.ts", 3, "!=="),
    mutantOf("b.ts", 3, "2"),
  ];
  const { kills, broken } = await huntIn(own.root, mutants);
  assertEquals(kills, [
    { test: "a_test.ts", failed: "three are few" },
    null,
    // Not among the nearest three: found with the next one, which lives, in the same tree.
    { test: "b_test.ts", failed: "four are many" },
    null,
    { test: "b_test.ts", failed: "one is one" },
    { test: "b_test.ts", failed: "one is one" },
  ]);
  assertEquals(broken, ["broken_test.ts"]);
});

Deno.test("a test that does not end is ended, and has noticed", async () => {
  await using own = await project();
  const endless = { ...mutantOf("a.ts", 3, "<="), replacement: "!== 0.5 || n <" };
  const { kills } = await huntIn(own.root, [endless], 3_000);
  assertStringIncludes(kills[0]!.failed, "no end after 3 s");
});

Deno.test("the tree itself is not touched, and nothing is left behind", async () => {
  await using own = await project();
  const before = await everyFile(own.root);
  const copies = async () =>
    (await Array.fromAsync(Deno.readDir(dirname(own.root))))
      .filter(({ name }) => name.startsWith("habilita-mutate-")).length;
  const atFirst = await copies();
  await huntIn(own.root, [mutantOf("b.ts", 3, "0")]);
  assertEquals(await everyFile(own.root), before);
  assertEquals(await copies(), atFirst);
});

Deno.test("a copy has the files that git does not know yet, and not those it leaves out", async () => {
  await using own = await project();
  const files = await readTree(own.root);
  assertEquals([...files.keys()], Object.keys(PROJECT).filter((f) => f !== "secret.txt").sort());
});

Deno.test("when it is stopped, the tests under way are ended", async () => {
  await using own = await project();
  const stopped = new AbortController();
  await using copy = await copyTree(own.root, await readTree(own.root), stopped.signal);
  await copy.write([{ ...mutantOf("a.ts", 2, "{}"), replacement: "for (;;);" }]);
  setTimeout(() => stopped.abort(new Error("stopped")), 300);
  await assertRejects(() => copy.test("a_test.ts", 60_000), Error, "stopped");
});
