import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { delay } from "../delay.ts";
import { fileOf } from "../file.ts";
import { family } from "../key.ts";
import { keys } from "../keys.ts";
import { openStore } from "../open.ts";
import { list, read } from "../read.ts";
import { countInFiles, lockStore, withData } from "../testing.ts";
import { transact } from "../transact.ts";
import { storeBusy } from "../unavailable.ts";
import { compactNightly, compactStore } from "./mod.ts";

const secret = family<{ text: string; filler: string }, [i: number]>("secret");
const kept = family<{ i: number; filler: string }, [writer: number, i: number]>("kept");
const MARK = "MARCA-DO-SEGREDO";
const now = Date.now;

/** Records of many lengths, so that pages split, merge and overflow. */
async function writeAndErase(kv: Deno.Kv, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const filler = "f".repeat((i * 7_919) % (i % 10 === 0 ? 20_000 : 700));
    await transact(kv, (tx) => {
      tx.set(secret(i), { text: `${MARK}-${i}`, filler });
      tx.set(kept(0, i), { i, filler });
    });
  }
  for (let i = 0; i < count; i++) await transact(kv, (tx) => tx.delete(secret(i)));
}

for (const vacuum of [true, false]) {
  const how = vacuum ? "VACUUM" : "with the permissions of the portal";
  Deno.test(`erased is erased, and writers lose nothing meanwhile: ${how}`, () =>
    withData(async (data) => {
      const kv = await openStore(data);
      await writeAndErase(kv, 200);
      assert(await countInFiles(data, MARK) > 100, "the file is known to keep what was deleted");
      let writing = true;
      const acknowledged: number[] = [];
      const writers = [1, 2, 3].map(async (writer) => {
        for (let i = 0; writing; i++) {
          await transact(kv, (tx) => tx.set(kept(writer, i), { i, filler: "w".repeat(i % 900) }));
          acknowledged[writer] = i + 1;
          await read(kv, kept(writer, i));
        }
      });
      await delay(100);
      const done = await compactStore({ kv, now }, { vacuum });
      writing = false;
      await Promise.all(writers);
      if (!done.ok) throw new Error(done.text);
      assertEquals(await countInFiles(data, MARK), 0);
      for (const [writer, count] of [[0, 200], ...[1, 2, 3].map((i) => [i, acknowledged[i]!])]) {
        const found = await Array.fromAsync(list(kv, kept.under(writer!)), ({ value }) => value.i);
        assertEquals(found, Array.from({ length: count! }, (_, i) => i), `writer ${writer}`);
      }
      assertEquals((await read(kv, keys.storeCompaction()))?.after, done.after);
      assert(vacuum ? done.after < done.before : done.after >= done.before);
      kv.close();
      const again = await openStore(data);
      assertEquals((await read(again, kept(0, 10)))?.i, 10);
      again.close();
    }));
}

Deno.test("a store that is busy is left as it is, and it is said", () =>
  withData(async (data) => {
    const kv = await openStore(data);
    await using _lock = await lockStore(data);
    const done = await compactStore({ kv, now }, { patience: 500 });
    if (done.ok) throw new Error("it is not said");
    assertEquals(done.reason, "busy");
    assertStringIncludes(done.text, "tente de novo");
    kv.close();
  }));

Deno.test("a store that is in no folder is its host's", async () => {
  using kv = await Deno.openKv(":memory:");
  const done = await compactStore({ kv, now });
  assert(!done.ok && done.reason === "elsewhere");
});

Deno.test("nothing is begun after the stop; a turn that does not come is a busy store", () =>
  withData(async (data) => {
    const kv = await openStore(data);
    const aborted = { signal: AbortSignal.abort(new Error("stopping")) };
    await assertRejects(() => compactStore({ kv, now }, aborted), Error, "stopping");
    assertEquals(await read(kv, keys.storeCompaction()), null);
    const end = Promise.withResolvers<void>();
    const other = fileOf(kv)!.turns.run(1_000, () => end.promise, storeBusy);
    const done = await compactStore({ kv, now }, { patience: 50 });
    if (done.ok) throw new Error("it is not said");
    assertEquals(done.reason, "busy");
    end.resolve();
    await other;
    kv.close();
  }));

Deno.test("each night once, however the clock was set and however many processes there are", () =>
  withData(async (data) => {
    const kv = await openStore(data);
    const hour = 60 * 60_000;
    const start = 1_800_000_000_000;
    const at = async (time: number) => {
      await compactNightly({ kv, now: () => time });
      return (await read(kv, keys.storeCompaction()))!.at - start;
    };
    assertEquals(await at(start), 0);
    assertEquals(await at(start + hour), 0);
    assertEquals(await at(start - hour), 0);
    assertEquals(await at(start + 24 * hour), 24 * hour);
    assertEquals(await at(start), 0, "after a clock that was a day ahead");
    kv.close();
  }));
