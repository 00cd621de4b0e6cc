import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { ConfigError } from "../config/mod.ts";
import { openStore } from "./open.ts";
import { settingsOf } from "./testing.ts";

Deno.test("a file in the folder, which is made when missing; what was stored is there again", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const data = join(folder, "a", "b");
    const first = await openStore(data);
    await first.set(["key"], 1);
    first.close();
    assert((await Deno.stat(join(data, "habilita.sqlite3"))).isFile);
    const second = await openStore(data);
    assertEquals((await second.get(["key"])).value, 1);
    second.close();
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a folder that cannot be one is refused by the name of its setting", async () => {
  const file = await Deno.makeTempFile();
  try {
    await assertRejects(() => openStore(file), ConfigError, "é um arquivo");
    await assertRejects(() => openStore(join(file, "a")), ConfigError, "HABILITA_DATA");
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("a store elsewhere is asked over KV Connect, with its token", async () => {
  const asked = Promise.withResolvers<string | null>();
  // Only the first call of the protocol: who answers is not this portal's own.
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, (request) => {
    asked.resolve(request.headers.get("authorization"));
    return new Response(null, { status: 403 });
  });
  const code = `
    import { openStore } from ${JSON.stringify(new URL("./open.ts", import.meta.url).href)};
    const kv = await openStore({
      HABILITA_KV: "http://127.0.0.1:${server.addr.port}/",
      HABILITA_DATA: "nowhere",
      HABILITA_STORE_ID: null,
      DENO_DEPLOYMENT_ID: null,
    });
    await kv.get(["key"]).catch(() => {});
    Deno.exit(0);
  `;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", "--unstable-kv", code],
    env: { DENO_KV_ACCESS_TOKEN: "segredo" },
    stdout: "null",
    stderr: "null",
  }).spawn();
  try {
    assertEquals(await asked.promise, "Bearer segredo");
  } finally {
    child.kill("SIGKILL");
    await child.status;
    await server.shutdown();
  }
});

Deno.test("a store elsewhere that is not reached is refused by the name of its setting", async () => {
  const where = { ...settingsOf("nowhere"), HABILITA_KV: "http://127.0.0.1:1/" };
  Deno.env.set("DENO_KV_ACCESS_TOKEN", "segredo");
  const refused = await assertRejects(() => openStore(where), ConfigError, "HABILITA_KV")
    .finally(() => Deno.env.delete("DENO_KV_ACCESS_TOKEN"));
  assert(!refused.message.includes("\n"));
});
