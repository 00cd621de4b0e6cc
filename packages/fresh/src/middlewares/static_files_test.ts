import { assertEquals } from "@std/assert";
import { asset } from "../asset.ts";
import { App, staticFiles } from "../mod.ts";
import { Builder } from "../dev/builder.ts";

/** An app with a static folder of its own, built in memory. */
async function withFiles(
  files: Record<string, string>,
  test: (ask: (path: string, init?: RequestInit) => Promise<Response>) => Promise<void>,
  mode: "production" | "development" = "production",
): Promise<void> {
  const root = await Deno.makeTempDir();
  try {
    for (const [name, content] of Object.entries(files)) {
      const path = `${root}/${name}`;
      await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
      await Deno.writeTextFile(path, content);
    }
    const app = new App<unknown>().use(staticFiles()).get("/page", (ctx) => ctx.text("page"));
    const apply = await new Builder({ root }).build({ snapshot: "memory", mode });
    apply(app);
    const handler = app.handler();
    await test((path, init) => handler(new Request(`http://localhost${path}`, init)));
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

const statusOf = async (response: Promise<Response>) => {
  await (await response).body?.cancel();
  return (await response).status;
};

Deno.test("files of the static folder have their type, and an ETag that answers 304", async () => {
  await withFiles({ "static/a.css": "a{}", "static/x/b.woff2": "font" }, async (ask) => {
    const response = await ask("/a.css");
    assertEquals(response.headers.get("content-type"), "text/css; charset=UTF-8");
    assertEquals(response.headers.get("cache-control"), "no-cache");
    assertEquals(response.headers.get("content-length"), "3");
    assertEquals(response.headers.get("x-content-type-options"), "nosniff");
    assertEquals(await response.text(), "a{}");

    const etag = response.headers.get("etag")!;
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
      const again = await ask("/a.css", { headers: { "if-none-match": known } });
      assertEquals([again.status, again.body, again.headers.get("etag")], [304, null, etag], known);
    }
    for (const other of ['"other"', etag.slice(1, -1), ""]) {
      assertEquals(await statusOf(ask("/a.css", { headers: { "if-none-match": other } })), 200);
    }
    const font = await ask("/x/b.woff2");
    assertEquals(font.headers.get("content-type"), "font/woff2");
    await font.body?.cancel();
  });
});

Deno.test("only an address of this build is kept for good", async () => {
  await withFiles({ "static/a.css": "a{}" }, async (ask) => {
    const old = await ask("/a.css?__frsh_c=older");
    assertEquals(old.headers.get("cache-control"), "no-cache");
    await old.body?.cancel();
    const current = await ask(asset("/a.css"));
    assertEquals(current.headers.get("cache-control"), "public, max-age=31536000, immutable");
    await current.body?.cancel();
  });
});

Deno.test("nothing outside of the folder, hidden or unlisted can be asked for", async () => {
  const files = {
    "static/a.css": "a{}",
    "static/.env": "secret",
    "static/.git/config": "secret",
    "static/.well-known/security.txt": "contact",
    "secret.txt": "secret",
  };
  await withFiles(files, async (ask) => {
    assertEquals(await statusOf(ask("/.well-known/security.txt")), 200);
    const paths = [
      "/../secret.txt",
      "/..%2fsecret.txt",
      "/%2e%2e/secret.txt",
      "/static/a.css",
      "//secret.txt",
      "/secret.txt",
      "/.env",
      "/.git/config",
      "/x/../../secret.txt",
      "/a.css%00.txt",
      "/a.css/",
      "/A.CSS",
    ];
    for (const path of paths) assertEquals(await statusOf(ask(path)), 404, path);
    assertEquals(await statusOf(ask("/..%5csecret%zz")), 400);
  });
});

Deno.test("names are found as browsers ask for them", async () => {
  const names = {
    "static/a b(1)@2x.png": "1",
    "static/100%?.txt": "2",
    "static/ação.txt": "3",
    "static/a,b.txt": "4",
  };
  await withFiles(names, async (ask) => {
    assertEquals(await (await ask("/a b(1)@2x.png")).text(), "1");
    assertEquals(await (await ask("/100%25%3F.txt")).text(), "2");
    assertEquals(await (await ask("/ação.txt")).text(), "3");
    assertEquals(await (await ask("/a,b.txt")).text(), "4");
    // Browsers do not escape a comma; another spelling of a path is another path.
    assertEquals(await statusOf(ask("/a%2Cb.txt")), 404);
  });
});

Deno.test("files are read, not written to, and other paths go on", async () => {
  await withFiles({ "static/a.css": "a{}" }, async (ask) => {
    const post = await ask("/a.css", { method: "POST" });
    assertEquals([post.status, post.headers.get("allow")], [405, "GET, HEAD"]);
    await post.body?.cancel();
    const head = await ask("/a.css", { method: "HEAD" });
    assertEquals([head.status, head.body, head.headers.get("content-length")], [200, null, "3"]);
    assertEquals(await (await ask("/page")).text(), "page");
  });
});

Deno.test("during development nothing is kept", async () => {
  await withFiles({ "static/a.css": "a{}" }, async (ask) => {
    const response = await ask("/a.css");
    assertEquals(response.headers.get("cache-control"), "no-store");
    assertEquals(response.headers.get("etag"), null);
    await response.body?.cancel();
  }, "development");
});
