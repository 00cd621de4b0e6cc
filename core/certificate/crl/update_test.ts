import { assertEquals, assertRejects } from "@std/assert";
import type { Portal } from "../../portal.ts";
import { refuse } from "../../result.ts";
import { keys } from "../../store/keys.ts";
import { testPortal } from "../../testing.ts";
import { HOUR, newCrl, serialOf, TIME } from "./testing.ts";
import {
  fetchOnce,
  REFRESH_AFTER,
  REFRESH_BEFORE_END,
  refreshCrls,
  RETRY_AFTER,
} from "./update.ts";
import { ac, codeFor, crlWorld, leaf, root } from "./world_testing.ts";

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

const YEAR = 365 * 24 * HOUR;
const ofRoot = await newCrl(root);
const ofAc = await newCrl(ac);
const later = { number: 2, thisUpdate: new Date(TIME), nextUpdate: new Date(TIME + 48 * HOUR) };
const laterOfRoot = await newCrl(root, later);
const laterOfAc = await newCrl(ac, later);

async function refresh(portal: Portal): Promise<string[]> {
  const failures: string[] = [];
  await refreshCrls(portal, (emissor, code) => failures.push(`${emissor} ${code}`));
  return failures.sort();
}

async function loggedIn(ends = 23 * HOUR) {
  const world = await crlWorld();
  const nextUpdate = new Date(TIME + ends);
  world.serve({
    "/ac.crl": ends === 23 * HOUR ? ofAc : await newCrl(ac, { nextUpdate }),
    "/raiz.crl": ends === 23 * HOUR ? ofRoot : await newCrl(root, { nextUpdate }),
  });
  assertEquals(await codeFor(world.portal), "ok");
  world.asked.length = 0;
  world.serve({ "/ac.crl": laterOfAc, "/raiz.crl": laterOfRoot });
  return world;
}

Deno.test("fresh lists are left alone, old ones fetched anew", async () => {
  await using world = await loggedIn();
  world.portal.advance(REFRESH_AFTER - 1);
  assertEquals(await refresh(world.portal), []);
  assertEquals(world.asked, []);
  world.portal.advance(1);
  assertEquals(await refresh(world.portal), []);
  assertEquals(world.asked.toSorted(), ["crl.example/ac.crl", "crl.example/raiz.crl"]);
  world.serve({});
  world.portal.advance(40 * HOUR);
  assertEquals(await codeFor(world.portal), "ok");
});

Deno.test("a list is fetched anew before it runs out", async () => {
  const ends = 2 * HOUR;
  await using world = await loggedIn(ends);
  world.portal.advance(ends - REFRESH_BEFORE_END - 1);
  await refresh(world.portal);
  assertEquals(world.asked, []);
  world.portal.advance(1 + RETRY_AFTER);
  await refresh(world.portal);
  assertEquals(world.asked.length, 2);
});

Deno.test("a revocation reaches those whose list was still good", async () => {
  await using world = await loggedIn();
  const revoked = [{ serial: serialOf(leaf), date: new Date(TIME) }];
  world.serve({ "/ac.crl": await newCrl(ac, { ...later, revoked }), "/raiz.crl": laterOfRoot });
  world.portal.advance(REFRESH_AFTER);
  assertEquals(await codeFor(world.portal), "ok");
  await refresh(world.portal);
  assertEquals(await codeFor(world.portal), "certificate_revoked");
});

Deno.test("what cannot be had is told, and the list at hand stays in use", async () => {
  await using world = await loggedIn();
  const old = await newCrl(root, { number: 0 });
  world.serve({ "/ac.crl": new Uint8Array([1]), "/raiz.crl": old });
  world.portal.advance(REFRESH_AFTER);
  assertEquals(await refresh(world.portal), ["AC crl_malformed", "RAIZ crl_went_back"]);
  assertEquals(await codeFor(world.portal), "ok");
});

Deno.test("two instances refresh each list once", async () => {
  await using world = await loggedIn();
  world.portal.advance(REFRESH_AFTER);
  await Promise.all([refresh(world.portal), refresh(world.portal)]);
  assertEquals(world.asked.toSorted(), ["crl.example/ac.crl", "crl.example/raiz.crl"]);
});

Deno.test("lists of authorities that have ended are dropped", async () => {
  await using world = await loggedIn();
  world.portal.advance(YEAR);
  await refresh(world.portal);
  assertEquals(world.asked, []);
  assertEquals(
    (await Array.fromAsync(world.portal.kv.list({ prefix: keys.crl.under() }))).length,
    0,
  );
});
