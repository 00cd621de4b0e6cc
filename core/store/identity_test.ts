import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ConfigError } from "../config/mod.ts";
import { identityOf } from "./identity.ts";
import { keys } from "./keys.ts";
import { openStore } from "./open.ts";
import { read } from "./read.ts";
import { settingsOf, startCode, withData } from "./testing.ts";

const OTHER = "01JQ3V5Z8K2M4N6P8R0T2W4Y6Z";

Deno.test("a new store has an id, the same each time that it is opened", () =>
  withData(async (data) => {
    const first = await openStore(data);
    const id = identityOf(first)!.id;
    assertEquals((await read(first, keys.storeIdentity()))?.id, id);
    first.close();
    const second = await openStore(settingsOf(data, id));
    assertEquals(identityOf(second)?.id, id);
    second.close();
  }));

Deno.test("two processes that open a new store at once agree on its id, and one of them says it", () =>
  withData(async (data) => {
    const code = `
      import { openStore } from "./open.ts";
      import { identityOf } from "./identity.ts";
      const kv = await openStore(${JSON.stringify(settingsOf(data))});
      console.log(identityOf(kv).id);
      kv.close();
    `;
    const children = [1, 2, 3].map(() => startCode(import.meta.url, code).output());
    const said = await Promise.all(children);
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    const ids = new Set(said.map(({ stdout }) => text(stdout).trim()));
    const errors = said.map(({ stderr }) => text(stderr)).join("");
    assertEquals([ids.size, [...ids][0]?.length], [1, 26], errors);
    assertEquals(errors.trimEnd().split("\n").length, 1, errors);
    assertStringIncludes(errors, `O banco recebeu a identidade ${[...ids][0]}`);
  }));

Deno.test("with an id in the settings another store, or one without an id, is not opened", () =>
  withData(async (data) => {
    (await openStore(data)).close();
    const refuse = (id: string) =>
      assertRejects(() => openStore(settingsOf(data, id)), ConfigError, "HABILITA_STORE_ID");
    const { message } = await refuse(OTHER);
    assertEquals(message.split("\n").length, 1);
    const kv = await openStore(data);
    await kv.delete(keys.storeIdentity());
    kv.close();
    assertStringIncludes((await refuse(OTHER)).message, "vazio ou não tem identidade");
    const again = await openStore(data, { toBeFilled: true });
    assertEquals(await read(again, keys.storeIdentity()), null);
    again.close();
  }));

Deno.test("where the store of the settings is not, none is made", () =>
  withData(async (data) => {
    await assertRejects(() => openStore(settingsOf(data, OTHER)), ConfigError, "HABILITA_DATA");
    assertEquals(await Deno.stat(data).catch(() => null), null);
    await Deno.mkdir(data);
    await assertRejects(() => openStore(settingsOf(data, OTHER)), ConfigError, OTHER);
    assertEquals(await Array.fromAsync(Deno.readDir(data)), []);
  }));

Deno.test("what is to be filled from a backup is opened empty, whatever the settings say", () =>
  withData(async (data) => {
    const kv = await openStore(settingsOf(data, OTHER), { toBeFilled: true });
    assertEquals(await Array.fromAsync(kv.list({ prefix: [] })), []);
    assert(identityOf(kv) === null);
    kv.close();
  }));
