import { assertEquals } from "@std/assert";
import { decodeJwt, generateKeyPair, SignJWT } from "jose";
import { ASSERTION_TYPE } from "@/core/handoff/client_credentials.ts";
import { auditRecords, deactivate, GOVBR, lia, personOf } from "@/tests/fixtures/mod.ts";
import type { Deps } from "@/core/deps.ts";
import { keys } from "@/core/store/keys.ts";
import { startCadsus } from "@/tools/dev/cadsus.ts";
import { arrive, handoffEvents, startVisit, THIRD } from "../support/visit.ts";

/** Redeems by the form, as the third system unless told. */
async function redeem(
  deps: Deps,
  token: string,
  { id, secret }: { id: string; secret: string } = THIRD,
) {
  return await post(deps, { token, client_id: id, client_secret: secret });
}

async function post(
  deps: Deps,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
) {
  const response = await fetch(`${deps.config.origin}/api/handoff/redeem`, {
    method: "POST",
    body: new URLSearchParams(fields),
    headers,
  });
  const asks = response.headers.get("www-authenticate");
  return { status: response.status, body: await response.json(), asks };
}

const INACTIVE = { status: 200, body: { active: false }, asks: null };

Deno.test("a target system that has forgotten a token is told by the portal", async () => {
  await using visit = await startVisit();
  const { deps } = visit;
  const { handoff: { token } } = await visit.leave(THIRD.id);
  const { status, body } = await redeem(deps, token);
  assertEquals([status, body], [200, { active: true, ...decodeJwt(token) }]);
  assertEquals(await redeem(deps, token), INACTIVE);
  assertEquals(await handoffEvents(deps), [
    "handoff.issued",
    "handoff.redeemed",
    "handoff.replayed",
  ]);
});

Deno.test("attack: who holds a token, and is not the system it is for, redeems nothing", async () => {
  await using visit = await startVisit();
  const { deps, cadsus } = visit;
  const { form } = await visit.leave();
  const { token } = form;
  const asks = 'Basic realm="habilita", charset="UTF-8"';
  const unauthorized = { status: 401, body: { error: "invalid_client" }, asks };
  const basic = (text: string) => ({ authorization: `Basic ${btoa(text)}` });
  assertEquals(await post(deps, { token }), unauthorized);
  assertEquals(await post(deps, { token, client_id: cadsus.system.id }), unauthorized);
  assertEquals(await post(deps, { token }, basic(`${THIRD.id}:wrong`)), unauthorized);
  assertEquals(await redeem(deps, token, { ...THIRD, secret: `${THIRD.secret}x` }), unauthorized);
  // The secret of one is no secret of another, whose credential is a key.
  assertEquals(
    await redeem(deps, token, { id: cadsus.system.id, secret: THIRD.secret }),
    unauthorized,
  );
  const thief = await generateKeyPair("ES256");
  const iat = Math.floor(deps.now() / 1_000);
  const assertion = await new SignJWT({ jti: "j", iat, exp: iat + 30 })
    .setProtectedHeader({ alg: "ES256" })
    .setIssuer(cadsus.system.id).setSubject(cadsus.system.id)
    .setAudience(`${deps.config.origin}/api/handoff/redeem`)
    .sign(thief.privateKey);
  const asCadsus = { client_assertion_type: ASSERTION_TYPE, client_assertion: assertion };
  assertEquals(await post(deps, { token, ...asCadsus }), unauthorized);
  const twice = await post(deps, { token, ...asCadsus }, basic(`${THIRD.id}:${THIRD.secret}`));
  assertEquals([twice.status, twice.body], [400, { error: "invalid_request" }]);
  const refused = (await auditRecords(deps))
    .filter(({ event }) => event === "handoff.client_refused")
    .map(({ subject, detail }) => `${subject} ${detail.problem}`);
  assertEquals(refused, [
    "unknown missing",
    "unknown missing",
    "terceiro secret_wrong",
    "terceiro secret_wrong",
    "cadsus-web other_method",
    "cadsus-web assertion_invalid",
  ]);
  // Nothing has become of the token by all this.
  assertEquals(await arrive(cadsus, form), "in");
});

Deno.test("attack: two systems at one origin cannot use each other's tokens", async () => {
  await using visit = await startVisit();
  const { deps, cadsus } = visit;
  const mine = await visit.leave();
  const theirs = await visit.leave(THIRD.id);
  assertEquals(new URL(theirs.handoff.address).origin, cadsus.origin);
  // Its own door refuses what is for the other; so does the portal, to a door that would not look.
  assertEquals(await arrive(cadsus, theirs.form), "audience_wrong");
  assertEquals(await redeem(deps, mine.handoff.token), INACTIVE);
  assertEquals(await handoffEvents(deps), [
    "handoff.issued",
    "handoff.issued",
    "handoff.other_system",
  ]);
  assertEquals(await arrive(cadsus, mine.form), "in");
  assertEquals((await redeem(deps, theirs.handoff.token)).body.active, true);
});

Deno.test("a system whose key the portal does not know lets nobody in", async () => {
  await using visit = await startVisit();
  const { cadsus, deps } = visit;
  const stranger = await startCadsus(deps.config.origin, { now: () => deps.now() });
  const { form } = await visit.leave();
  assertEquals(await arrive(stranger, form), "credential_wrong");
  await stranger.close();
  assertEquals(await arrive(cadsus, form), "in");
});

Deno.test("a proof of the CPF that is lost while a token is on its way keeps it out", async () => {
  await using visit = await startVisit();
  const { deps, cadsus } = visit;
  const person = await personOf(deps, lia);
  Object.assign(deps.config, { govbr: GOVBR });
  const key = keys.account(person.id);
  await deps.kv.set(key, {
    ...person,
    proof: { by: "govbr", level: "silver", at: deps.now() },
  });
  const first = await visit.leave();
  assertEquals(decodeJwt(first.form.token).cpf, lia.cpf);
  assertEquals(await arrive(cadsus, first.form), "in");
  const { form } = await visit.leave();
  await deps.kv.set(key, person);
  assertEquals(await arrive(cadsus, form), "not_active");
});

Deno.test("of two redeems at once one is first", async () => {
  await using visit = await startVisit();
  const { handoff: { token } } = await visit.leave(THIRD.id);
  const answers = await Promise.all([1, 2, 3, 4].map(() => redeem(visit.deps, token)));
  assertEquals(answers.filter(({ body }) => body.active === true).length, 1);
  const content = answers.find(({ body }) => body.active)!.body;
  assertEquals(content, { active: true, ...decodeJwt(token) });
});

Deno.test("guesses of tokens are counted by system; what is genuine passes", async () => {
  await using visit = await startVisit();
  const { deps } = visit;
  const { handoff: { token } } = await visit.leave(THIRD.id);
  for (let i = 0; i < 60; i++) assertEquals(await redeem(deps, `guess.${i}.x`), INACTIVE);
  assertEquals((await redeem(deps, "one.too.many")).status, 429);
  assertEquals((await redeem(deps, token)).body.active, true);
  assertEquals((await redeem(deps, token)).status, 429);
  // Another system is not held up by it, nor do its own failures come out another way.
  assertEquals(await arrive(visit.cadsus, (await visit.leave()).form), "in");
  const { form } = await visit.leave();
  await deactivate(deps, lia);
  assertEquals(await arrive(visit.cadsus, form), "not_active");
  deps.advance(60_000);
  assertEquals(await redeem(deps, token), INACTIVE);
  assertEquals((await redeem(deps, "")).status, 400);
});

Deno.test("guesses of secrets are counted by address, and put on record no oftener", async () => {
  await using visit = await startVisit();
  const { deps } = visit;
  const { handoff: { token } } = await visit.leave(THIRD.id);
  const guess = (i: number) => redeem(deps, token, { ...THIRD, secret: `${THIRD.secret}${i}` });
  for (let i = 0; i < 60; i++) assertEquals((await guess(i)).status, 401);
  assertEquals((await guess(60)).status, 429);
  const refused = (await handoffEvents(deps)).filter((event) => event === "handoff.client_refused");
  assertEquals(refused.length, 60);
  assertEquals((await redeem(deps, token)).body.active, true);
  deps.advance(60_000);
  assertEquals((await guess(61)).status, 401);
});
