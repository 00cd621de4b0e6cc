import type { CrlSpec } from "@/tests/support/pki/crl.ts";
import { assertEquals } from "@std/assert";
import type { Deps } from "../../deps.ts";
import { keys } from "../../store/keys.ts";
import type { CrlRecord } from "../../store/records/certificate.ts";
import { checkCrl } from "./check.ts";
import { lookUp } from "./revocation.ts";
import { issuerId, saveCrl } from "./store.ts";
import { HOUR, must, newAuthority, newCrl, TIME } from "./testing.ts";
import { ac, crlWorld, leaf } from "./world_testing.ts";

const SOURCE = { issuer: ac.parsed, urls: ["http://crl.example/ac.crl"] };
const id = await issuerId(ac.parsed);
const link = { certificate: leaf, issuer: ac.parsed };

/** A list with so many entries, the leaf's not among them. */
async function makeList(entries: number, spec: Partial<CrlSpec> = {}) {
  const date = new Date("2026-10-05T12:00:00Z");
  const revoked = Array.from({ length: entries }, (_, i) => ({
    serial: new Uint8Array([1, i >> 8, i & 0xff]),
    date,
  }));
  const der = await newCrl(ac, { revoked, ...spec });
  return { der, crl: must(await checkCrl({ der, issuer: ac.parsed, time: TIME })) };
}

const save = async (deps: Deps, list: Awaited<ReturnType<typeof makeList>>) => {
  const outcome = await saveCrl(deps, SOURCE, list);
  return outcome.ok ? "ok" : outcome.code;
};

async function partsOf(deps: Deps): Promise<number> {
  return (await Array.fromAsync(deps.kv.list({ prefix: keys.crlPart.under() }))).length;
}

/** The portal with its calls to the store counted, and `before` done ahead of each of them. */
function watched(deps: Deps, before: (call: number) => Promise<unknown> = async () => {}) {
  let calls = 0;
  const kv = new Proxy(deps.kv, {
    get(target, name) {
      const value = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      return async (...args: unknown[]) => {
        await before(++calls);
        return await value.apply(target, args);
      };
    },
  });
  return { deps: { ...deps, kv }, calls: () => calls };
}

const long = await makeList(2_500, { number: 5 });
const longer = await makeList(3_700, { number: 6 });

Deno.test("a newer list takes the place of the older, and nothing is left of that one", async () => {
  await using world = await crlWorld();
  assertEquals(await save(world.deps, long), "ok");
  assertEquals(await partsOf(world.deps), 3);
  assertEquals(await save(world.deps, longer), "ok");
  assertEquals(await partsOf(world.deps), 4);
  const [answer] = await lookUp(world.deps, [link]);
  assertEquals([answer?.revokedAt, answer?.list.parts], [null, 4]);
});

Deno.test("an older list changes nothing and leaves nothing behind", async () => {
  await using world = await crlWorld();
  await save(world.deps, longer);
  assertEquals(await save(world.deps, long), "crl_went_back");
  assertEquals(await partsOf(world.deps), 4);
  const earlier = await makeList(1, { number: 7, thisUpdate: new Date(TIME - 2 * HOUR) });
  assertEquals(await save(world.deps, earlier), "crl_went_back");
  assertEquals(await save(world.deps, await makeList(1, { number: null })), "crl_went_back");
  const [answer] = await lookUp(world.deps, [link]);
  assertEquals(answer?.list.number, longer.crl.number);
});

Deno.test("the same list again only notes the time", async () => {
  await using world = await crlWorld();
  await save(world.deps, long);
  const [before] = await lookUp(world.deps, [link]);
  world.deps.advance(HOUR);
  assertEquals(await save(world.deps, long), "ok");
  const [after] = await lookUp(world.deps, [link]);
  assertEquals(after?.list, { ...before!.list, fetchedAt: TIME + HOUR });
  assertEquals(await partsOf(world.deps), 3);
});

Deno.test("of two instances that save at once the newer list stays", async () => {
  for (const order of [[long, longer], [longer, long]]) {
    await using world = await crlWorld();
    await Promise.all(order.map((list) => save(world.deps, list)));
    const [answer] = await lookUp(world.deps, [link]);
    assertEquals(answer?.list.number, longer.crl.number);
    assertEquals(await partsOf(world.deps), 4);
  }
});

Deno.test("looking up takes two round trips, for several certificates too", async () => {
  await using world = await crlWorld();
  await save(world.deps, long);
  const { calls, deps } = watched(world.deps);
  const answers = await lookUp(deps, [link, link, { ...link, issuer: leaf }]);
  assertEquals(answers.map((answer) => answer && answer.revokedAt), [null, null, null]);
  assertEquals(answers.map((answer) => answer !== null), [true, true, false]);
  assertEquals(calls(), 2);
});

Deno.test("a list replaced between the two round trips is read anew, never half", async () => {
  await using world = await crlWorld();
  const serial = "01".repeat(20);
  const revoked = [{ serial: Uint8Array.fromHex(serial), date: new Date(TIME) }];
  await save(world.deps, long);
  const next = await makeList(0, { number: 6, revoked });
  const { calls, deps } = watched(
    world.deps,
    async (call) => void (call === 2 && await save(world.deps, next)),
  );
  const [answer] = await lookUp(deps, [{ ...link, certificate: { ...leaf, serial } }]);
  assertEquals([answer?.list.number, answer?.revokedAt], [next.crl.number, TIME]);
  assertEquals(calls(), 4);
});

Deno.test("parts that have gone missing are no list at all", async () => {
  await using world = await crlWorld();
  await save(world.deps, long);
  for await (const { key } of world.deps.kv.list({ prefix: keys.crlPart.under() })) {
    await world.deps.kv.delete(key);
  }
  assertEquals(await lookUp(world.deps, [link]), [null]);
});

Deno.test("two authorities of one name have lists of their own", async () => {
  await using world = await crlWorld();
  await save(world.deps, long);
  const namesake = await newAuthority("AC");
  assertEquals(await lookUp(world.deps, [{ ...link, issuer: namesake.parsed }]), [null]);
  const record = (await world.deps.kv.get<CrlRecord>(keys.crl(id))).value;
  assertEquals(record?.sha256.length, 64);
});
