import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { ConfigError } from "../../config/mod.ts";
import { keys } from "../keys.ts";
import { setMaintenance } from "../maintenance.ts";
import { openStore } from "../open.ts";
import { read } from "../read.ts";
import { MaintenanceError, transact } from "../transact.ts";
import type { BackupEntry } from "./entry.ts";
import { fill, momentOf, startWriters } from "./ledger_testing.ts";
import { BackupRefused } from "./messages.ts";
import { discardRestore, restoreBackup } from "./restore.ts";
import { runBackup } from "./run.ts";
import { backupOf, entriesIn, KEY, NOW, openIn, someEntries, tempFolder } from "./testing.ts";
import type { AccountId } from "../records/account.ts";

const everything = async (kv: Deno.Kv) =>
  (await Array.fromAsync(kv.list({ prefix: [] }))).map(({ key, value }) => ({ key, value }));
const bare = (entries: BackupEntry[]) => entries.map(({ key, value }) => ({ key, value }));
const byKey = (entries: { key: Deno.KvKey }[]) =>
  entries.toSorted((a, b) => JSON.stringify(a.key) < JSON.stringify(b.key) ? -1 : 1);

const options = { key: null, now: () => NOW };
/** The store `kv`, whose nth commit fails as when the process is killed before it. */
function dying(kv: Deno.Kv, nth: number): Deno.Kv {
  let commits = 0;
  return new Proxy(kv, {
    get(target, name) {
      if (name === "atomic") {
        return () => {
          if (++commits >= nth) throw new Error("killed");
          return target.atomic();
        };
      }
      const value = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

const ID = "01JBSK0Z00ABCDEFGHJKMNPQRS" as AccountId;

Deno.test("what was backed up under writes is restored: one moment, record for record", async () => {
  await using folder = await tempFolder();
  const { kv, where } = await openIn(join(folder.path, "data"));
  using _ = kv;
  await fill(kv, 2_500);
  await using writers = startWriters(kv, 0);
  const file = join(folder.path, "a");
  await runBackup(kv, where, { file, part: `${file}.part`, key: KEY });
  await writers.stop();
  {
    using empty = await openStore(join(folder.path, "new"), { toBeFilled: true });
    const phases = new Set<string>();
    const report = await restoreBackup(empty, file, {
      key: KEY,
      onProgress: (phase) => phases.add(phase),
    });
    assertEquals([...phases], ["verify", "restore"]);
    const stored = await everything(empty);
    assertEquals(stored, bare(await entriesIn(file, KEY)));
    assert(momentOf(stored) > 0);
    assertEquals([report.restored, report.resumed], [stored.length, false]);
  }
  // Opened and written to as any store.
  using again = await openStore(join(folder.path, "new"));
  await transact(again, (tx) => tx.set(keys.telegramCode("a"), ID));
});

Deno.test("what has expired stays away, and what will expires", async () => {
  await using folder = await tempFolder();
  const start = Date.now();
  const { file } = await backupOf(folder.path, [
    { key: ["a"], value: 1, expiresAt: start - 1 },
    { key: ["b"], value: 2, expiresAt: start + 3_600_000 },
    { key: ["c"], value: 3, expiresAt: null },
  ]);
  const { kv, where } = await openIn(join(folder.path, "data"));
  using _ = kv;
  const { restored, expired } = await restoreBackup(kv, file, { key: null });
  assertEquals([restored, expired], [2, 1]);
  const second = join(folder.path, "second");
  await runBackup(kv, where, { file: second, part: `${second}.part`, key: null });
  const [b, c] = await entriesIn(second);
  assert(Math.abs(b!.expiresAt! - start - 3_600_000) < 10_000, `${b!.expiresAt}`);
  assertEquals(c!.expiresAt, null);
});

Deno.test("the largest values are divided among commits", async () => {
  await using folder = await tempFolder();
  using kv = await Deno.openKv(":memory:");
  const large: BackupEntry[] = Array.from({ length: 60 }, (_, i) => ({
    key: ["large", i],
    value: crypto.getRandomValues(new Uint8Array(65_000)),
    expiresAt: null,
  }));
  const { file } = await backupOf(folder.path, [...large, ...someEntries(1_300)]);
  const { restored } = await restoreBackup(kv, file, options);
  assertEquals(restored, 1_360);
  assertEquals((await kv.get(["large", 59])).value, large[59]!.value);
});

Deno.test("a store that is not empty is refused and stays as it is", async () => {
  await using folder = await tempFolder();
  const { file } = await backupOf(folder.path, someEntries(10));
  using kv = await Deno.openKv(":memory:");
  await kv.set(["zebra"], 1);
  await setMaintenance({ kv, now: () => 5 }, true);
  const before = await everything(kv);
  await assertRejects(() => restoreBackup(kv, file, options), BackupRefused, "não está vazio");
  assertEquals(await everything(kv), before);
});

Deno.test("a store that knows only itself is empty, and becomes the one of the backup", async () => {
  await using folder = await tempFolder();
  const identity = { key: ["store_identity"], value: { id: "old" }, expiresAt: null };
  const { file } = await backupOf(folder.path, [identity, ...someEntries(2)]);
  using kv = await Deno.openKv(":memory:");
  await kv.set(identity.key, { id: "new" });
  for (let i = 0; i < 10; i++) await kv.set(["store_probe", `${i}`], { at: NOW });
  await restoreBackup(kv, file, options);
  assertEquals((await kv.get(identity.key)).value, { id: "old" });
  using filled = await Deno.openKv(":memory:");
  for (let i = 0; i < 10; i++) await filled.set(["store_probe", `${i}`], { at: NOW });
  await filled.set(["zebra"], 1);
  await assertRejects(() => restoreBackup(filled, file, options), BackupRefused, "não está vazio");
});

Deno.test("a record that comes between the look and the mark is noticed", async () => {
  await using folder = await tempFolder();
  const { file } = await backupOf(folder.path, someEntries(10));
  using kv = await Deno.openKv(":memory:");
  let first = true;
  const late = new Proxy(kv, {
    get(target, name) {
      const value = Reflect.get(target, name, target);
      if (name === "atomic" && first) {
        first = false;
        return () => {
          const atomic = target.atomic();
          const commit = atomic.commit.bind(atomic);
          atomic.commit = async () => (await target.set(["person", "x"], 1), await commit());
          return atomic;
        };
      }
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  await assertRejects(() => restoreBackup(late, file, options), BackupRefused, "não está vazio");
  assertEquals((await everything(kv)).map(({ key }) => key), [["person", "x"]]);
});

Deno.test("damaged, cut or with another key: refused before anything is written", async () => {
  await using folder = await tempFolder();
  using kv = await Deno.openKv(":memory:");
  const { file, bytes } = await backupOf(folder.path, someEntries(500), { key: KEY });
  await assertRejects(() => restoreBackup(kv, file, options), BackupRefused, "HABILITA_BACKUP_KEY");
  const wrong = { ...options, key: `${KEY}x` };
  await assertRejects(() => restoreBackup(kv, file, wrong), BackupRefused, "não é a chave");
  await Deno.truncate(file, bytes - 1);
  await assertRejects(
    () => restoreBackup(kv, file, { ...options, key: KEY }),
    BackupRefused,
    "incompleto",
  );
  assertEquals(await everything(kv), []);
});

Deno.test("killed in the middle: nothing serves the store, and the same file ends it", async () => {
  await using folder = await tempFolder();
  const all = someEntries(2_000).map((entry) => ({ ...entry, expiresAt: null }));
  const { file } = await backupOf(folder.path, all);
  const other = await backupOf(folder.path, someEntries(5), { name: "other" });
  const data = join(folder.path, "data");
  for (const nth of [2, 3, 5]) {
    using kv = await openStore(data, { toBeFilled: true });
    await assertRejects(() => restoreBackup(dying(kv, nth), file, options), Error, "killed");
    // A portal that runs writes nothing, one that is started does not start.
    await assertRejects(
      () => transact(kv, (tx) => tx.set(keys.telegramCode("a"), ID)),
      MaintenanceError,
    );
    const refused = await assertRejects(() => openStore(data), ConfigError, "deno task restore");
    assert(refused.message.includes(file) && !refused.message.includes("\n"));
    await assertRejects(() => restoreBackup(kv, other.file, options), BackupRefused, "pela metade");
  }
  using kv = await openStore(data, { toBeFilled: true });
  assertEquals((await restoreBackup(kv, file, options)).resumed, true);
  assertEquals(byKey(await everything(kv)), byKey(bare(all)));
  (await openStore(data)).close();
});

Deno.test("discarded: empty again, and only what a restore left in the middle", async () => {
  await using folder = await tempFolder();
  const { file } = await backupOf(folder.path, someEntries(1_500));
  using kv = await Deno.openKv(":memory:");
  await assertRejects(() => discardRestore(kv), BackupRefused, "nada foi apagado");
  await assertRejects(() => restoreBackup(dying(kv, 4), file, options), Error, "killed");
  assertEquals(await discardRestore(kv) > 0, true);
  assertEquals(await everything(kv), []);
  await restoreBackup(kv, file, options);
});

Deno.test("of two restores at once the second takes over and the first stops", async () => {
  await using folder = await tempFolder();
  const all = someEntries(1_200).map((entry) => ({ ...entry, expiresAt: null }));
  const { file } = await backupOf(folder.path, all);
  using kv = await Deno.openKv(":memory:");
  let commits = 0;
  // The second one does all its work before the first one's third commit.
  const overtaken = new Proxy(kv, {
    get(target, name) {
      const value = Reflect.get(target, name, target);
      if (name !== "atomic") return typeof value === "function" ? value.bind(target) : value;
      return () => {
        const atomic = target.atomic();
        const commit = atomic.commit.bind(atomic);
        atomic.commit = async () => {
          if (++commits === 3) {
            await restoreBackup(kv, file, options);
            await kv.set(all[600]!.key, "written since");
          }
          return await commit();
        };
        return atomic;
      };
    },
  });
  await assertRejects(() => restoreBackup(overtaken, file, options), BackupRefused, "Outra");
  all[600]!.value = "written since" as never;
  assertEquals(byKey(await everything(kv)), byKey(bare(all)));
});

Deno.test("a maintenance that was on before the restore stays on, one that was not ends with it", async () => {
  await using folder = await tempFolder();
  const { file } = await backupOf(folder.path, someEntries(3));
  for (const on of [true, false]) {
    using kv = await Deno.openKv(":memory:");
    if (on) await setMaintenance({ kv, now: () => 7 }, true);
    await restoreBackup(kv, file, options);
    assertEquals(await read(kv, keys.maintenance()), on ? { since: 7 } : null);
    assertEquals(await read(kv, keys.restoring()), null);
  }
});
