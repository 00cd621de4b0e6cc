import { assert, assertEquals, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { setMaintenance } from "../maintenance.ts";
import { keys } from "../keys.ts";
import { read } from "../read.ts";
import { fill, momentOf, startWriters } from "./ledger_testing.ts";
import { BackupRefused } from "./messages.ts";
import { runBackup } from "./run.ts";
import { entriesIn, KEY, NOW, openIn, storeIn, tempFolder } from "./testing.ts";

const names = async (folder: string) =>
  (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).sort();

Deno.test("a backup of a store that is written to is one moment of it, and is noted", async () => {
  await using folder = await tempFolder();
  const { kv, where } = await openIn(join(folder.path, "data"));
  using _ = kv;
  await fill(kv, 3_000);
  await using writers = startWriters(kv, 0);
  const moments: number[] = [];
  for (const name of ["a", "b", "c"]) {
    const file = join(folder.path, name);
    const before = writers.commits;
    const progress: number[] = [];
    const report = await runBackup(kv, where, { file, part: `${file}.part`, key: KEY }, {
      now: () => NOW,
      onProgress: (done) => progress.push(done),
    });
    const entries = await entriesIn(file, KEY);
    const at = momentOf(entries);
    assert(at >= before && at <= writers.commits, `${before} ${at} ${writers.commits}`);
    assertEquals([report.records, report.pointInTime], [entries.length, true]);
    assertEquals(progress.at(-1), entries.length);
    moments.push(at);
    const { bytes, records } = report;
    assertEquals(await read(kv, keys.backup()), { at: NOW, file, bytes, records });
  }
  await writers.stop();
  assertEquals(new Set(moments).size, 3);
  assertEquals(
    await names(join(folder.path, "data")).then((all) =>
      all.filter((name) => name.startsWith("backup"))
    ),
    [],
  );
  assertEquals(await names(folder.path), ["a", "b", "c", "data"]);
  // What the same test says of a list over many calls.
  await using going = startWriters(kv, 0);
  const listed: Deno.KvEntry<unknown>[] = [];
  for await (const entry of kv.list({ prefix: [] }, { batchSize: 10 })) {
    if (listed.push(entry) !== 1_000) continue;
    const before = going.commits;
    while (going.commits < before + 2) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await going.stop();
  assertThrows(() => momentOf(listed), Error, "not one moment");
});

Deno.test("when each record expires is in the backup, though the runtime does not tell", async () => {
  await using folder = await tempFolder();
  const { kv, where } = await openIn(join(folder.path, "data"));
  using _ = kv;
  const before = Date.now();
  await kv.set(["a"], 1, { expireIn: 60_000 });
  await kv.set(["b"], 2);
  await kv.set(["c"], 3, { expireIn: 1 });
  await kv.set(["d"], 4, { expireIn: 3_600_000 });
  const file = join(folder.path, "a");
  await runBackup(kv, where, { file, part: `${file}.part`, key: null });
  const entries = (await entriesIn(file)).map(({ key, expiresAt }) =>
    [key[0], expiresAt === null ? null : Math.floor((expiresAt - before) / 60_000)] as const
  );
  assertEquals(new Map(entries), new Map([["a", 1], ["b", null], ["c", 0], ["d", 60]]));
  assertEquals(await read(kv, keys.maintenance()), null);
});

Deno.test("what is about the place is left out: maintenance, a restore under way", async () => {
  await using folder = await tempFolder();
  const { kv, where } = await openIn(join(folder.path, "data"));
  using _ = kv;
  await kv.set(["person", "1"], 1);
  await setMaintenance({ kv, now: Date.now }, true);
  const file = join(folder.path, "a");
  await runBackup(kv, where, { file, part: `${file}.part`, key: null });
  assertEquals((await entriesIn(file)).map(({ key }) => key), [["person", "1"]]);
  assertNotEquals(await read(kv, keys.backup()), null);
});

Deno.test("stopped in the middle, or failing: nothing is left, and the next one works", async () => {
  await using folder = await tempFolder();
  const data = join(folder.path, "data");
  const { kv, where } = await openIn(data);
  using _ = kv;
  await fill(kv, 4_000);
  const file = join(folder.path, "a");
  const target = { file, part: `${file}.part`, key: null };
  const stopping = new AbortController();
  await assertRejects(
    () =>
      runBackup(kv, where, target, {
        signal: stopping.signal,
        onProgress: () => stopping.abort(new Error("stopped")),
      }),
    Error,
    "stopped",
  );
  await assertRejects(
    () => runBackup(kv, where, { ...target, part: join(folder.path, "nowhere", "a.part") }),
    Error,
  );
  assertEquals(await names(folder.path), ["data"]);
  assertEquals((await names(data)).filter((name) => name.startsWith("backup")), []);
  assertEquals(await read(kv, keys.backup()), null);
  // What a kill leaves: a copy that nobody holds, and a part.
  await Deno.mkdir(join(data, "backup-1"));
  await Deno.writeTextFile(join(data, "backup-1", "lock"), "");
  await Deno.writeTextFile(join(data, "backup-1", "copy.sqlite3"), "old");
  await Deno.writeTextFile(target.part, "old and longer than nothing".repeat(100_000));
  await runBackup(kv, where, target);
  assertEquals(await names(folder.path), ["a", "data"]);
  assertEquals((await names(data)).filter((name) => name.startsWith("backup")), []);
  assertEquals((await entriesIn(file)).length, 4_000);
});

Deno.test("a copy that another backup is reading stays; two with one name do not mix", async () => {
  await using folder = await tempFolder();
  const data = join(folder.path, "data");
  const { kv, where } = await openIn(data);
  using _ = kv;
  await Deno.mkdir(join(data, "backup-1"));
  using held = await Deno.open(join(data, "backup-1", "lock"), { create: true, write: true });
  await held.lock(true);
  const file = join(folder.path, "a");
  const target = { file, part: `${file}.part`, key: null };
  using part = await Deno.open(target.part, { create: true, write: true });
  await part.lock(true);
  await assertRejects(() => runBackup(kv, where, target), BackupRefused, "Outro backup");
  assert((await names(data)).includes("backup-1"));
  assert((await names(folder.path)).includes("a.part"));
});

Deno.test("a folder without a store is refused, and stays without one", async () => {
  await using folder = await tempFolder();
  using kv = await Deno.openKv(":memory:");
  const target = { file: join(folder.path, "a"), part: join(folder.path, "a.part"), key: null };
  await assertRejects(
    () => runBackup(kv, storeIn(join(folder.path, "nothing")), target),
    BackupRefused,
    "HABILITA_DATA",
  );
  assertEquals(await names(folder.path), []);
});
