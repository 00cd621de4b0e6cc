import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { verifyStream } from "../audit/chain.ts";
import { loadCaller } from "../access/caller.ts";
import { keys } from "../store/keys.ts";
import type { FirstAccessStep, Session } from "../store/records/session.ts";
import {
  addUser,
  ALFA,
  ALFA_MAIL,
  auditRecords,
  certificate,
  codeFor,
  codeOf,
  DAY,
  enterRepresentative,
  enterUser,
  form,
  lia,
  login,
  mailsTo,
  MINUTE,
  must,
  OTHER_PASSWORD,
  PASSWORD,
  provisionalFor,
  representativeAt,
  representativeOf,
  rosa,
  showCertificate,
  userAt,
  visit,
  world,
  zeca,
} from "../testing_world.ts";
import { enterWithCertificate } from "./certificate_entry.ts";
import { finishAsKnownPerson, finishFirstAccess } from "./finish_first_access.ts";
import {
  acceptFirstTerms,
  changeEmail,
  confirmName,
  resendCode,
  submitRegistration,
} from "./first_access.ts";
import { readSession, sessionToken } from "./session.ts";
import { TERMS_VERSION } from "./terms.ts";

type World = Awaited<ReturnType<typeof world>>;

/** Every step of a first access; each must refuse a session that is at another one. */
const STEPS: Record<FirstAccessStep, (portal: World, session: Session | null) => Promise<unknown>> =
  {
    usuario: confirmName,
    termos: (portal, session) => acceptFirstTerms(portal, session, true),
    cadastro: (portal, session) => submitRegistration(portal, session, form(rosa)),
    confirmar: (portal, session) => finishFirstAccess(portal, session, "AAAAAAAA"),
  };

Deno.test("J1: the representative comes in, without a password being asked before", async () => {
  using portal = await world();
  const entry = await showCertificate(portal, certificate(portal, ALFA));
  assertEquals(entry.next, "first_access");
  assertEquals(entry.session.state.firstAccess?.name, rosa.name.toUpperCase());
  const session = await enterRepresentative(portal);

  const caller = (await loadCaller(portal, session))!;
  assertEquals(caller.isRepresentative, true);
  assertEquals(caller.operadora?.cnpj, ALFA);
  assertEquals(caller.termsAccepted, true);
  assertEquals(caller.person.email, rosa.email);
  assertEquals(await representativeOf(portal, ALFA), { cpf: rosa.cpf, certificate: "a" });
  assertEquals((await mailsTo(portal, ALFA_MAIL)).map(({ subject }) => subject), [
    "Certificado digital registrado no portal",
  ]);
  assert((await portal.kv.get(keys.termsAccepted(rosa.cpf, TERMS_VERSION))).value);
});

Deno.test("J7: a usuário comes in with the provisional password, which then is worth nothing", async () => {
  using portal = await world();
  await enterRepresentative(portal);
  must(await addUser(portal, lia));
  const provisional = await provisionalFor(portal, lia.email);
  const session = await userAt(portal, "confirmar", lia);
  const entered = must(
    await finishFirstAccess(portal, session, await codeFor(portal, lia.email)),
  );
  assertNotEquals(entered.id, session.id);
  assertEquals(entered.state.operadora, null);
  const typed = { cpf: lia.cpf, password: provisional };
  assertEquals(codeOf(await login(portal, typed)), "login_refused");
  assertEquals(must(await login(portal, { ...typed, password: PASSWORD })).next, "logged_in");
});

Deno.test("no step can be skipped or made again", async () => {
  using portal = await world();
  for (const at of Object.keys(STEPS) as FirstAccessStep[]) {
    const session = await representativeAt(portal, at);
    for (const [step, act] of Object.entries(STEPS)) {
      if (step === at) continue;
      assertEquals(await act(portal, session), { ok: false, code: "step_out_of_order" }, step);
    }
  }
  assertEquals((await portal.kv.get(keys.person(rosa.cpf))).value, null);
});

Deno.test("no step without a session, in a visit that shows nothing, or after the login", async () => {
  using portal = await world();
  const bare = await visit(portal);
  const entered = await enterRepresentative(portal);
  for (const act of Object.values(STEPS)) {
    assertEquals(await act(portal, null), { ok: false, code: "session_ended" });
    assertEquals(await act(portal, bare), { ok: false, code: "step_out_of_order" });
    const after = await act(portal, entered) as { ok: boolean };
    assertEquals(after.ok, false);
  }
  const known = { cpf: rosa.cpf, password: PASSWORD };
  assertEquals(codeOf(await finishAsKnownPerson(portal, bare, known)), "step_out_of_order");
  assertEquals(codeOf(await resendCode(portal, bare)), "step_out_of_order");
  assertEquals(codeOf(await changeEmail(portal, bare)), "step_out_of_order");
});

Deno.test("a form posted after the session ended, at each step", async () => {
  using portal = await world();
  for (const [step, act] of Object.entries(STEPS)) {
    const session = await representativeAt(portal, step as FirstAccessStep);
    portal.advance(30 * MINUTE);
    const refused = await act(portal, session) as { code: string };
    // The code ends before the session does.
    assertEquals(refused.code, step === "confirmar" ? "code_expired" : "session_ended");
  }
});

Deno.test("a certificate that expires in the middle ends the first access, at each step", async () => {
  using portal = await world();
  for (const [step, act] of Object.entries(STEPS)) {
    const seen = certificate(portal, ALFA, { life: MINUTE });
    const session = await representativeAt(portal, step as FirstAccessStep, rosa, seen);
    portal.advance(MINUTE + 1);
    const refused = { ok: false, code: "certificate_expired_meanwhile" };
    assertEquals(await act(portal, session), refused);
    const known = { cpf: rosa.cpf, password: PASSWORD };
    if (step === "cadastro") {
      assertEquals(await finishAsKnownPerson(portal, session, known), refused);
    }
    if (step === "confirmar") {
      const code = await codeFor(portal, rosa.email);
      assertEquals(await finishFirstAccess(portal, session, code), refused);
    }
  }
  assertEquals(await representativeOf(portal, ALFA), { cpf: null, certificate: null });
});

Deno.test("without the terms there is no next step", async () => {
  using portal = await world();
  const session = await representativeAt(portal, "termos");
  assertEquals(codeOf(await acceptFirstTerms(portal, session, false)), "terms_not_accepted");
  const refused = await submitRegistration(portal, session, form(rosa));
  assertEquals(codeOf(refused), "step_out_of_order");
});

Deno.test("the session has a new id at each change of powers; the old cookies are worth nothing", async () => {
  using portal = await world();
  const before = await visit(portal);
  const entry = must(
    await enterWithCertificate(portal, before, certificate(portal, ALFA)),
  );
  assertNotEquals(entry.session.id, before.id);
  const named = must(await confirmName(portal, entry.session));
  const agreed = must(await acceptFirstTerms(portal, named, true));
  const last = must(await submitRegistration(portal, agreed, form(rosa)));
  const entered = must(
    await finishFirstAccess(portal, last, await codeFor(portal, rosa.email)),
  );
  assertNotEquals(entered.id, named.id);
  for (const old of [before, named]) {
    assertEquals(await readSession(portal, await sessionToken(portal, old)), null);
  }
});

Deno.test("a first access does not outlive its visit", async () => {
  using portal = await world();
  const session = await representativeAt(portal, "termos");
  portal.advance(DAY);
  assertEquals(codeOf(await acceptFirstTerms(portal, session, true)), "session_ended");
});

Deno.test("after all of it the chains hold and tell no CPF, code or password", async () => {
  using portal = await world();
  await enterRepresentative(portal);
  await enterUser(portal, lia);
  await login(portal, { cpf: lia.cpf, password: OTHER_PASSWORD });
  await login(portal, { cpf: zeca.cpf, password: OTHER_PASSWORD });
  for (const stream of ["portal", ALFA]) {
    const { records, brokenAt } = await verifyStream(portal.kv, stream);
    assert(records > 0);
    assertEquals(brokenAt, null);
  }
  const text = JSON.stringify(await auditRecords(portal));
  const codes = [await codeFor(portal, rosa.email), await codeFor(portal, lia.email)];
  const secrets = [PASSWORD, OTHER_PASSWORD, await provisionalFor(portal, lia.email), ...codes];
  for (const secret of [rosa.cpf, lia.cpf, zeca.cpf, ...secrets]) {
    assert(!text.includes(secret), secret);
  }
  for await (const { key, value } of portal.kv.list({ prefix: [] })) {
    // Messages hold what they tell until they are sent.
    if (key[0] === "outbox") continue;
    const entry = Deno.inspect([key, value], { depth: 20, strAbbreviateSize: 10_000 });
    for (const secret of secrets) assert(!entry.includes(secret), `${String(key[0])}: ${secret}`);
  }
});
