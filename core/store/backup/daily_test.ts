import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { keys } from "../keys.ts";
import { read } from "../read.ts";
import { dailyBackup } from "./daily.ts";
import { dailyName } from "./keep.ts";
import { entriesIn, KEY, NOW, openIn, tempFolder } from "./testing.ts";

const DAY = 24 * 60 * 60_000;
const names = async (folder: string) =>
  (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).sort();

Deno.test("one a day, old ones go, what is not a daily backup stays", async () => {
  await using temp = await tempFolder();
  const { kv, where } = await openIn(join(temp.path, "data"));
  using _ = kv;
  await kv.set(["person", "1"], "Rosa");
  const folder = join(temp.path, "backups");
  await Deno.mkdir(folder);
  await Deno.writeTextFile(join(folder, "antes.backup"), "");
  let time = NOW;
  const run = () => dailyBackup({ kv, now: () => time }, where, { folder, key: KEY });
  const first = (await run())!;
  assertEquals(first.file, join(folder, dailyName(NOW)));
  assertEquals((await entriesIn(first.file, KEY)).map(({ value }) => value), ["Rosa"]);
  assertEquals(await run(), null);
  // Nine days later, with nothing but this backup of the days between.
  for (let i = 1; i < 9; i++) {
    await Deno.copyFile(first.file, join(folder, dailyName(NOW + i * DAY)));
  }
  time = NOW + 9 * DAY;
  assert(await run() !== null);
  const left = await names(folder);
  assertEquals(left.includes("antes.backup"), true);
  // 2026-11-29 was a Sunday; November ended on the 30th, one of the seven days from then on.
  assertEquals(
    left.filter((name) => name.startsWith("habilita")),
    [
      dailyName(NOW + DAY),
      ...Array.from({ length: 7 }, (_, i) => dailyName(NOW + (3 + i) * DAY)),
    ].concat(dailyName(NOW + 2 * DAY)).sort(),
  );
  assertEquals((await read(kv, keys.backup()))!.at, time);
});

Deno.test("a failure is noted with its reason, nothing is left of it, and the next one clears it", async () => {
  await using temp = await tempFolder();
  const { kv, where } = await openIn(join(temp.path, "data"));
  using _ = kv;
  const folder = join(temp.path, "backups");
  let time = NOW;
  const run = () => dailyBackup({ kv, now: () => time }, where, { folder, key: null });
  const logged: string[] = [];
  const { error } = console;
  console.error = (line: string) => logged.push(line);
  try {
    assertEquals(await run(), null);
    time += 1_000;
    assertEquals(await run(), null);
  } finally {
    console.error = error;
  }
  assertEquals(logged.length, 2);
  const failure = (await read(kv, keys.backupFailure()))!;
  assertEquals([failure.since, failure.at], [NOW, NOW + 1_000]);
  assertStringIncludes(failure.reason, "HABILITA_BACKUP_DIR não existe");
  await Deno.mkdir(folder);
  assert(await run() !== null);
  assertEquals(await read(kv, keys.backupFailure()), null);
  assertEquals(await names(folder), [dailyName(time)]);
});

Deno.test("a stop in the middle leaves nothing and is no failure", async () => {
  await using temp = await tempFolder();
  const { kv, where } = await openIn(join(temp.path, "data"));
  using _ = kv;
  const folder = join(temp.path, "backups");
  await Deno.mkdir(folder);
  const place = { folder, key: null };
  const deps = { kv, now: () => NOW };
  assertEquals(await dailyBackup(deps, where, place, AbortSignal.timeout(1)), null);
  assertEquals(await read(kv, keys.backupFailure()), null);
  assertEquals(await names(folder), []);
});
