import { assertEquals } from "@std/assert";
import { keys } from "../store/keys.ts";
import type { AuditRecord } from "../store/records/audit.ts";
import { transact } from "../store/transact.ts";
import { testDeps } from "@/tests/fixtures/deps.ts";
import { appendAudit } from "./append.ts";
import { verifyStream } from "./chain.ts";

async function portalWithThree() {
  const deps = await testDeps();
  for (const subject of ["a", "b", "c"]) {
    await transact(deps.kv, (tx) =>
      appendAudit(deps, tx, {
        stream: "portal",
        event: "test.happened",
        actor: "system",
        subject,
        detail: { value: 1 },
      }));
  }
  return deps;
}

Deno.test("an untouched chain verifies", async () => {
  using deps = await portalWithThree();
  assertEquals(await verifyStream(deps.kv, "portal"), { records: 3, brokenAt: null });
});

Deno.test("a changed record breaks the chain at its place", async () => {
  using deps = await portalWithThree();
  const entry = await deps.kv.get<AuditRecord>(keys.audit("portal", 2));
  await deps.kv.set(entry.key, { ...entry.value!, detail: { value: 2 } });
  assertEquals(await verifyStream(deps.kv, "portal"), { records: 1, brokenAt: 2 });
});

Deno.test("a removed last record is noticed", async () => {
  using deps = await portalWithThree();
  await deps.kv.delete(keys.audit("portal", 3));
  assertEquals(await verifyStream(deps.kv, "portal"), { records: 2, brokenAt: 3 });
});

Deno.test("a removed record in the middle is noticed", async () => {
  using deps = await portalWithThree();
  await deps.kv.delete(keys.audit("portal", 2));
  assertEquals(await verifyStream(deps.kv, "portal"), { records: 1, brokenAt: 2 });
});
