import { assertEquals } from "@std/assert";
import { keys } from "../store/keys.ts";
import type { AuditRecord } from "../store/records/audit.ts";
import { transact } from "../store/transact.ts";
import { testPortal } from "../testing.ts";
import { appendAudit } from "./append.ts";
import { verifyStream } from "./chain.ts";

async function portalWithThree() {
  const portal = await testPortal();
  for (const subject of ["a", "b", "c"]) {
    await transact(portal.kv, (tx) =>
      appendAudit(portal, tx, {
        stream: "portal",
        event: "test.happened",
        actor: "system",
        subject,
        detail: { value: 1 },
      }));
  }
  return portal;
}

Deno.test("an untouched chain verifies", async () => {
  using portal = await portalWithThree();
  assertEquals(await verifyStream(portal.kv, "portal"), { records: 3, brokenAt: null });
});

Deno.test("a changed record breaks the chain at its place", async () => {
  using portal = await portalWithThree();
  const entry = await portal.kv.get<AuditRecord>(keys.audit("portal", 2));
  await portal.kv.set(entry.key, { ...entry.value!, detail: { value: 2 } });
  assertEquals(await verifyStream(portal.kv, "portal"), { records: 1, brokenAt: 2 });
});

Deno.test("a removed last record is noticed", async () => {
  using portal = await portalWithThree();
  await portal.kv.delete(keys.audit("portal", 3));
  assertEquals(await verifyStream(portal.kv, "portal"), { records: 2, brokenAt: 3 });
});

Deno.test("a removed record in the middle is noticed", async () => {
  using portal = await portalWithThree();
  await portal.kv.delete(keys.audit("portal", 2));
  assertEquals(await verifyStream(portal.kv, "portal"), { records: 1, brokenAt: 2 });
});
