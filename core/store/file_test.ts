import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { FILE_NAME } from "./file.ts";
import { family } from "./key.ts";
import { openStore } from "./open.ts";
import { probe } from "./probe.ts";
import { startCode, untilSays, withData } from "./testing.ts";
import { transact } from "./transact.ts";
import { StoreUnavailable } from "./unavailable.ts";
import { watchStore } from "./watch.ts";

const count = family<number, []>("count");
const write = (kv: Deno.Kv) => transact(kv, (tx) => tx.set(count(), 1));

/** What may happen to the folder of a store that is open. */
const LOSSES: [what: string, lose: (data: string) => Promise<void>][] = [
  ["the folder is removed", (data) => Deno.remove(data, { recursive: true })],
  ["the folder is moved away", (data) => Deno.rename(data, `${data}-old`)],
  ["the file is replaced by a copy", async (data) => {
    const path = join(data, FILE_NAME);
    await Deno.rename(path, `${path}.old`);
    await new Deno.Command("cp", { args: [`${path}.old`, path] }).output();
  }],
  ["only the log is removed", (data) => Deno.remove(join(data, `${FILE_NAME}-wal`))],
];

for (const [what, lose] of LOSSES) {
  Deno.test(`no write is acknowledged, the probe fails and the watch tells: ${what}`, () =>
    withData(async (data) => {
      const kv = await openStore(data);
      await write(kv);
      const told = Promise.withResolvers<unknown>();
      const stop = watchStore(kv, told.resolve);
      await lose(data);
      const error = await assertRejects(() => write(kv), StoreUnavailable, data);
      assertEquals([error.reason, error.message.split("\n").length], ["gone", 1]);
      const probed = await probe({ kv });
      assert(!probed.ok && probed.reason === "gone");
      assertStringIncludes(String(await told.promise), "não");
      stop();
      kv.close();
    }));
}

Deno.test("a process whose store is gone ends with code 1 within seconds, and says why", () =>
  withData(async (data) => {
    const child = startCode(
      import.meta.url,
      `
      import { openStore } from "./open.ts";
      import { watchStore } from "./watch.ts";
      const kv = await openStore(${JSON.stringify(data)});
      watchStore(kv);
      Deno.serve({ port: 0, onListen: () => console.log("ready") }, () => new Response(""));
    `,
    );
    await untilSays(child, "ready");
    const begun = performance.now();
    await Deno.remove(data, { recursive: true });
    const { code } = await child.status;
    const said = await new Response(child.stderr).text();
    assertEquals([code, said.trimEnd().split("\n").length], [1, 1], said);
    assertStringIncludes(said, "HABILITA_DATA");
    assert(performance.now() - begun < 5_000);
    await child.stdout.cancel();
  }));
