import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { App, staticFiles } from "../mod.ts";
import { Builder } from "./builder.ts";

/** A project with a static file, served for development until the test is over. */
async function developing(
  test: (origin: string, root: string) => Promise<void>,
): Promise<void> {
  const root = await Deno.makeTempDir();
  const stop = new AbortController();
  try {
    await Deno.mkdir(`${root}/static`);
    await Deno.writeTextFile(`${root}/static/a.css`, "a{}");
    const app = new App<unknown>().use(staticFiles())
      .get("/", (ctx) => ctx.html(ctx.config.mode))
      .get("/page", (ctx) => ctx.render(null));
    const { promise, resolve } = Promise.withResolvers<number>();
    await new Builder({ root }).listen(() => Promise.resolve({ app }), {
      port: 0,
      signal: stop.signal,
      onListen: ({ port }) => resolve(port),
    });
    await test(`http://localhost:${await promise}`, root);
  } finally {
    stop.abort();
    await Deno.remove(root, { recursive: true });
  }
}

const read = async (address: string) => await (await fetch(address)).text();

Deno.test("listen serves the app in development mode, with a script that reloads pages", async () => {
  await developing(async (origin) => {
    assertEquals(await read(`${origin}/`), "development");
    const page = await read(`${origin}/page`);
    const [, script] = /<script type="module" src="([^"]+)"><\/script><\/body>/.exec(page)!;
    assert((await read(origin + script)).includes("location.reload()"));
  });
});

Deno.test("pages learn over their socket that a static file is new or changed", async () => {
  await developing(async (origin, root) => {
    const socket = new WebSocket(`${origin.replace("http", "ws")}/_fresh/dev`);
    const next = () =>
      new Promise<string>((resolve) =>
        socket.addEventListener("message", ({ data }) => resolve(data), { once: true })
      );
    const first = await next();

    const changed = next();
    await Deno.writeTextFile(`${root}/static/a.css`, "b{}");
    const second = await changed;
    assertNotEquals(second, first);
    assertEquals(await read(`${origin}/a.css`), "b{}");

    const added = next();
    await Deno.writeTextFile(`${root}/static/b.css`, "c{}");
    assertNotEquals(await added, second);
    assertEquals(await read(`${origin}/b.css`), "c{}");

    const closed = new Promise((resolve) => socket.addEventListener("close", resolve));
    socket.close();
    await closed;
  });
});

Deno.test("what is no socket cannot connect as one", async () => {
  await developing(async (origin) => {
    const response = await fetch(`${origin}/_fresh/dev`);
    assertEquals(response.status, 426);
    await response.body?.cancel();
  });
});

Deno.test("a production build has nothing of the development", async () => {
  const root = await Deno.makeTempDir();
  try {
    const app = new App<unknown>().use(staticFiles()).get("/", (ctx) => ctx.render(null));
    (await new Builder({ root }).build({ snapshot: "memory" }))(app);
    const handler = app.handler();
    const page = await handler(new Request("http://localhost/"));
    assertEquals((await page.text()).includes("<script"), false);
    for (const path of ["/_fresh/dev", "/_fresh/dev.js"]) {
      const response = await handler(new Request(`http://localhost${path}`));
      assertEquals(response.status, 404);
      await response.body?.cancel();
    }
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("a build on disk cannot be applied, as it has loaded nothing", async () => {
  const root = await Deno.makeTempDir();
  try {
    const apply = await new Builder({ root }).build();
    assertThrows(() => apply(new App()), Error, 'snapshot: "memory"');
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("paths of the options count from the root, which counts from the current folder", () => {
  const { config } = new Builder({ root: "some/place/", outDir: "/out", staticDir: "public" });
  assertEquals(config.root, `${Deno.cwd()}/some/place`);
  assertEquals(config.outDir, "/out");
  assertEquals(config.staticDir, `${config.root}/public`);
  assertEquals(config.serverEntry, `${config.root}/main.ts`);
  assertEquals(new Builder({ root: "file:///a%20b" }).config.root, "/a b");
});
