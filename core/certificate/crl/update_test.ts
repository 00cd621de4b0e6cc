import { assertEquals, assertRejects } from "@std/assert";
import type { Deps } from "../../deps.ts";
import { refuse } from "../../result.ts";
import { keys } from "../../store/keys.ts";
import { testDeps } from "@/tests/fixtures/deps.ts";
import { ca, HOUR, leaf, newCrl, root, TIME } from "@/tests/fixtures/pki.ts";
import { parseCertificate } from "../x509.ts";
import {
  fetchOnce,
  REFRESH_AFTER,
  REFRESH_BEFORE_END,
  refreshCrls,
  RETRY_AFTER,
} from "./update.ts";
import { codeFor, crlWorld } from "./world_testing.ts";

const LEASE = 600;
const FAILED = refuse("crl_unreachable" as const, { emissor: "AC" });

Deno.test("whoever comes while somebody works shares the outcome", async () => {
  using deps = await testDeps();
  const { promise, resolve } = Promise.withResolvers<typeof FAILED>();
  const begun = Promise.withResolvers<void>();
  const first = fetchOnce(deps, "ac", LEASE, () => (begun.resolve(), promise));
  await begun.promise;
  const others = [1, 2].map(() => fetchOnce(deps, "ac", LEASE, () => Promise.resolve(null)));
  const elsewhere = await fetchOnce(deps, "outra", LEASE, () => Promise.resolve(null));
  assertEquals(elsewhere, null);
  resolve(FAILED);
  assertEquals(await Promise.all([first, ...others]), [FAILED, FAILED, FAILED]);
});

Deno.test("an outcome stands for a while, then there is another attempt", async () => {
  using deps = await testDeps();
  await fetchOnce(deps, "ac", LEASE, () => Promise.resolve(FAILED));
  deps.advance(RETRY_AFTER - 1);
  assertEquals(await fetchOnce(deps, "ac", LEASE, () => Promise.resolve(null)), FAILED);
  deps.advance(1);
  assertEquals(await fetchOnce(deps, "ac", LEASE, () => Promise.resolve(null)), null);
});

Deno.test("work that breaks off is free for the next", async () => {
  using deps = await testDeps();
  await assertRejects(() => fetchOnce(deps, "ac", LEASE, () => Promise.reject(new Error("x"))));
  assertEquals(await fetchOnce(deps, "ac", LEASE, () => Promise.resolve(null)), null);
});

Deno.test("a worker that died is waited for no longer than its lease, then replaced", async () => {
  using deps = await testDeps();
  const { promise: late, resolve } = Promise.withResolvers<null>();
  const begun = Promise.withResolvers<void>();
  const dead = fetchOnce(deps, "ac", LEASE, () => (begun.resolve(), late));
  await begun.promise;
  assertEquals(await fetchOnce(deps, "ac", 0, () => Promise.resolve(null)), undefined);
  deps.advance(LEASE);
  assertEquals(await fetchOnce(deps, "ac", LEASE, () => Promise.resolve(FAILED)), FAILED);
  // It was only slow: what it brings now does not undo what came after it.
  resolve(null);
  await dead;
  assertEquals(await fetchOnce(deps, "ac", LEASE, () => Promise.resolve(null)), FAILED);
});

const YEAR = 365 * 24 * HOUR;
const ofRoot = await newCrl(root);
const ofAc = await newCrl(ca);
const later = { number: 2, thisUpdate: new Date(TIME), nextUpdate: new Date(TIME + 48 * HOUR) };
const laterOfRoot = await newCrl(root, later);
const laterOfAc = await newCrl(ca, later);

async function refresh(deps: Deps): Promise<string[]> {
  const failures: string[] = [];
  await refreshCrls(deps, (emissor, code) => failures.push(`${emissor} ${code}`));
  return failures.sort();
}

async function loggedIn(ends = 23 * HOUR) {
  const world = await crlWorld();
  const nextUpdate = new Date(TIME + ends);
  world.serve({
    "/ac.crl": ends === 23 * HOUR ? ofAc : await newCrl(ca, { nextUpdate }),
    "/raiz.crl": ends === 23 * HOUR ? ofRoot : await newCrl(root, { nextUpdate }),
  });
  assertEquals(await codeFor(world.deps), "ok");
  world.asked.length = 0;
  world.serve({ "/ac.crl": laterOfAc, "/raiz.crl": laterOfRoot });
  return world;
}

Deno.test("fresh lists are left alone, old ones fetched anew", async () => {
  await using world = await loggedIn();
  world.deps.advance(REFRESH_AFTER - 1);
  assertEquals(await refresh(world.deps), []);
  assertEquals(world.asked, []);
  world.deps.advance(1);
  assertEquals(await refresh(world.deps), []);
  assertEquals(world.asked.toSorted(), ["crl.example/ac.crl", "crl.example/raiz.crl"]);
  world.serve({});
  world.deps.advance(40 * HOUR);
  assertEquals(await codeFor(world.deps), "ok");
});

Deno.test("a list is fetched anew before it runs out", async () => {
  const ends = 2 * HOUR;
  await using world = await loggedIn(ends);
  world.deps.advance(ends - REFRESH_BEFORE_END - 1);
  await refresh(world.deps);
  assertEquals(world.asked, []);
  world.deps.advance(1 + RETRY_AFTER);
  await refresh(world.deps);
  assertEquals(world.asked.length, 2);
});

Deno.test("a revocation reaches those whose list was still good", async () => {
  await using world = await loggedIn();
  const revoked = [{
    serial: Uint8Array.fromHex(parseCertificate(leaf.der).serial),
    date: new Date(TIME),
  }];
  world.serve({ "/ac.crl": await newCrl(ca, { ...later, revoked }), "/raiz.crl": laterOfRoot });
  world.deps.advance(REFRESH_AFTER);
  assertEquals(await codeFor(world.deps), "ok");
  await refresh(world.deps);
  assertEquals(await codeFor(world.deps), "certificate_revoked");
});

Deno.test("what cannot be had is told, and the list at hand stays in use", async () => {
  await using world = await loggedIn();
  const old = await newCrl(root, { number: 0 });
  world.serve({ "/ac.crl": new Uint8Array([1]), "/raiz.crl": old });
  world.deps.advance(REFRESH_AFTER);
  assertEquals(await refresh(world.deps), ["AC crl_malformed", "RAIZ crl_went_back"]);
  assertEquals(await codeFor(world.deps), "ok");
});

Deno.test("two instances refresh each list once", async () => {
  await using world = await loggedIn();
  world.deps.advance(REFRESH_AFTER);
  await Promise.all([refresh(world.deps), refresh(world.deps)]);
  assertEquals(world.asked.toSorted(), ["crl.example/ac.crl", "crl.example/raiz.crl"]);
});

Deno.test("lists of authorities that have ended are dropped", async () => {
  await using world = await loggedIn();
  world.deps.advance(YEAR);
  await refresh(world.deps);
  assertEquals(world.asked, []);
  assertEquals(
    (await Array.fromAsync(world.deps.kv.list({ prefix: keys.crl.under() }))).length,
    0,
  );
});
