import { assertEquals } from "@std/assert";
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { CADSUS_SECRET, systemsAt, type TestDeps, testDeps } from "@/tests/fixtures/mod.ts";
import type { SystemKey } from "../config/mod.ts";
import { authenticateClient } from "./client.ts";

const ID = "cadsus-web";
const ADDRESS = "https://cadsus.example/entrada";
const REDEEM = "http://localhost:8000/api/handoff/redeem";

interface Kept {
  alg: string;
  privateKey: CryptoKey;
  jwk: SystemKey;
}

async function makeKey(alg: string, kid?: string): Promise<Kept> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { alg, privateKey, jwk: { ...await exportJWK(publicKey), kid } as SystemKey };
}

/** A portal that knows CadSUS Web by these keys. */
async function portalWith(...known: Kept[]): Promise<TestDeps> {
  const keys = known.map(({ jwk }) => jwk);
  return await testDeps({ systems: systemsAt(ADDRESS, { credential: { kind: "keys", keys } }) });
}

let serial = 0;

async function sign(
  deps: TestDeps,
  { alg, privateKey, jwk }: Kept,
  claims: JWTPayload = {},
  header: object = {},
) {
  const iat = Math.floor(deps.now() / 1_000);
  const usual = { iss: ID, sub: ID, aud: REDEEM, iat, exp: iat + 60, jti: `${++serial}` };
  return await new SignJWT({ ...usual, ...claims })
    .setProtectedHeader({ alg, kid: jwk.kid, ...header })
    .sign(privateKey);
}

async function outcome(deps: TestDeps, assertion: string, id = "") {
  const client = await authenticateClient(deps, { kind: "assertion", id, assertion });
  return client.ok ? client.system.id : client.problem;
}

Deno.test("a system is known by an assertion that its key has signed, of any kind of key", async (t) => {
  for (const alg of ["ES256", "EdDSA", "PS256", "RS256"]) {
    await t.step(alg, async () => {
      const key = await makeKey(alg);
      using deps = await portalWith(key);
      assertEquals(await outcome(deps, await sign(deps, key)), ID);
      assertEquals(await outcome(deps, await sign(deps, key), ID), ID);
    });
  }
});

Deno.test("of two keys, one that goes and one that comes, both are good; the kid says which", async () => {
  const [old, next] = [await makeKey("ES256", "old"), await makeKey("ES256", "next")];
  using deps = await portalWith(old, next);
  assertEquals(await outcome(deps, await sign(deps, old)), ID);
  assertEquals(await outcome(deps, await sign(deps, next)), ID);
  assertEquals(
    await outcome(deps, await sign(deps, next, {}, { kid: "old" })),
    "assertion_invalid",
  );
});

Deno.test("attack: an assertion is good once, also for two at once", async () => {
  const key = await makeKey("ES256");
  using deps = await portalWith(key);
  const assertion = await sign(deps, key);
  const both = await Promise.all([1, 2, 3].map(() => outcome(deps, assertion)));
  assertEquals(both.filter((one) => one === ID).length, 1);
  assertEquals(await outcome(deps, assertion), "assertion_replayed");
  const again = await sign(deps, key, {
    jti: `${serial}`,
    exp: Math.floor(deps.now() / 1_000) + 9,
  });
  assertEquals(await outcome(deps, again), "assertion_replayed");
});

Deno.test("attack: what the system has not signed for this address, just now, is refused", async (t) => {
  const key = await makeKey("ES256");
  const thief = await makeKey("ES256");
  using deps = await portalWith(key);
  const now = Math.floor(deps.now() / 1_000);
  const cases: Record<string, Promise<string> | string> = {
    "another key": sign(deps, thief),
    "a key that it brings along": sign(deps, thief, {}, { jwk: thief.jwk }),
    "of another system": sign(deps, key, { iss: "outro" }),
    "about another system": sign(deps, key, { sub: "outro" }),
    "for another address": sign(deps, key, { aud: "https://outro.example/token" }),
    "for the portal at large": sign(deps, key, { aud: deps.config.origin }),
    "for two addresses": sign(deps, key, { aud: [REDEEM, "https://outro.example"] }),
    "for a list of one": sign(deps, key, { aud: [REDEEM] }),
    "without an end": sign(deps, key, { exp: undefined }),
    "without a beginning": sign(deps, key, { iat: undefined }),
    "without a name": sign(deps, key, { jti: undefined }),
    "with an empty name": sign(deps, key, { jti: "" }),
    "with a long name": sign(deps, key, { jti: "x".repeat(257) }),
    "run out": sign(deps, key, { iat: now - 20, exp: now - 6 }),
    "old": sign(deps, key, { iat: now - 66 }),
    "of times to come": sign(deps, key, { iat: now + 6 }),
    "not yet good": sign(deps, key, { nbf: now + 6 }),
    "good for long": sign(deps, key, { exp: now + 66 }),
    "too long": sign(deps, key, { x: "x".repeat(4_096) }),
    "no assertion": "a.b.c",
  };
  for (const [name, assertion] of Object.entries(cases)) {
    await t.step(name, async () => {
      const expected = ["of another system", "no assertion", "too long"].includes(name)
        ? "unknown_client"
        : "assertion_invalid";
      assertEquals(await outcome(deps, await assertion), expected);
      // Of another, also when the field of the form names this one.
      if (expected === "unknown_client") {
        assertEquals(await outcome(deps, await assertion, ID), "assertion_invalid");
      }
    });
  }
  await t.step("clocks may differ by 5 seconds", async () => {
    assertEquals(await outcome(deps, await sign(deps, key, { iat: now + 5, exp: now + 65 })), ID);
    assertEquals(await outcome(deps, await sign(deps, key, { iat: now - 60, exp: now - 4 })), ID);
  });
});

Deno.test("attack: no public key serves as the secret of a signature", async () => {
  const key = await makeKey("ES256");
  using deps = await portalWith(key);
  const claims = { iss: ID, sub: ID, aud: REDEEM, jti: "j" };
  const iat = Math.floor(deps.now() / 1_000);
  const forged = await new SignJWT({ ...claims, iat, exp: iat + 60 })
    .setProtectedHeader({ alg: "HS256" })
    .sign(new TextEncoder().encode(JSON.stringify(key.jwk)));
  assertEquals(await outcome(deps, forged), "assertion_invalid");
  const encode = (value: unknown) => btoa(JSON.stringify(value)).replaceAll("=", "");
  const unsigned = `${encode({ alg: "none" })}.${encode({ ...claims, iat, exp: iat + 60 })}.`;
  assertEquals(await outcome(deps, unsigned), "assertion_invalid");
});

Deno.test("a secret is good for its own system, and for nothing that has keys", async () => {
  using deps = await testDeps({ systems: systemsAt(ADDRESS) });
  const ask = async (id: string, secret: string, at = deps) => {
    const client = await authenticateClient(at, { kind: "secret", id, secret });
    return client.ok ? client.system.id : client.problem;
  };
  assertEquals(await ask(ID, CADSUS_SECRET), ID);
  assertEquals(await ask(ID, `${CADSUS_SECRET}x`), "secret_wrong");
  assertEquals(await ask(ID, CADSUS_SECRET.slice(1)), "secret_wrong");
  assertEquals(await ask("sib", CADSUS_SECRET), "unknown_client");
  assertEquals(await ask("outro", CADSUS_SECRET), "unknown_client");
  const key = await makeKey("ES256");
  assertEquals(await outcome(deps, await sign(deps, key)), "other_method");
  using withKeys = await portalWith(key);
  assertEquals(await ask(ID, CADSUS_SECRET, withKeys), "other_method");
  const none = await authenticateClient(deps, { kind: "none" });
  assertEquals(none.ok || none.problem, "missing");
});
