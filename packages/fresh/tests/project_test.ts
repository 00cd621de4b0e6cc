import { assert, assertEquals, assertRejects } from "@std/assert";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { Builder } from "fresh/dev";

type Ask = (path: string, init?: RequestInit) => Promise<Response>;

/** Writes a project to a folder of its own, which is gone after the test. */
async function withProject(
  files: Record<string, string>,
  test: (root: string) => Promise<void>,
): Promise<void> {
  const root = await Deno.makeTempDir();
  try {
    for (const [name, content] of Object.entries(files)) {
      const path = `${root}/${name}`;
      await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
      await Deno.writeTextFile(path, content);
    }
    await test(root);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

const MAIN = `import { App, staticFiles } from "fresh";
export const app = new App().use(staticFiles()).fsRoutes();`;
const CSS = "a { color: red }\n".repeat(200);
const FILES = {
  "main.ts": MAIN,
  "static/a.css": CSS,
  "static/b.css": CSS,
  "static/small.css": "a{}",
  "static/page.html": "<p>page</p>".repeat(200),
  "static/image.png": "not really ".repeat(200),
  "islands/Box.ts": `export default () => ${JSON.stringify("text ".repeat(200))};`,
};

/** Builds on disk, as for production, and asks the server that was written. */
async function built(test: (ask: Ask, root: string) => Promise<void>): Promise<void> {
  await withProject(FILES, async (root) => {
    await new Builder({ root }).build();
    const { default: server } = await import(`${root}/_fresh/server.js`);
    await test((path, init) => server.fetch(new Request(`http://localhost${path}`, init)), root);
  });
}

const accepting = (value: string, more = {}) => ({
  headers: { "accept-encoding": value, ...more },
});

Deno.test("files are compressed by the build and sent as the client accepts them", async () => {
  await built(async (ask) => {
    const cases: [string | null, "br" | "gzip" | null][] = [
      [null, null],
      ["", null],
      ["br", "br"],
      ["gzip", "gzip"],
      ["gzip, deflate, br, zstd", "br"],
      ["BR", "br"],
      ["gzip;q=1.0, br;q=0.5", "gzip"],
      ["br;q=0.5,gzip; q=0.4", "br"],
      ["br;q=0, gzip", "gzip"],
      ["br;q=0.000, gzip;q=0", null],
      ["identity, br;q=0.5", null],
      ["*", "br"],
      ["*;q=0", null],
      ["br;q=0, *", "gzip"],
      ["identity;q=0, gzip;q=0.1", "gzip"],
      ["identity;q=0", null],
      ["br;q=nonsense", null],
      ["deflate, zstd", null],
      ["brotli, xgzip", null],
    ];
    for (const [accept, encoding] of cases) {
      const response = await ask("/a.css", accept === null ? {} : accepting(accept));
      const { headers } = response;
      const bytes = await response.bytes();
      assertEquals(headers.get("content-encoding"), encoding, `${accept}`);
      assertEquals(headers.get("vary"), "accept-encoding", `${accept}`);
      assertEquals(headers.get("content-type"), "text/css; charset=UTF-8");
      assertEquals(headers.get("content-length"), String(bytes.length));
      const content = encoding === "br"
        ? brotliDecompressSync(bytes)
        : encoding === "gzip"
        ? gunzipSync(bytes)
        : bytes;
      assertEquals(new TextDecoder().decode(content), CSS);
      assert(encoding === null || bytes.length < CSS.length / 10);
    }
  });
});

Deno.test("each encoding has its own ETag, which answers 304 for it and no other", async () => {
  await built(async (ask) => {
    const etags = new Map<string, string>();
    for (const accept of ["identity", "gzip", "br"]) {
      const response = await ask("/a.css", accepting(accept));
      await response.body?.cancel();
      etags.set(accept, response.headers.get("etag")!);
    }
    assertEquals(new Set(etags.values()).size, 3);
    for (const [known, etag] of etags) {
      for (const tag of [etag, `W/${etag}`, `"x", ${etag}`]) {
        for (const accept of etags.keys()) {
          const response = await ask("/a.css", accepting(accept, { "if-none-match": tag }));
          await response.body?.cancel();
          assertEquals(response.status, known === accept ? 304 : 200, `${tag} ${accept}`);
          assertEquals(response.headers.get("etag"), etags.get(accept)!);
          assertEquals(response.headers.get("vary"), "accept-encoding");
        }
      }
    }
  });
});

Deno.test("HEAD says what GET would send", async () => {
  await built(async (ask) => {
    const get = await ask("/a.css", accepting("br"));
    const head = await ask("/a.css", { method: "HEAD", ...accepting("br") });
    assertEquals([...head.headers], [...get.headers]);
    assertEquals(head.headers.get("content-encoding"), "br");
    assertEquals([head.status, head.body], [200, null]);
    assertEquals((await get.bytes()).length, Number(head.headers.get("content-length")));
  });
});

Deno.test("scripts are compressed; HTML, images and what gets no smaller are not", async () => {
  await built(async (ask, root) => {
    for (const path of ["/small.css", "/page.html", "/image.png"]) {
      const { headers, body } = await ask(path, accepting("br, gzip"));
      await body?.cancel();
      assertEquals([headers.get("content-encoding"), headers.get("vary")], [null, null], path);
    }
    const source = await Deno.readTextFile(`${root}/_fresh/server.js`);
    const [script] = /\/_fresh\/js\/[0-9a-f]+\/Box\.js/.exec(source)!;
    const response = await ask(script, accepting("br"));
    assertEquals(response.headers.get("content-encoding"), "br");
    assert(brotliDecompressSync(await response.bytes()).includes("text text"));
  });
});

Deno.test("what is compressed cannot be asked for by a name of its own", async () => {
  await built(async (ask, root) => {
    const names = await Array.fromAsync(Deno.readDir(`${root}/_fresh/static`), (e) => e.name);
    assert(names.some((name) => name.endsWith(".br")));
    for (const path of [...names.map((n) => `/${n}`), ...names.map((n) => `/_fresh/static/${n}`)]) {
      const response = await ask(path);
      await response.body?.cancel();
      assertEquals(response.status, 404, path);
    }
  });
});

const handler = "export const handler = { GET: () => new Response() };";
const component = "export default () => null;";
/** Files of the routes folder that a build refuses by the names that they export. */
const MISSING: Record<string, [string, string]> = {
  "_middleware": ["export const middleware = () => {};", "neither a handler nor a default"],
  "_layout": [handler, "exports no default component"],
  "_app": ["export const App = () => null;", "exports no default component"],
  "in/_layout": [`${handler} ${component}`, "exports a handler, and has none"],
  "_error": ["export const config = {};", "neither a handler nor a default"],
  "_404": ["", "neither a handler nor a default"],
  "admin/[id]": ["export const hander = { GET() {} };", "neither a handler nor a default"],
};
/** And those that it refuses, or the start of what it wrote does, by their kinds. */
const WRONG: Record<string, [string, string]> = {
  "_middleware": ["export default [() => new Response(), 1];", "else than a middleware"],
  "in/_middleware": ["export const handler = { GET() {} };", "else than a middleware"],
  "_layout": ["export default {};", "default export is no component"],
  "_app": ["export default 'text';", "default export is no component"],
  "_error": ["export default 1;", "default export is no component"],
  "_404": ["export const handler = 'x';", "neither a function nor functions by method"],
  "a": ["export const handler = { get() {} };", "neither a function nor functions by method"],
  "b": ["export const handler = {};", "neither a function nor functions by method"],
  "c": ["export const handlers = { GET: new Response() };", "neither a function nor functions by"],
  "d": [`export const config = 'x'; ${component}`, "config is no object"],
};

Deno.test("a file of the routes folder that lacks what it is for fails the build, by its name", async () => {
  for (const [path, [source, message]] of Object.entries({ ...MISSING, ...WRONG })) {
    await withProject({ "main.ts": MAIN, [`routes/${path}.ts`]: source }, async (root) => {
      const builder = new Builder({ root });
      const expected = [Error, `routes/${path}: `, path] as const;
      const memory = await assertRejects(() => builder.build({ snapshot: "memory" }), ...expected);
      assert(memory.message.includes(message), memory.message);
      const onDisk = async () => {
        await builder.build();
        // The build runs nothing of the project: kinds are known when the server starts.
        await import(`${root}/_fresh/server.js`);
      };
      if (path in MISSING && MISSING[path]![0] === source) {
        await assertRejects(() => builder.build(), ...expected);
      } else {
        const atStart = await assertRejects(onDisk, ...expected);
        assert(atStart.message.includes(message), atStart.message);
      }
    });
  }
});

Deno.test("files with what they need are taken, however they export it", async () => {
  const routes = {
    "_middleware": "const run = (ctx) => ctx.next(); export { run as default };",
    "in/_middleware": "export const handler = [(ctx) => ctx.next()];",
    "_layout": `export { default } from "../shared.ts";`,
    "_error": "export default function Failed() { return null; }",
    "a": "export const handlers = { GET: () => new Response('a') };",
    "b": "export async function handler() { return new Response('b'); }",
    "c": "export default class Page { render() { return null; } }",
    "in/d": component,
  };
  const files = Object.entries(routes).map(([path, source]) => [`routes/${path}.ts`, source]);
  const shared = { "main.ts": MAIN, "shared.ts": component };
  await withProject({ ...shared, ...Object.fromEntries(files) }, async (root) => {
    await new Builder({ root }).build();
    const { default: server } = await import(`${root}/_fresh/server.js`);
    for (const path of ["/a", "/b", "/c", "/in/d"]) {
      const response = await server.fetch(new Request(`http://localhost${path}`));
      await response.body?.cancel();
      assertEquals(response.status, 200, path);
    }
  });
});
