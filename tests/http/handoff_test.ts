import { UNLIMITED } from "@/tests/fixtures/people.ts";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { decodeJwt, exportJWK, generateKeyPair, SignJWT } from "jose";
import { changeProfile, endMembership } from "@/core/access/change_membership.ts";
import { removeComputer } from "@/core/access/computers.ts";
import { ONE_FACTOR } from "@/core/config/mod.ts";
import {
  ALFA,
  auditRecords,
  caio,
  CNES,
  deactivate,
  idOf,
  lia,
  makeComputer,
  must,
  personOf,
  seedEstablishment,
} from "@/tests/fixtures/mod.ts";
import { signProof } from "@/core/handoff/proof.ts";
import {
  PUBLISHED_BEFORE,
  publishedKeys,
  rotateKeys,
  signingKey,
  SIGNS_FOR,
} from "@/core/handoff/signing_keys.ts";
import type { Deps } from "@/core/deps.ts";
import { keys } from "@/core/store/keys.ts";
import type { Membership } from "@/core/store/records/access.ts";
import { startCadsus } from "@/tools/dev/cadsus.ts";
import { arrive, handoffEvents, startVisit, type Visit } from "../support/visit.ts";

Deno.test("whoever was handed off is let in once, and welcomed by what the portal says", async () => {
  await using visit = await startVisit();
  const { deps, cadsus } = visit;
  const { form } = await visit.leave();
  const response = await fetch(cadsus.system.address, {
    method: "POST",
    body: new URLSearchParams(form),
    headers: { origin: deps.config.origin },
    redirect: "manual",
  });
  await response.body?.cancel();
  const cookie = response.headers.get("set-cookie")!.split(";")[0]!;
  const page = await (await fetch(cadsus.origin, { headers: { cookie } })).text();
  const { id } = await personOf(deps, lia);
  const said = [id, `${lia.cpf}, por operadora:${ALFA}`, "pwd", ONE_FACTOR];
  for (const text of ["Bem-vindo", lia.name, CNES, "OPERADOR", ...said]) {
    assertMatch(page, new RegExp(text));
  }
  assertEquals(await arrive(cadsus, form), "replayed");
  assertEquals(await handoffEvents(deps), ["handoff.issued", "handoff.redeemed"]);
  const next = await visit.leave();
  assertEquals(decodeJwt(next.form.token).sub, id);
});

Deno.test("a token is good for 60 seconds, and 5 more for clocks that differ", async () => {
  await using visit = await startVisit();
  const { deps, cadsus } = visit;
  const soon = await visit.leave();
  deps.advance(59_000);
  assertEquals(await arrive(cadsus, soon.form), "in");
  const late = await visit.leave();
  deps.advance(60_000);
  // Within what clocks may differ by for the target system; the portal's own clock does not differ.
  assertEquals(await arrive(cadsus, late.form), "not_active");
  deps.advance(6_000);
  assertEquals(await arrive(cadsus, late.form), "token_late");
  const early = await visit.leave();
  deps.advance(-30_000);
  assertEquals(await arrive(cadsus, early.form), "token_invalid");
});

Deno.test("a token for one system opens no other", async () => {
  await using visit = await startVisit();
  const { form, handoff } = await visit.leave();
  assertEquals(await arrive(visit.other, form), "audience_wrong");
  // The proof too is for one audience.
  const proof = await signProof(visit.enabled.computer, {
    ...handoff,
    audience: visit.other.system.id,
  });
  assertEquals(await arrive(visit.cadsus, { ...form, proof }), "proof_invalid");
  assertEquals(await arrive(visit.cadsus, form), "in");
});

Deno.test("a token is worth nothing at another computer", async () => {
  await using visit = await startVisit();
  const { cadsus, enabled } = visit;
  const { form, handoff } = await visit.leave();
  const thief = await makeComputer();
  assertEquals(
    await arrive(cadsus, { ...form, proof: await signProof(thief, handoff) }),
    "computer_wrong",
  );
  assertEquals(await arrive(cadsus, { token: form.token }), "proof_invalid");
  assertEquals(await arrive(cadsus, { ...form, proof: form.token }), "proof_invalid");
  // A proof that names the right key, signed with another.
  const lying = await signProof({ ...thief, jwk: enabled.computer.jwk }, handoff);
  assertEquals(await arrive(cadsus, { ...form, proof: lying }), "proof_invalid");
  const { form: second } = await visit.leave();
  assertEquals(await arrive(cadsus, { ...form, proof: second.proof }), "proof_invalid");
  assertEquals(await arrive(cadsus, form), "in");
});

Deno.test("a form that another site posts is refused", async () => {
  await using visit = await startVisit();
  const { form } = await visit.leave();
  assertEquals(await arrive(visit.cadsus, form, "https://outro.example"), "origin_wrong");
  assertEquals(await arrive(visit.cadsus, form, "null"), "origin_wrong");
  assertEquals(await arrive(visit.cadsus, form, visit.deps.config.origin), "in");
});

Deno.test("what ends while a token is on its way keeps it out", async (t) => {
  const actorIn = async (deps: Deps) => ({ account: await idOf(deps, caio), standing: UNLIMITED });
  const memberIn = async (deps: Deps) => ({ cnes: CNES, account: await idOf(deps, lia) });
  const ends: [string, (visit: Visit) => Promise<unknown>][] = [
    ["the membership", async ({ deps }) => {
      const end = { ...await memberIn(deps), reason: "Mudou de unidade" };
      must(await endMembership(deps, await actorIn(deps), end));
    }],
    ["the computer", async ({ deps, enabled: { computer: { thumbprint } } }) => {
      const computer = { ...await memberIn(deps), thumbprint };
      must(await removeComputer(deps, await actorIn(deps), computer));
    }],
    ["the profile", async ({ deps }) => {
      const change = { profile: "CONSULTADOR", justification: "Só vai consultar" };
      must(await changeProfile(deps, await actorIn(deps), { ...await memberIn(deps), ...change }));
    }],
    // By itself: usually the computers go with it.
    ["the membership's record", async ({ deps }) => {
      const key = keys.membership(CNES, await idOf(deps, lia));
      const { value } = await deps.kv.get<Membership>(key);
      await deps.kv.set(key, { ...value, ended: { at: 0, by: "x", reason: "y" } });
    }],
    ["the person", ({ deps }) => deactivate(deps, lia)],
    [
      "the establishment",
      ({ deps }) => seedEstablishment(deps, { active: false }),
    ],
  ];
  for (const [name, end] of ends) {
    await t.step(name, async () => {
      await using visit = await startVisit();
      const { form } = await visit.leave();
      await end(visit);
      assertEquals(await arrive(visit.cadsus, form), "not_active");
      const events = (await auditRecords(visit.deps)).map(({ event }) => event);
      assert(events.includes("handoff.refused"));
    });
  }
});

Deno.test("a token that the portal has not signed is refused", async (t) => {
  await using visit = await startVisit();
  const { deps, cadsus, enabled } = visit;
  const { handoff } = await visit.leave();
  const claims = { ...decodeJwt(handoff.token), jti: "forged" };
  const header = { alg: "EdDSA", typ: "habilita-handoff+jwt" };
  const [published] = await publishedKeys(deps);
  const { kid, key } = await signingKey(deps);
  const own = await generateKeyPair("EdDSA");
  const encode = (value: unknown) =>
    btoa(JSON.stringify(value)).replaceAll("=", "").replaceAll("+", "-").replaceAll("/", "_");
  const forgeries: [string, string, string | Promise<string>][] = [
    [
      "an unknown key",
      "token_key_unknown",
      new SignJWT(claims).setProtectedHeader({ ...header, kid: "unknown" }).sign(own.privateKey),
    ],
    [
      "another key under the name of ours",
      "token_invalid",
      new SignJWT(claims).setProtectedHeader({ ...header, kid }).sign(own.privateKey),
    ],
    [
      "a key that it brings along",
      "token_invalid",
      new SignJWT(claims)
        .setProtectedHeader({ ...header, kid, jwk: await exportJWK(own.publicKey) })
        .sign(own.privateKey),
    ],
    [
      "no signature",
      "token_invalid",
      `${encode({ ...header, alg: "none", kid })}.${encode({ ...claims, name: "x" })}.`,
    ],
    [
      "HMAC with the public key",
      "token_invalid",
      new SignJWT(claims).setProtectedHeader({ ...header, alg: "HS256", kid })
        .sign(new TextEncoder().encode(published!.x)),
    ],
    [
      "another kind of token, by our key",
      "token_invalid",
      new SignJWT(claims).setProtectedHeader({ alg: "EdDSA", kid, typ: "JWT" }).sign(key),
    ],
    [
      "another issuer, by our key",
      "token_invalid",
      new SignJWT({ ...claims, iss: "https://outro.example" })
        .setProtectedHeader({ ...header, kid }).sign(key),
    ],
    [
      "a long life, by our key",
      "token_late",
      new SignJWT({ ...claims, iat: claims.iat! - 600, nbf: claims.iat! - 600 })
        .setProtectedHeader({ ...header, kid }).sign(key),
    ],
    [
      "no computer, by our key",
      "token_invalid",
      new SignJWT({ ...claims, cnf: undefined }).setProtectedHeader({ ...header, kid }).sign(key),
    ],
    [
      "a CPF both proved and informed, by our key",
      "token_invalid",
      new SignJWT({ ...claims, cpf: lia.cpf, cpf_proof: "govbr:silver" })
        .setProtectedHeader({ ...header, kid }).sign(key),
    ],
    [
      "no CPF, by our key",
      "token_invalid",
      new SignJWT({ ...claims, cpf_informed: undefined })
        .setProtectedHeader({ ...header, kid }).sign(key),
    ],
    [
      "a hand-off that was never made, by our key",
      "not_active",
      new SignJWT(claims).setProtectedHeader({ ...header, kid }).sign(key),
    ],
    ["an altered token", "token_invalid", handoff.token.replace(/^([^.]+)\.(.)/, "$1.X")],
    ["no token", "token_invalid", ""],
    ["garbage", "token_invalid", "a.b.c"],
    ["a long one", "token_invalid", "x".repeat(100_000)],
  ];
  for (const [name, problem, forged] of forgeries) {
    await t.step(name, async () => {
      const token = await forged;
      const proof = await signProof(enabled.computer, { ...handoff, token });
      assertEquals(await arrive(cadsus, { token, proof }), problem);
    });
  }
});

Deno.test("while the portal does not answer nobody is let in", async () => {
  await using visit = await startVisit();
  const { form } = await visit.leave();
  const down = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response(null, { status: 503 }),
  );
  const faulty = await startCadsus(`http://127.0.0.1:${down.addr.port}`);
  assertEquals(await arrive(faulty, form), "portal_unreachable");
  await down.shutdown();
  assertEquals(await arrive(faulty, form), "portal_unreachable");
  await faulty.close();
});

Deno.test("a change of keys is not noticed by anybody", async () => {
  await using visit = await startVisit();
  const { deps, cadsus } = visit;
  await visit.leave();
  deps.advance(SIGNS_FOR - PUBLISHED_BEFORE);
  await rotateKeys(deps);
  // The target system fetches the keys the first time it needs them: the next one is among them.
  const before = await visit.leave();
  assertEquals(await arrive(cadsus, before.form), "in");
  deps.advance(PUBLISHED_BEFORE - 10_000);
  const last = await visit.leave();
  deps.advance(20_000);
  const first = await visit.leave();
  const kidOf = ({ handoff: { token } }: typeof first) =>
    JSON.parse(atob(token.split(".")[0]!)).kid;
  assert(kidOf(last) !== kidOf(first));
  // What the new key signs is known from before; what the old one signed is known to a newcomer.
  assertEquals(await arrive(cadsus, first.form), "in");
  const response = await fetch(`${deps.config.origin}/.well-known/jwks.json`);
  assertEquals(response.headers.get("access-control-allow-origin"), "*");
  assertEquals(response.headers.get("cache-control"), "public, max-age=3600");
  const { keys } = await response.json();
  assertEquals(keys.map(({ kid }: { kid: string }) => kid), [kidOf(last), kidOf(first)]);
  assertEquals(await arrive(cadsus, last.form), "in");
});
