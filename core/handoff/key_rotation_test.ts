import { keys } from "../store/keys.ts";
import { ONE_FACTOR } from "../config/mod.ts";
import type { AccountId } from "../store/records/account.ts";
import type { KeyRotation } from "../store/records/handoff.ts";
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { auditRecords, testDeps } from "@/tests/fixtures/mod.ts";
import { forgetKeys, publishedKeys, rotateKeys, signingKey } from "./signing_keys.ts";
import { signToken, verifyToken } from "./token.ts";

const HOUR = 60 * 60_000;
const SIGNS_FOR = 90 * 24 * HOUR;
const PUBLISHED_BEFORE = 24 * HOUR;
const PUBLISHED_AFTER = HOUR;

const CLAIMS = {
  sub: "01" as AccountId,
  jti: "j",
  cpf_informed: "91000001300",
  cpf_informed_by: "declarado",
  name: "Lia",
  cnes: "0000001",
  profile: "OPERADOR",
  amr: ["pwd"],
  acr: ONE_FACTOR,
  auth_time: 0,
  cnf: { jkt: "t" },
} as const;

const kids = async (deps: Parameters<typeof publishedKeys>[0]) =>
  (await publishedKeys(deps)).map(({ kid }) => kid);

Deno.test("the first key signs at once, and stays the same", async () => {
  using deps = await testDeps();
  const { kid } = await signingKey(deps);
  assertEquals(await kids(deps), [kid]);
  deps.advance(SIGNS_FOR - PUBLISHED_BEFORE - 1);
  assertEquals((await signingKey(deps)).kid, kid);
  assertEquals(await kids(deps), [kid]);
});

Deno.test("the next key is published a day before it signs; the old one an hour after", async () => {
  using deps = await testDeps();
  const { kid: first } = await signingKey(deps);
  deps.advance(SIGNS_FOR - PUBLISHED_BEFORE);
  const [, second] = await kids(deps);
  assert(second);
  deps.advance(PUBLISHED_BEFORE - 1);
  assertEquals((await signingKey(deps)).kid, first);
  deps.advance(1);
  assertEquals((await signingKey(deps)).kid, second);
  deps.advance(PUBLISHED_AFTER - 1);
  assertEquals(await kids(deps), [first, second]);
  deps.advance(1);
  assertEquals(await kids(deps), [second]);
});

Deno.test("a portal that slept keeps its key until the next has been published for a day", async () => {
  using deps = await testDeps();
  const { kid: first } = await signingKey(deps);
  deps.advance(10 * SIGNS_FOR);
  assertEquals((await signingKey(deps)).kid, first);
  const [, second] = await kids(deps);
  deps.advance(PUBLISHED_BEFORE - 1);
  assertEquals((await signingKey(deps)).kid, first);
  deps.advance(1);
  assertEquals((await signingKey(deps)).kid, second);
});

Deno.test("two at once make one key, the first as well as the next", async () => {
  using deps = await testDeps();
  const first = await Promise.all(Array.from({ length: 5 }, () => signingKey(deps)));
  assertEquals(new Set(first.map(({ kid }) => kid)).size, 1);
  deps.advance(SIGNS_FOR);
  await Promise.all(Array.from({ length: 5 }, () => rotateKeys(deps)));
  assertEquals((await kids(deps)).length, 2);
});

Deno.test("what a retired key has signed is verified until it has run out", async () => {
  using deps = await testDeps();
  const sign = () => signToken(deps, "cadsus-web", Math.floor(deps.now() / 1_000), CLAIMS);
  await signingKey(deps);
  deps.advance(SIGNS_FOR - PUBLISHED_BEFORE);
  await rotateKeys(deps);
  deps.advance(PUBLISHED_BEFORE - 1_000);
  const last = await sign();
  deps.advance(1_000);
  const token = await sign();
  assertEquals((await verifyToken(deps, last))?.cnes, "0000001");
  assertEquals((await verifyToken(deps, token))?.cnes, "0000001");
  deps.advance(59_000);
  assertEquals(await verifyToken(deps, last), null);
  assertEquals((await verifyToken(deps, token))?.cnes, "0000001");
  deps.advance(1_000);
  assertEquals(await verifyToken(deps, token), null);
});

Deno.test("the store holds no private key in the clear, and the set none at all", async () => {
  using deps = await testDeps();
  await signingKey(deps);
  const [stored] = (await deps.kv.get<KeyRotation>(keys.signingKeys())).value!;
  assertEquals(Object.keys(stored!).toSorted(), ["encrypted", "kid", "signsFrom", "x"]);
  // An Ed25519 key in PKCS #8 begins so (RFC 8410).
  const plain = Uint8Array.from([0x30, 0x2e, 0x02, 0x01, 0x00]);
  assertNotEquals(stored!.encrypted.data.slice(0, 5), plain);
  assertEquals(
    (await publishedKeys(deps)).map((key) => Object.keys(key).toSorted()),
    [["alg", "crv", "kid", "kty", "use", "x"]],
  );
});

Deno.test("while the secret before stands behind the new one, its key goes on signing", async () => {
  using deps = await testDeps();
  const { kid } = await signingKey(deps);
  const secrets = [crypto.randomUUID(), ...deps.config.secrets];
  assertEquals((await signingKey({ ...deps, config: { ...deps.config, secrets } })).kid, kid);
});

Deno.test("after a change of the secret a new key signs at once; the old one is still verified", async () => {
  using deps = await testDeps();
  const { kid: lost } = await signingKey(deps);
  deps.advance(SIGNS_FOR - PUBLISHED_BEFORE);
  const [, next] = await kids(deps);
  const changed = { ...deps, config: { ...deps.config, secrets: [crypto.randomUUID()] } };
  const [a, b] = await Promise.all([signingKey(changed), signingKey(changed)]);
  assertEquals(a.kid, b.kid);
  assert(a.kid !== lost && a.kid !== next);
  assertEquals(await kids(changed), [lost, a.kid]);
});

Deno.test("a sealed key that was changed, or put under another name, does not open", async () => {
  using deps = await testDeps();
  const { kid } = await signingKey(deps);
  const [stored] = (await deps.kv.get<KeyRotation>(keys.signingKeys())).value!;
  const data = stored!.encrypted.data.slice();
  data[0]! ^= 1;
  for (
    const forged of [{ ...stored!, encrypted: { ...stored!.encrypted, data } }, {
      ...stored!,
      kid: "x",
    }]
  ) {
    await deps.kv.set(keys.signingKeys(), [forged]);
    const replaced = await signingKey(deps);
    assert(replaced.kid !== kid && replaced.kid !== "x");
  }
});

Deno.test("forgotten keys verify nothing any more, and the log tells which they were", async () => {
  using deps = await testDeps();
  const { kid } = await signingKey(deps);
  const token = await signToken(deps, "x", deps.now() / 1_000, CLAIMS);
  await forgetKeys(deps);
  assertEquals(await verifyToken(deps, token), null);
  const next = await signingKey(deps);
  assert(next.kid !== kid);
  assertEquals(await kids(deps), [next.kid]);
  const [line] = await auditRecords(deps);
  assertEquals([line!.event, line!.detail.kids], ["handoff.keys_forgotten", kid]);
});

Deno.test("a clock that goes back, or a day ahead, changes no key that signs", async () => {
  using deps = await testDeps();
  const { kid } = await signingKey(deps);
  for (const step of [-HOUR, HOUR, 24 * HOUR, -48 * HOUR]) {
    deps.advance(step);
    assertEquals((await signingKey(deps)).kid, kid);
    assertEquals(await kids(deps), [kid]);
  }
});
