import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { keys } from "../keys.ts";
import { setMaintenance } from "../maintenance.ts";
import { FILE_NAME } from "../file.ts";
import { openStore } from "../open.ts";
import { MaintenanceError, transact } from "../transact.ts";
import { fill, momentOf, startWriters } from "./ledger_testing.ts";
import { makeBackup } from "./make.ts";
import { BackupRefused } from "./messages.ts";
import { readBackup } from "./read.ts";
import { expiryOf } from "./remote.ts";
import { entriesIn, NOW, tempFolder } from "./testing.ts";
import type { AccountId } from "../records/account.ts";

const DAY = 24 * 60 * 60_000;

/** A job on a store that is read call by call, as one over the network is. */
const jobOf = (folder: string, name: string) => ({
  source: { address: join(folder, "data", FILE_NAME) },
  target: { file: join(folder, name), part: join(folder, `${name}.part`), key: null },
  now: NOW,
});

const ID = "01JBSK0Z00ABCDEFGHJKMNPQRS" as AccountId;

Deno.test("over many calls: one moment in maintenance, else the file says that it is none", async () => {
  await using folder = await tempFolder();
  using kv = await openStore(join(folder.path, "data"));
  await fill(kv, 3_000);
  await using writers = startWriters(kv, 0);
  const open = await makeBackup(jobOf(folder.path, "open"), () => {});
  await writers.stop();
  assertEquals(open.pointInTime, false);
  assertEquals((await readBackup(open.file, { key: null })).header.pointInTime, false);

  await setMaintenance({ kv, now: () => NOW }, true);
  let refused = 0;
  const seen: (number | null)[] = [];
  const closed = await makeBackup(jobOf(folder.path, "closed"), (done, total) => {
    seen.push(total);
    transact(kv, (tx) => tx.set(keys.telegramCode(`${done}`), ID)).catch((error) => {
      assert(error instanceof MaintenanceError);
      refused++;
    });
  });
  assertEquals(closed.pointInTime, true);
  assert(refused > 0 && seen.every((total) => total === null));
  const entries = await entriesIn(closed.file);
  momentOf(entries);
  assertEquals(entries.filter(({ key }) => key[0] === keys.telegramCode.family), []);
});

Deno.test("a maintenance that ends meanwhile, even if it begins again, ends the backup", async () => {
  await using folder = await tempFolder();
  using kv = await openStore(join(folder.path, "data"));
  await fill(kv, 2_500);
  const store = { kv, now: () => NOW };
  await setMaintenance(store, true);
  let switched: Promise<unknown> | undefined;
  const job = jobOf(folder.path, "a");
  await assertRejects(
    () =>
      makeBackup(job, () => {
        switched ??= setMaintenance(store, false).then(() => setMaintenance(store, true));
      }),
    BackupRefused,
    "A manutenção terminou",
  );
  await switched;
  assertEquals(await Deno.stat(job.target.file).catch(() => null), null);
});

Deno.test("when a record ends is taken from its value, else from its kind; most stay", () => {
  const cases: [Deno.KvKey, unknown, number | null][] = [
    [keys.session("a"), { expiresAt: NOW + 5 }, NOW + 5],
    [keys.throttle("a", "b"), { attempts: 1, endsAt: NOW + 7 }, NOW + 7],
    [keys.sessionOfAccount(ID, "a"), NOW, NOW + DAY],
    [keys.updateSeen(7), { done: true }, NOW + 2 * DAY],
    [keys.clockReading("a"), { at: NOW, aheadMs: 0, source: "govbr" }, NOW + 60 * 60_000],
    [keys.account(ID), { name: "Rosa" }, null],
    [keys.accountByEmail("a@example.br"), "1", null],
    [keys.audit("portal", 1), { at: NOW }, null],
    [keys.termsAccepted(ID, "2"), NOW, null],
  ];
  for (const [key, value, expected] of cases) {
    assertEquals(expiryOf({ key, value }, NOW), expected, String(key));
  }
});
