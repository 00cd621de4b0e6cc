import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { App, staticFiles } from "fresh";
import { Builder } from "fresh/dev";
import { app } from "./fixture/main.ts";

const ROOT = new URL("./fixture", import.meta.url).pathname;

// Made once, as upstream's documentation advises for tests.
const apply = await new Builder({ root: ROOT }).build({ snapshot: "memory" });
apply(app);
const handler = app.handler();

function ask(path: string, init?: RequestInit): Promise<Response> {
  return handler(new Request(`http://localhost${path}`, init));
}

const bodyOf = async (path: string) =>
  /<body>([\s\S]*?)<\/body>/.exec(await (await ask(path)).text())![1]!;

Deno.test("file routes are found, the more specific ones first", async () => {
  const pages: Record<string, string> = {
    "/": `<main data-trail="main"><h1>Home &amp; away</h1></main>`,
    "/blog/new": `<main data-trail="main"><h1>new</h1></main>`,
    "/blog/a%20b": `<main data-trail="main"><h1>a b</h1></main>`,
    "/blog/x/y": `<main data-trail="main"><h1>rest: x/y</h1></main>`,
    "/about": `<article><h1>about</h1></article>`,
    "/bare/kind@2": `<i>kind 2</i>`,
    "/admin": `<main data-trail="main,admin"><h1>Admin</h1></main>`,
  };
  for (const [path, body] of Object.entries(pages)) assertEquals(await bodyOf(path), body, path);
});

Deno.test("special files and folders are no routes", async () => {
  const paths = [
    "/_app",
    "/_layout",
    "/_middleware",
    "/admin/_middleware",
    "/index",
    "/(info)/about",
    "/parts/(_islands)/Local",
    "/parts/(_parts)/helper",
    "/parts/Local",
  ];
  for (const path of paths) {
    const response = await ask(path);
    assertEquals(response.status, 404, path);
    await response.body?.cancel();
  }
});

Deno.test("error pages are rendered within the layouts, with the headers of middlewares", async () => {
  const logged = console.error;
  console.error = () => {};
  try {
    const cases: [string, string, number, string][] = [
      ["GET", "/nothing", 404, `<p class="missing">/nothing</p>`],
      ["GET", "/%zz", 400, `<p class="error">status 400</p>`],
      ["DELETE", "/admin", 405, `<p class="error">status 405</p>`],
      ["GET", "/admin?forbidden", 403, `<p class="error">status 403</p>`],
      ["GET", "/admin/fault", 500, `<p class="error">fault</p>`],
    ];
    for (const [method, path, status, body] of cases) {
      const response = await ask(path, { method });
      assertEquals(response.status, status, path);
      assertMatch(response.headers.get("content-security-policy")!, /'nonce-/);
      assertStringIncludes(await response.text(), body);
    }
    const fault = await ask("/admin/fault");
    assertEquals(fault.headers.get("x-admin"), "yes");
    await fault.body?.cancel();
  } finally {
    console.error = logged;
  }
});

Deno.test("a redirect that a handler made by hand gets the headers too", async () => {
  const response = await ask("/admin", { method: "POST" });
  assertEquals(response.status, 303);
  assertEquals(response.headers.get("location"), "http://localhost/admin");
  assertMatch(response.headers.get("content-security-policy")!, /'nonce-/);
});

Deno.test("a page without an island has no JavaScript, one with islands a few KB", async () => {
  assertEquals((await (await ask("/")).text()).includes("<script"), false);

  const response = await ask("/island");
  const html = await response.text();
  const scripts = [...response.headers.get("link")!.matchAll(/<([^>]+)>/g)].map((m) => m[1]!);
  assert(scripts.length >= 3);
  let bytes = await gzipped(/<script[^]*<\/script>/.exec(html)![0]);
  for (const path of scripts) {
    const script = await ask(path);
    assertEquals(script.headers.get("cache-control"), "public, max-age=31536000, immutable");
    assertEquals(script.headers.get("content-type"), "text/javascript; charset=UTF-8");
    bytes += await gzipped(await script.text());
  }
  assert(bytes < 8 * 1024, `${bytes} bytes`);
});

async function gzipped(text: string): Promise<number> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return (await new Response(stream).arrayBuffer()).byteLength;
}

Deno.test("islands of a (_islands) folder are islands", async () => {
  const html = await (await ask("/parts/local")).text();
  assertMatch(html, /<!--frsh:0--><em>local<\/em><!--\/frsh-->/);
  assertMatch(html, /import\{default as i0\}from"\/_fresh\/js\/[0-9a-f]{16}\/Local\.js"/);
});

Deno.test("an app without a build has its own routes, and no others", async () => {
  const bare = new App<unknown>().use(staticFiles()).get("/x", () => new Response("x")).fsRoutes()
    .handler();
  assertEquals(await (await bare(new Request("http://localhost/x"))).text(), "x");
  for (const path of ["/", "/style.css"]) {
    const response = await bare(new Request(`http://localhost${path}`));
    assertEquals(response.status, 404);
    await response.body?.cancel();
  }
});

/** Runs a command in the fixture and gives back what it printed. */
async function deno(...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: ROOT,
    stdout: "piped",
    stderr: "piped",
  }).output();
  const text = new TextDecoder();
  assert(success, text.decode(stderr));
  return text.decode(stdout);
}

Deno.test("a build on disk replaces the earlier one and serves with few permissions", async () => {
  const out = `${ROOT}/_fresh`;
  try {
    const leftover = `${out}/static/_fresh/js/0123456789abcdef/Old.js`;
    await Deno.mkdir(leftover.replace("/Old.js", ""), { recursive: true });
    await Deno.writeTextFile(leftover, "old");
    await deno("run", "-A", "dev.ts", "build");
    const first = await Deno.readTextFile(`${out}/server.js`);
    await deno("run", "-A", "dev.ts", "build");
    assertEquals(await Deno.readTextFile(`${out}/server.js`), first, "not reproducible");

    const written = await Array.fromAsync(walk(out));
    assertEquals(written.some((path) => path.includes("Old.js")), false);
    assertEquals(written.some((path) => /metafile|\.map$/.test(path)), false);
    assertEquals(first.includes(ROOT), false, "knows where it was built");

    const { modules } = JSON.parse(await deno("info", "--json", "_fresh/server.js"));
    const loaded = JSON.stringify(modules);
    assert(loaded.includes("preact-render-to-string"));
    assertEquals(/esbuild|fresh\/src\/dev/.test(loaded), false, "loads build tools");

    await serving(async (origin) => {
      const home = await fetch(`${origin}/`);
      assertMatch(await home.text(), /style\.css\?__frsh_c=[0-9a-f]{16}/);
      const page = await fetch(`${origin}/island`);
      const [, script] = /<([^>]+Counter\.js)>/.exec(page.headers.get("link")!)!;
      await page.body?.cancel();
      assertStringIncludes(await (await fetch(origin + script)).text(), "Count: ");
      for (const path of ["/_fresh/server.js", "/server.js", "/_fresh/metafile.json", "/%zz"]) {
        const response = await fetch(origin + path);
        assertEquals(response.status, path === "/%zz" ? 400 : 404, path);
        await response.body?.cancel();
      }
    });
  } finally {
    await Deno.remove(out, { recursive: true });
  }
});

async function* walk(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) yield* walk(`${folder}/${name}`);
    else yield `${folder}/${name}`;
  }
}

async function serving(test: (origin: string) => Promise<void>): Promise<void> {
  const server = new Deno.Command(Deno.execPath(), {
    args: ["serve", "--allow-net", "--allow-read=.", "--allow-env", "--port=0", "_fresh/server.js"],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const lines = server.stderr.pipeThrough(new TextDecoderStream());
  try {
    let printed = "";
    for await (const text of lines.values({ preventCancel: true })) {
      printed += text;
      const port = /http:\/\/[^:]+:(\d+)\//.exec(printed)?.[1];
      if (port === undefined) continue;
      await test(`http://localhost:${port}`);
      return;
    }
    throw new Error(`The server did not start: ${printed}`);
  } finally {
    server.kill();
    await lines.cancel();
    await server.status;
  }
}
