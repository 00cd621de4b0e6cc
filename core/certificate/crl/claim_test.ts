import { assertEquals, assertRejects } from "@std/assert";
import { refuse } from "../../result.ts";
import { testPortal } from "../../testing.ts";
import { fetchOnce, RETRY_AFTER } from "./update.ts";

const LEASE = 600;
const FAILED = refuse("crl_unreachable" as const, { emissor: "AC" });

Deno.test("whoever comes while somebody works shares the outcome", async () => {
  using portal = await testPortal();
  const { promise, resolve } = Promise.withResolvers<typeof FAILED>();
  const begun = Promise.withResolvers<void>();
  const first = fetchOnce(portal, "ac", LEASE, () => (begun.resolve(), promise));
  await begun.promise;
  const others = [1, 2].map(() => fetchOnce(portal, "ac", LEASE, () => Promise.resolve(null)));
  const elsewhere = await fetchOnce(portal, "outra", LEASE, () => Promise.resolve(null));
  assertEquals(elsewhere, null);
  resolve(FAILED);
  assertEquals(await Promise.all([first, ...others]), [FAILED, FAILED, FAILED]);
});

Deno.test("an outcome stands for a while, then there is another attempt", async () => {
  using portal = await testPortal();
  await fetchOnce(portal, "ac", LEASE, () => Promise.resolve(FAILED));
  portal.advance(RETRY_AFTER - 1);
  assertEquals(await fetchOnce(portal, "ac", LEASE, () => Promise.resolve(null)), FAILED);
  portal.advance(1);
  assertEquals(await fetchOnce(portal, "ac", LEASE, () => Promise.resolve(null)), null);
});

Deno.test("work that breaks off is free for the next", async () => {
  using portal = await testPortal();
  await assertRejects(() => fetchOnce(portal, "ac", LEASE, () => Promise.reject(new Error("x"))));
  assertEquals(await fetchOnce(portal, "ac", LEASE, () => Promise.resolve(null)), null);
});

Deno.test("a worker that died is waited for no longer than its lease, then replaced", async () => {
  using portal = await testPortal();
  const { promise: late, resolve } = Promise.withResolvers<null>();
  const begun = Promise.withResolvers<void>();
  const dead = fetchOnce(portal, "ac", LEASE, () => (begun.resolve(), late));
  await begun.promise;
  assertEquals(await fetchOnce(portal, "ac", 0, () => Promise.resolve(null)), undefined);
  portal.advance(LEASE);
  assertEquals(await fetchOnce(portal, "ac", LEASE, () => Promise.resolve(FAILED)), FAILED);
  // It was only slow: what it brings now does not undo what came after it.
  resolve(null);
  await dead;
  assertEquals(await fetchOnce(portal, "ac", LEASE, () => Promise.resolve(null)), FAILED);
});
