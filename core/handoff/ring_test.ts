import { keys } from "../store/keys.ts";
import type { Ring } from "../store/records/handoff.ts";
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { testPortal } from "../testing.ts";
import { auditRecords } from "../testing_world.ts";
import { forgetKeys, publishedKeys, rotateKeys, signingKey } from "./signing_keys.ts";
import { signToken, verifyToken } from "./token.ts";

const HOUR = 60 * 60_000;
const SIGNS_FOR = 90 * 24 * HOUR;
const PUBLISHED_BEFORE = 24 * HOUR;
const PUBLISHED_AFTER = HOUR;

const CLAIMS = {
  sub: "01",
  jti: "j",
  cpf: "91000001300",
  name: "Lia",
  cnes: "0000001",
  profile: "OPERADOR",
  identified_by: "operadora",
  cnf: { jkt: "t" },
} as const;

const kids = async (portal: Parameters<typeof publishedKeys>[0]) =>
  (await publishedKeys(portal)).map(({ kid }) => kid);

Deno.test("the first key signs at once, and stays the same", async () => {
  using portal = await testPortal();
  const { kid } = await signingKey(portal);
  assertEquals(await kids(portal), [kid]);
  portal.advance(SIGNS_FOR - PUBLISHED_BEFORE - 1);
  assertEquals((await signingKey(portal)).kid, kid);
  assertEquals(await kids(portal), [kid]);
});

Deno.test("the next key is published a day before it signs; the old one an hour after", async () => {
  using portal = await testPortal();
  const { kid: first } = await signingKey(portal);
  portal.advance(SIGNS_FOR - PUBLISHED_BEFORE);
  const [, second] = await kids(portal);
  assert(second);
  portal.advance(PUBLISHED_BEFORE - 1);
  assertEquals((await signingKey(portal)).kid, first);
  portal.advance(1);
  assertEquals((await signingKey(portal)).kid, second);
  portal.advance(PUBLISHED_AFTER - 1);
  assertEquals(await kids(portal), [first, second]);
  portal.advance(1);
  assertEquals(await kids(portal), [second]);
});

Deno.test("a portal that slept keeps its key until the next has been published for a day", async () => {
  using portal = await testPortal();
  const { kid: first } = await signingKey(portal);
  portal.advance(10 * SIGNS_FOR);
  assertEquals((await signingKey(portal)).kid, first);
  const [, second] = await kids(portal);
  portal.advance(PUBLISHED_BEFORE - 1);
  assertEquals((await signingKey(portal)).kid, first);
  portal.advance(1);
  assertEquals((await signingKey(portal)).kid, second);
});

Deno.test("two at once make one key, the first as well as the next", async () => {
  using portal = await testPortal();
  const first = await Promise.all(Array.from({ length: 5 }, () => signingKey(portal)));
  assertEquals(new Set(first.map(({ kid }) => kid)).size, 1);
  portal.advance(SIGNS_FOR);
  await Promise.all(Array.from({ length: 5 }, () => rotateKeys(portal)));
  assertEquals((await kids(portal)).length, 2);
});

Deno.test("what a retired key has signed is verified until it has run out", async () => {
  using portal = await testPortal();
  const sign = () =>
    signToken(portal, "https://cadsus.example", Math.floor(portal.now() / 1_000), CLAIMS);
  await signingKey(portal);
  portal.advance(SIGNS_FOR - PUBLISHED_BEFORE);
  await rotateKeys(portal);
  portal.advance(PUBLISHED_BEFORE - 1_000);
  const last = await sign();
  portal.advance(1_000);
  const token = await sign();
  assertEquals((await verifyToken(portal, last))?.cnes, "0000001");
  assertEquals((await verifyToken(portal, token))?.cnes, "0000001");
  portal.advance(59_000);
  assertEquals(await verifyToken(portal, last), null);
  assertEquals((await verifyToken(portal, token))?.cnes, "0000001");
  portal.advance(1_000);
  assertEquals(await verifyToken(portal, token), null);
});

Deno.test("the store holds no private key in the clear, and the set none at all", async () => {
  using portal = await testPortal();
  await signingKey(portal);
  const [stored] = (await portal.kv.get<Ring>(keys.ring())).value!;
  assertEquals(Object.keys(stored!).toSorted(), ["kid", "sealed", "signsFrom", "x"]);
  // An Ed25519 key in PKCS #8 begins so (RFC 8410).
  const plain = Uint8Array.from([0x30, 0x2e, 0x02, 0x01, 0x00]);
  assertNotEquals(stored!.sealed.data.slice(0, 5), plain);
  assertEquals(
    (await publishedKeys(portal)).map((key) => Object.keys(key).toSorted()),
    [["alg", "crv", "kid", "kty", "use", "x"]],
  );
});

Deno.test("after a change of the secret a new key signs at once; the old one is still verified", async () => {
  using portal = await testPortal();
  const { kid: lost } = await signingKey(portal);
  portal.advance(SIGNS_FOR - PUBLISHED_BEFORE);
  const [, next] = await kids(portal);
  const changed = { ...portal, config: { ...portal.config, secret: "another-secret".repeat(3) } };
  const [a, b] = await Promise.all([signingKey(changed), signingKey(changed)]);
  assertEquals(a.kid, b.kid);
  assert(a.kid !== lost && a.kid !== next);
  assertEquals(await kids(changed), [lost, a.kid]);
});

Deno.test("a sealed key that was changed, or put under another name, does not open", async () => {
  using portal = await testPortal();
  const { kid } = await signingKey(portal);
  const [stored] = (await portal.kv.get<Ring>(keys.ring())).value!;
  const data = stored!.sealed.data.slice();
  data[0]! ^= 1;
  for (
    const forged of [{ ...stored!, sealed: { ...stored!.sealed, data } }, { ...stored!, kid: "x" }]
  ) {
    await portal.kv.set(keys.ring(), [forged]);
    const replaced = await signingKey(portal);
    assert(replaced.kid !== kid && replaced.kid !== "x");
  }
});

Deno.test("forgotten keys verify nothing any more, and the log tells which they were", async () => {
  using portal = await testPortal();
  const { kid } = await signingKey(portal);
  const token = await signToken(portal, "https://x.example", portal.now() / 1_000, CLAIMS);
  await forgetKeys(portal);
  assertEquals(await verifyToken(portal, token), null);
  const next = await signingKey(portal);
  assert(next.kid !== kid);
  assertEquals(await kids(portal), [next.kid]);
  const [line] = await auditRecords(portal);
  assertEquals([line!.event, line!.detail.kids], ["handoff.keys_forgotten", kid]);
});
