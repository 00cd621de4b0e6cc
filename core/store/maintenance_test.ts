import { assertEquals, assertRejects } from "@std/assert";
import { family } from "./key.ts";
import { readMaintenance, setMaintenance } from "./maintenance.ts";
import { read } from "./read.ts";
import { MaintenanceError, transact } from "./transact.ts";

const count = family<number, []>("count");

const increment = (kv: Deno.Kv) =>
  transact(kv, async (tx) => tx.set(count(), (await tx.get(count()) ?? 0) + 1));

Deno.test("in maintenance nothing is committed; it is switched once, and back", async () => {
  using kv = await Deno.openKv(":memory:");
  let time = 1_000;
  const store = { kv, now: () => time };
  await increment(kv);
  assertEquals(await setMaintenance(store, true), null);
  time = 2_000;
  assertEquals(await setMaintenance(store, true), { since: 1_000 });
  assertEquals(await readMaintenance(store), { since: 1_000 });
  await assertRejects(() => increment(kv), MaintenanceError, "maintenance off");
  assertEquals(await read(kv, count()), 1);
  assertEquals(await setMaintenance(store, false), { since: 1_000 });
  await increment(kv);
  assertEquals(await read(kv, count()), 2);
});

Deno.test("a change that had begun before the maintenance is not committed in it", async () => {
  using kv = await Deno.openKv(":memory:");
  const changing = transact(kv, async (tx) => {
    await tx.get(count());
    await setMaintenance({ kv, now: Date.now }, true);
    tx.set(count(), 1);
  });
  await assertRejects(() => changing, MaintenanceError);
  assertEquals(await read(kv, count()), null);
});
