import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { calculateJwkThumbprint } from "jose";
import { CHALLENGE_LIFETIME } from "../../challenge.ts";
import { createChallenge } from "../../certificate/login.ts";
import { explain } from "../../messages.ts";
import type { Deps } from "../../deps.ts";
import { codeOf, makeComputer, signWith, testDeps } from "@/tests/fixtures/mod.ts";
import { accountMessages } from "../messages.ts";
import {
  type ComputerProof,
  type ComputerPurpose,
  createComputerChallenge,
  readComputerProof,
  readComputerPurpose,
  verifyComputerProof,
} from "./proof.ts";

const computer = await makeComputer();
const stranger = await makeComputer();
const here = { purpose: "login", sessionId: "session-1" } as const;

type Attempt = ComputerProof & { purpose: ComputerPurpose; sessionId: string };

async function answer(deps: Deps, by = computer): Promise<Attempt> {
  return { ...await signWith(by, createComputerChallenge(deps, here)), ...here };
}

/** What comes of a proof in which something is changed. */
async function attempt(
  change: (proof: Attempt, deps: Deps) => unknown = () => ({}),
): Promise<string> {
  using deps = await testDeps();
  const proof = await answer(deps);
  const changed = await change(proof, deps) as Partial<Attempt>;
  return codeOf(await verifyComputerProof(deps, { ...proof, ...changed }));
}

Deno.test("a computer is named by the thumbprint of RFC 7638", async () => {
  using deps = await testDeps();
  const outcome = await verifyComputerProof(deps, await answer(deps));
  const expected = await calculateJwkThumbprint({ ...computer.jwk }, "sha256");
  assertEquals(outcome, { ok: true, data: expected });
});

Deno.test("what is signed says for what, where and until when", async () => {
  using deps = await testDeps();
  const { text } = createComputerChallenge(deps, { ...here, purpose: "handoff" });
  for (const part of ["computer-handoff", deps.config.origin, "2026-11-03T12:05:00.000Z"]) {
    assertStringIncludes(text, part);
  }
  assertMatch(text, /^Código: [\w-]{22}$/m);
});

Deno.test("a challenge works once, also when answers race, and a failed attempt uses it up", async () => {
  using deps = await testDeps();
  const proof = await answer(deps);
  const codes = (await Promise.all([1, 2, 3].map(() => verifyComputerProof(deps, proof))))
    .map(codeOf);
  assertEquals(codes.toSorted(), [
    "computer_challenge_replayed",
    "computer_challenge_replayed",
    "ok",
  ]);
  const other = await answer(deps);
  await verifyComputerProof(deps, { ...other, signature: "" });
  assertEquals(codeOf(await verifyComputerProof(deps, other)), "computer_challenge_replayed");
});

Deno.test("a challenge expires", async () => {
  using deps = await testDeps();
  const [inTime, late] = [await answer(deps), await answer(deps)];
  deps.advance(CHALLENGE_LIFETIME - 1);
  assertEquals(codeOf(await verifyComputerProof(deps, inTime)), "ok");
  deps.advance(1);
  assertEquals(codeOf(await verifyComputerProof(deps, late)), "computer_challenge_expired");
});

Deno.test("a challenge of a time to come is over: the clock went back meanwhile", async () => {
  using deps = await testDeps();
  const before = await answer(deps);
  deps.advance(-60 * 60_000);
  assertEquals(codeOf(await verifyComputerProof(deps, before)), "computer_challenge_expired");
  assertEquals(codeOf(await verifyComputerProof(deps, await answer(deps))), "ok");
});

Deno.test("a challenge of another session, purpose, address or kind of key is refused", async () => {
  assertEquals(
    await attempt(() => ({ sessionId: "session-2" })),
    "computer_challenge_other_session",
  );
  for (const purpose of ["request", "handoff"]) {
    assertEquals(await attempt(() => ({ purpose })), "computer_challenge_other_purpose");
  }
  assertEquals(
    await attempt((_, deps) => signWith(computer, createChallenge(deps, here))),
    "computer_challenge_other_purpose",
  );
  using deps = await testDeps();
  const moved = { ...deps, config: { ...deps.config, origin: "https://outro.example" } };
  const outcome = await verifyComputerProof(moved, await answer(deps));
  assertEquals(codeOf(outcome), "computer_challenge_other_origin");
});

Deno.test("a challenge nobody made is refused", async () => {
  for (const challengeId of ["A".repeat(22), "", "../../session"]) {
    assertEquals(await attempt(() => ({ challengeId })), "computer_challenge_unknown");
  }
});

Deno.test("a signature by another key, or over another text, is refused", async () => {
  const elsewhere = (deps: Deps) => createComputerChallenge(deps, here);
  assertEquals(await attempt(() => ({ jwk: stranger.jwk })), "computer_signature_mismatch");
  assertEquals(
    await attempt(async (_, deps) => {
      const { signature } = await signWith(computer, await elsewhere(deps));
      return { signature };
    }),
    "computer_signature_mismatch",
  );
});

Deno.test("a signature that is none is refused", async () => {
  for (const signature of ["", "%", "A".repeat(85), "A".repeat(87), "A".repeat(172)]) {
    assertEquals(await attempt(() => ({ signature })), "computer_signature_malformed", signature);
  }
  // r and s of zero, for which careless verifiers say yes to everything.
  const zero = "A".repeat(86);
  assertEquals(await attempt(() => ({ signature: zero })), "computer_signature_mismatch");
});

Deno.test("keys other than a public point of P-256 are refused, each with its reason", async () => {
  const { x, y } = computer.jwk;
  const other = (start: string, text: string) => start + text.slice(start.length);
  const jwk = async (jwk: unknown) => await attempt(() => ({ jwk }));
  const changed = (change: object) => jwk({ ...computer.jwk, ...change });

  assertEquals(await jwk(await makeJwk({ name: "RSASSA-PKCS1-v1_5" })), "computer_key_type");
  assertEquals(await jwk({ kty: "oct", k: "AAAA" }), "computer_key_type");
  assertEquals(await jwk({ kty: "OKP", crv: "Ed25519", x }), "computer_key_type");
  const p384 = await makeJwk({ name: "ECDSA", namedCurve: "P-384" });
  assertEquals(await jwk(p384), "computer_key_curve");
  assertEquals(await changed({ crv: "secp256k1" }), "computer_key_curve");
  assertEquals(await changed({ d: x }), "computer_key_private");
  for (const key of [null, undefined, "chave", 7, [], {}, { kty: "EC" }, { crv: "P-256", x, y }]) {
    assertEquals(await jwk(key), "computer_key_malformed", JSON.stringify(key));
  }
  for (
    const change of [
      { ext: true },
      { x: y },
      { x: other(x[0] === "A" ? "B" : "A", x) },
      { x: `${x}A` },
      { x: x.slice(0, 42) },
      { x: `${x}=` },
      { x: "A".repeat(43), y: "A".repeat(43) },
      { x: [x] },
      { y: undefined },
    ]
  ) assertEquals(await changed(change), "computer_key_malformed", JSON.stringify(change));
  // The point whose x is 0, and its other spelling: 0 and p are the same modulo p.
  const onAxis = "ZkhceA4vg9ckM71dhKBrtlQcKvMdrocXKL-FahdPk_Q";
  assertEquals(await changed({ x: "A".repeat(43), y: onAxis }), "computer_signature_mismatch");
  const p = "_____wAAAAEAAAAAAAAAAAAAAAD_______________8";
  assertEquals(await changed({ x: p, y: onAxis }), "computer_key_malformed");
});

async function makeJwk(algorithm: { name: string; namedCurve?: string }): Promise<JsonWebKey> {
  const pair = await crypto.subtle.generateKey(
    {
      ...algorithm,
      modulusLength: 2048,
      publicExponent: Uint8Array.of(1, 0, 1),
      hash: "SHA-256",
    } as EcKeyGenParams,
    true,
    ["sign", "verify"],
  ) as CryptoKeyPair;
  return await crypto.subtle.exportKey("jwk", pair.publicKey);
}

Deno.test("what arrives is read by its shape", () => {
  for (const value of [null, undefined, "x", 3, [], {}, { challengeId: 1, signature: "" }]) {
    assertEquals(codeOf(readComputerProof(value)), "computer_proof_malformed");
  }
  for (const value of [null, "", "constructor", "register", ["login"]]) {
    assertEquals(readComputerPurpose(value), null);
  }
  assertEquals(readComputerPurpose("handoff"), "handoff");
});

Deno.test("each refusal has words of its own", () => {
  const texts = Object.keys(accountMessages).filter((code) => code.startsWith("computer_")).map((
    code,
  ) => explain({ code }));
  assertEquals(new Set(texts).size, texts.length);
  assert(texts.every((text) => text.endsWith(".")));
});
