import type { CrlSpec } from "@/tests/support/pki/crl.ts";
import { assertEquals } from "@std/assert";
import type { Deps } from "../../deps.ts";
import { keys } from "../../store/keys.ts";
import type { CrlRecord } from "../../store/records/certificate.ts";
import { checkCrl } from "./check.ts";
import { lookUp } from "./revocation.ts";
import { issuerId, saveCrl } from "./store.ts";
import { must, testDeps } from "@/tests/fixtures/deps.ts";
import { ca, HOUR, issue, leaf, newCrl, TIME } from "@/tests/fixtures/pki.ts";
import { parseCertificate } from "../x509.ts";

const issuer = parseCertificate(ca.der);
const certificate = parseCertificate(leaf.der);
const SOURCE = { issuer, urls: ["http://crl.example/ac.crl"] };
const id = await issuerId(issuer);
const link = { certificate, issuer };

/** A list with so many entries, the leaf's not among them. */
async function makeList(entries: number, spec: Partial<CrlSpec> = {}) {
  const date = new Date("2026-10-05T12:00:00Z");
  const revoked = Array.from({ length: entries }, (_, i) => ({
    serial: new Uint8Array([1, i >> 8, i & 0xff]),
    date,
  }));
  const der = await newCrl(ca, { revoked, ...spec });
  return { der, crl: must(await checkCrl({ der, issuer, time: TIME })) };
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
  using deps = await testDeps();
  assertEquals(await save(deps, long), "ok");
  assertEquals(await partsOf(deps), 3);
  assertEquals(await save(deps, longer), "ok");
  assertEquals(await partsOf(deps), 4);
  const [answer] = await lookUp(deps, [link]);
  assertEquals([answer?.revokedAt, answer?.list.parts], [null, 4]);
});

Deno.test("an older list changes nothing and leaves nothing behind", async () => {
  using deps = await testDeps();
  await save(deps, longer);
  assertEquals(await save(deps, long), "crl_went_back");
  assertEquals(await partsOf(deps), 4);
  const earlier = await makeList(1, { number: 7, thisUpdate: new Date(TIME - 2 * HOUR) });
  assertEquals(await save(deps, earlier), "crl_went_back");
  assertEquals(await save(deps, await makeList(1, { number: null })), "crl_went_back");
  const [answer] = await lookUp(deps, [link]);
  assertEquals(answer?.list.number, longer.crl.number);
});

Deno.test("the same list again only notes the time", async () => {
  using deps = await testDeps();
  await save(deps, long);
  const [before] = await lookUp(deps, [link]);
  deps.advance(HOUR);
  assertEquals(await save(deps, long), "ok");
  const [after] = await lookUp(deps, [link]);
  assertEquals(after?.list, { ...before!.list, fetchedAt: TIME + HOUR });
  assertEquals(await partsOf(deps), 3);
});

Deno.test("of two instances that save at once the newer list stays", async () => {
  for (const order of [[long, longer], [longer, long]]) {
    using deps = await testDeps();
    await Promise.all(order.map((list) => save(deps, list)));
    const [answer] = await lookUp(deps, [link]);
    assertEquals(answer?.list.number, longer.crl.number);
    assertEquals(await partsOf(deps), 4);
  }
});

Deno.test("looking up takes two round trips, for several certificates too", async () => {
  using deps = await testDeps();
  await save(deps, long);
  const watch = watched(deps);
  const answers = await lookUp(watch.deps, [link, link, { ...link, issuer: certificate }]);
  assertEquals(answers.map((answer) => answer && answer.revokedAt), [null, null, null]);
  assertEquals(answers.map((answer) => answer !== null), [true, true, false]);
  assertEquals(watch.calls(), 2);
});

Deno.test("a list replaced between the two round trips is read anew, never half", async () => {
  using deps = await testDeps();
  const serial = "01".repeat(20);
  const revoked = [{ serial: Uint8Array.fromHex(serial), date: new Date(TIME) }];
  await save(deps, long);
  const next = await makeList(0, { number: 6, revoked });
  const watch = watched(
    deps,
    async (call) => void (call === 2 && await save(deps, next)),
  );
  const [answer] = await lookUp(watch.deps, [{ ...link, certificate: { ...certificate, serial } }]);
  assertEquals([answer?.list.number, answer?.revokedAt], [next.crl.number, TIME]);
  assertEquals(watch.calls(), 4);
});

Deno.test("parts that have gone missing are no list at all", async () => {
  using deps = await testDeps();
  await save(deps, long);
  for await (const { key } of deps.kv.list({ prefix: keys.crlPart.under() })) {
    await deps.kv.delete(key);
  }
  assertEquals(await lookUp(deps, [link]), [null]);
});

Deno.test("two authorities of one name have lists of their own", async () => {
  using deps = await testDeps();
  await save(deps, long);
  const namesake = parseCertificate((await issue(null, { called: "AC" })).der);
  assertEquals(await lookUp(deps, [{ ...link, issuer: namesake }]), [
    null,
  ]);
  const record = (await deps.kv.get<CrlRecord>(keys.crl(id))).value;
  assertEquals(record?.sha256.length, 64);
});
