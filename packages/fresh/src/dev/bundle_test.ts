import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { type Bundle, bundle } from "./bundle.ts";
import { withoutVersion } from "./resolve.ts";

const MEMBER = { imports: { "@/": "./", "single": "./lib/single.ts", "far": "jsr:@far/away@1" } };
const WORKSPACE = { imports: { "tiny": "npm:@scope/tiny@^1.2.0", "single": "./wrong.ts" } };

/** Bundles the islands of a member of a workspace that exists only for the test. */
async function bundled(
  files: Record<string, string>,
  check: (bundle: Bundle, out: string) => Promise<void> | void,
): Promise<void> {
  const workspace = await Deno.makeTempDir();
  const root = join(workspace, "member");
  try {
    const all: Record<string, string> = {
      "../deno.json": JSON.stringify(WORKSPACE),
      "../node_modules/@scope/tiny/package.json": '{"main":"index.js"}',
      "../node_modules/@scope/tiny/index.js": "exports.tiny = 'tiny'",
      "../node_modules/@scope/tiny/deep.js": "exports.deep = 'deep'",
      "deno.json": JSON.stringify(MEMBER),
      "lib/single.ts": "export const single: string = 'single'",
      "lib/word.ts": "export const word = 'word'",
      ...files,
    };
    for (const [name, content] of Object.entries(all)) {
      const path = join(root, name);
      await Deno.mkdir(join(path, ".."), { recursive: true });
      await Deno.writeTextFile(path, content);
    }
    const islands = Object.keys(files).filter((name) => name.startsWith("islands/"));
    const result = await bundle({
      root,
      islands: islands.map((name) => join(root, name)),
      development: false,
      target: "chrome99",
    });
    const out = join(root, "out");
    await Deno.mkdir(out);
    for (const [name, content] of result.scripts) await Deno.writeFile(join(out, name), content);
    await check(result, out);
  } finally {
    await Deno.remove(workspace, { recursive: true });
  }
}

Deno.test("imports are found as deno.json has them, and the one of the workspace", async () => {
  const source = `
    import { word } from "@/lib/word.ts";
    import { single } from "single";
    import { tiny } from "tiny";
    import { deep } from "tiny/deep.js";
    export default () => [word, single, tiny, deep].join();`;
  await bundled({ "islands/All.ts": source }, async (_, out) => {
    const { default: all } = await import(`${out}/All.js`);
    assertEquals(all(), "word,single,tiny,deep");
  });
});

Deno.test("what Node has built in is empty in the browser", async () => {
  const files = {
    "lib/legacy.cjs": `
      let crypto = null;
      try { crypto = require("crypto"); } catch {}
      exports.hasNode = Boolean(crypto && crypto.randomBytes) || Boolean(require("node:fs").open);`,
    "islands/Legacy.ts": `import legacy from "@/lib/legacy.cjs";
      export default () => legacy.hasNode;`,
  };
  await bundled(files, async (_, out) => {
    const { default: hasNode } = await import(`${out}/Legacy.js`);
    assertEquals(hasNode(), false);
  });
});

Deno.test("what is imported later is a script of its own, what is shared is one too", async () => {
  const files = {
    "islands/A.ts": `import { word } from "@/lib/word.ts"; export default () => word;
      export const later = () => import("@/lib/later.ts");`,
    "islands/B.ts": `import { word } from "@/lib/word.ts"; export default () => word + 2;`,
    "lib/later.ts": `export const later = "only when it is needed";`,
  };
  await bundled(files, ({ scripts, islands }) => {
    const holding = (text: string) =>
      [...scripts].filter(([, content]) => new TextDecoder().decode(content).includes(text))
        .map(([name]) => name);
    const later = holding("only when it is needed");
    assertEquals(later.length, 1);
    assert(later[0]!.startsWith("chunk-"));
    const shared = holding('"word"');
    assertEquals(shared.length, 1);
    for (const island of islands) {
      assert(island.imports.includes(shared[0]!), island.name);
      assertEquals(island.imports.includes(later[0]!), false);
    }
  });
});

Deno.test("in the browser IS_BROWSER is true, and <Head> and asset() are there", async () => {
  const source = `import { asset, Head, IS_BROWSER } from "fresh/runtime";
    export default () => [IS_BROWSER, Head({}), asset("/a.css")];`;
  await bundled({ "islands/Runtime.ts": source }, async (_, out) => {
    const { default: runtime } = await import(`${out}/Runtime.js`);
    assertEquals(runtime(), [true, null, "/a.css"]);
  });
});

Deno.test("the browser's part of fresh/runtime has the names of the server's", async () => {
  const server = await import("../runtime/mod.ts");
  const browser = await import("../runtime/browser.ts");
  assertEquals(Object.keys(browser).sort(), Object.keys(server).sort());
});

Deno.test("islands of one name in two folders keep apart", async () => {
  const files = {
    "islands/Same.ts": "export default () => 1;",
    "islands/deep/Same.ts": "export default () => 2;",
  };
  await bundled(files, ({ islands }) => {
    assertEquals(islands.map(({ script }) => script).sort(), ["Same.js", "Same_2.js"]);
  });
});

Deno.test("without islands there is no script", async () => {
  await bundled({}, ({ scripts }) => assertEquals(scripts.size, 0));
});

Deno.test("what cannot be found or bundled is an error", async () => {
  const cases = {
    "far": 'Could not resolve "jsr:@far/away@1"',
    "jsr:@x/y": 'Could not resolve "jsr:@x/y"',
    "missing": 'Could not resolve "missing"',
    "tiny/none.js": "Could not resolve",
    "@/lib/none.ts": "lib/none.ts",
  };
  for (const [specifier, message] of Object.entries(cases)) {
    const source = `import "${specifier}"; export default () => 1;`;
    await assertRejects(() => bundled({ "islands/Bad.ts": source }, () => {}), Error, message);
  }
});

Deno.test("the longest name that is mapped counts, and the version of a package does not", async () => {
  const files = {
    "deno.json": JSON.stringify({ imports: { "@/": "./", "@/core/": "./other/" } }),
    "other/a.ts": "export const a = 'other';",
    "islands/Map.ts": `import { a } from "@/core/a.ts"; export default () => a;`,
  };
  await bundled(files, async (_, out) => {
    assertEquals((await import(`${out}/Map.js`)).default(), "other");
  });
  assertEquals(withoutVersion("npm:@a/b@^1.2.0/c/d.js"), "@a/b/c/d.js");
  assertEquals(withoutVersion("npm:deno-std@1.4.0"), "deno-std");
  assertEquals(withoutVersion("npm:/b"), "b");
  assertEquals(withoutVersion("b@1"), "b@1");
});
