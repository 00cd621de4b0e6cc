import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { verifyStream } from "../audit/chain.ts";
import { loadCaller } from "../access/caller.ts";
import {
  addUser,
  ALFA,
  ALFA_MAIL,
  auditRecords,
  BETA,
  caio,
  certificate,
  codeFor,
  codeOf,
  DAY,
  deactivate,
  enterRepresentative,
  enterUser,
  form,
  importEdition,
  interrupted,
  ivo,
  lia,
  login,
  mailsTo,
  MINUTE,
  must,
  nair,
  OTHER_PASSWORD,
  PASSWORD,
  personOf,
  provisionalFor,
  representativeAt,
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
import type { FirstAccessStep } from "./first_access_state.ts";
import { keys } from "./keys.ts";
import { PROVISIONAL_LIFE } from "./person.ts";
import type { Representative } from "./representative.ts";
import { readSession, type Session, sessionToken } from "./session.ts";
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

async function representativeOf(portal: World, cnpj: string) {
  const [bound, registered] = await portal.kv.getMany<[Representative, { sha256: string }]>([
    keys.representative(cnpj),
    keys.certificateOfOperadora(cnpj),
  ]);
  return { cpf: bound.value?.cpf ?? null, certificate: registered.value?.sha256[0] ?? null };
}

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

Deno.test("registration: what is wrong is said, and nothing is sent", async () => {
  using portal = await world();
  const session = await representativeAt(portal, "cadastro");
  const right = form(rosa);
  const wrong = {
    email_invalid: { ...right, email: "rosa" },
    passwords_differ: { ...right, repeated: `${PASSWORD} ` },
    password_too_short: { ...right, password: "Xk#2", repeated: "Xk#2" },
    password_common: { ...right, password: "Senha@2026", repeated: "Senha@2026" },
    password_personal: { ...right, password: "Alfabeta#1z", repeated: "Alfabeta#1z" },
  };
  for (const [code, typed] of Object.entries(wrong)) {
    assertEquals(codeOf(await submitRegistration(portal, session, typed)), code);
  }
  assertEquals(await mailsTo(portal, rosa.email), []);
});

Deno.test("a CPF is asked when the certificate does not tell the representative's", async () => {
  using portal = await world();
  const responsible = { ...nair, name: "Outra Pessoa" };
  for (const other of [responsible, null]) {
    const seen = certificate(portal, ALFA, { responsible: other });
    const session = await representativeAt(portal, "cadastro", rosa, seen);
    const typed = { ...form(rosa), cpf: "123.456.789-00" };
    assertEquals(codeOf(await submitRegistration(portal, session, typed)), "cpf_invalid");
    must(await submitRegistration(portal, session, form(rosa)));
  }
});

Deno.test("the CPF of the certificate stands against the one in the form", async () => {
  using portal = await world();
  const session = await representativeAt(portal, "cadastro");
  const registered = must(
    await submitRegistration(portal, session, { ...form(rosa), cpf: nair.cpf }),
  );
  assertEquals(registered.state.firstAccess?.draft?.cpf, rosa.cpf);
});

Deno.test("the password of a usuário must not hold the name of an operadora that registered them", async () => {
  using portal = await world();
  await enterRepresentative(portal);
  await enterRepresentative(portal, ivo, certificate(portal, BETA));
  must(await addUser(portal, lia));
  portal.advance(1);
  must(await addUser(portal, lia, { cnpj: BETA, by: ivo }));
  const session = await userAt(portal, "cadastro", lia);
  for (const password of ["Alfabeta#1z", "Betunia#1z"]) {
    const typed = { ...form(lia), password, repeated: password };
    assertEquals(codeOf(await submitRegistration(portal, session, typed)), "password_personal");
  }
});

Deno.test("an e-mail address belongs to one person", async () => {
  using portal = await world();
  await enterRepresentative(portal);
  must(await addUser(portal, lia));
  const session = await userAt(portal, "cadastro", lia);
  for (const email of [rosa.email, ` ${rosa.email.toUpperCase()} `]) {
    const typed = { ...form(lia), email };
    assertEquals(codeOf(await submitRegistration(portal, session, typed)), "email_taken");
  }
});

Deno.test("an e-mail address taken by two at once goes to one of them", async () => {
  using portal = await world();
  await enterRepresentative(portal);
  const email = "comum@ficticia.example";
  const ready = [];
  for (const person of [lia, caio]) {
    must(await addUser(portal, person));
    const begun = await userAt(portal, "cadastro", person);
    const session = must(await submitRegistration(portal, begun, { ...form(person), email }));
    ready.push({ session, code: await codeFor(portal, email) });
    portal.advance(1);
  }
  const outcomes = await Promise.all(
    ready.map(({ session, code }) => finishFirstAccess(portal, session, code)),
  );
  assertEquals(outcomes.map(codeOf).sort(), ["email_taken", "ok"]);
  const holder = (await portal.kv.get<string>(keys.personByEmail(email))).value;
  const people = [await personOf(portal, lia), await personOf(portal, caio)];
  assertEquals(people.filter((person) => person.email === email).map(({ cpf }) => cpf), [holder!]);
});

Deno.test("the loser of an e-mail address mends it and comes in", async () => {
  using portal = await world();
  await enterRepresentative(portal);
  must(await addUser(portal, lia));
  const begun = await userAt(portal, "cadastro", lia);
  const email = "x@ficticia.example";
  const late = must(await submitRegistration(portal, begun, { ...form(lia), email }));
  await portal.kv.set(keys.personByEmail(email), rosa.cpf);
  const code = await codeFor(portal, email);
  assertEquals(codeOf(await finishFirstAccess(portal, late, code)), "email_taken");
  const back = must(await changeEmail(portal, late));
  const mended = must(await submitRegistration(portal, back, form(lia)));
  must(await finishFirstAccess(portal, mended, await codeFor(portal, lia.email)));
});

Deno.test("the last form posted twice makes one person and one session", async () => {
  using portal = await world();
  const session = await representativeAt(portal, "confirmar");
  const code = await codeFor(portal, rosa.email);
  const outcomes = await Promise.all([
    finishFirstAccess(portal, session, code),
    finishFirstAccess(portal, session, code),
  ]);
  assertEquals(outcomes.filter(({ ok }) => ok).length, 1);
  const again = await finishFirstAccess(portal, session, code);
  assertEquals(again.ok, false);
  const people = portal.kv.list({ prefix: ["person"] });
  assertEquals((await Array.fromAsync(people)).length, 1);
  const sessions = portal.kv.list({ prefix: keys.sessionsOfPerson(rosa.cpf) });
  assertEquals((await Array.fromAsync(sessions)).length, 1);
  const done = await mailsTo(portal, rosa.email);
  assertEquals(done.filter(({ subject }) => subject === "Primeiro acesso concluído").length, 1);
});

Deno.test("the registration form posted twice sends one code that works", async () => {
  using portal = await world();
  const session = await representativeAt(portal, "cadastro");
  const outcomes = await Promise.all([
    submitRegistration(portal, session, form(rosa)),
    submitRegistration(portal, session, form(rosa)),
  ]);
  assertEquals(outcomes.map(codeOf).sort(), ["ok", "step_out_of_order"]);
  assertEquals((await mailsTo(portal, rosa.email)).length, 1);
  const next = outcomes.find(({ ok }) => ok)!;
  must(await finishFirstAccess(portal, must(next), await codeFor(portal, rosa.email)));
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

Deno.test("a code of another session does not help", async () => {
  using portal = await world();
  const own = await representativeAt(portal, "confirmar");
  portal.advance(1);
  const other = await representativeAt(portal, "confirmar");
  const code = await codeFor(portal, rosa.email);
  assertEquals(codeOf(await finishFirstAccess(portal, own, code)), "code_wrong");
  must(await finishFirstAccess(portal, other, code));
});

Deno.test("codes guessed in parallel use up the five attempts, the right one comes too late", async () => {
  using portal = await world();
  const session = await representativeAt(portal, "confirmar");
  const guesses = Array.from({ length: 15 }, (_, i) => `ZZZZZZZ${i % 8 + 2}`);
  const outcomes = await Promise.all(
    guesses.map((guess) => finishFirstAccess(portal, session, guess)),
  );
  assertEquals(outcomes.filter((outcome) => codeOf(outcome) === "code_wrong").length, 4);
  const code = await codeFor(portal, rosa.email);
  assertEquals(codeOf(await finishFirstAccess(portal, session, code)), "code_exhausted");
});

Deno.test("a new code ends the old one and brings new attempts, five codes in a quarter of an hour", async () => {
  using portal = await world();
  const session = await representativeAt(portal, "confirmar");
  const first = await codeFor(portal, rosa.email);
  for (let i = 0; i < 4; i++) {
    portal.advance(1000);
    must(await resendCode(portal, session));
  }
  assertEquals(codeOf(await resendCode(portal, session)), "too_many_attempts");
  assertEquals(codeOf(await finishFirstAccess(portal, session, first)), "code_wrong");
  must(await finishFirstAccess(portal, session, await codeFor(portal, rosa.email)));
});

Deno.test("a new visit with the same certificate or password sends no more codes than the limit", async () => {
  using portal = await world();
  for (let i = 0; i < 5; i++) await representativeAt(portal, "confirmar");
  const session = await representativeAt(portal, "cadastro");
  const refused = await submitRegistration(portal, session, form(rosa));
  assertEquals(codeOf(refused), "too_many_attempts");
  assertEquals((await mailsTo(portal, rosa.email)).length, 5);
});

Deno.test("the answers about CPFs and addresses cannot be asked for in bulk", async () => {
  using portal = await world();
  await enterRepresentative(portal);
  await enterUser(portal, lia);
  const seen = certificate(portal, BETA, { responsible: null });
  const session = await representativeAt(portal, "cadastro", ivo, seen);
  const codes = [];
  for (let i = 0; i < 21; i++) {
    codes.push(codeOf(await submitRegistration(portal, session, { ...form(ivo), cpf: lia.cpf })));
  }
  assertEquals(new Set(codes.slice(0, 20)), new Set(["first_access_cpf_taken"]));
  assertEquals(codes[20], "too_many_attempts");
});

Deno.test("an address that was not confirmed is never taken, though the code before it was right", async () => {
  using portal = await world();
  const session = await representativeAt(portal, "confirmar");
  const code = await codeFor(portal, rosa.email);
  const victim = { ...form(rosa), email: "vitima@ficticia.example" };
  // The first commit tries the code, the second is to spend it.
  const meanwhile = interrupted(portal, 2, async () => {
    const back = must(await changeEmail(portal, session));
    must(await submitRegistration(portal, back, victim));
  });
  assertEquals(codeOf(await finishFirstAccess(meanwhile, session, code)), "code_expired");
  assertEquals((await portal.kv.get(keys.personByEmail(victim.email))).value, null);
});

Deno.test("two certificates claim one operadora at once: one is registered", async () => {
  using portal = await world();
  const ready = [];
  for (const [letter, person] of [["a", rosa], ["b", { ...nair, name: rosa.name }]] as const) {
    const seen = certificate(portal, ALFA, { letter, responsible: person });
    const session = await representativeAt(portal, "confirmar", person, seen);
    ready.push({ session, letter, person, code: await codeFor(portal, person.email) });
  }
  const outcomes = await Promise.all(
    ready.map(({ session, code }) => finishFirstAccess(portal, session, code)),
  );
  assertEquals(outcomes.map(codeOf).sort(), ["certificate_not_registered", "ok"]);
  const winner = ready[outcomes.findIndex(({ ok }) => ok)]!;
  const expected = { cpf: winner.person.cpf, certificate: winner.letter };
  assertEquals(await representativeOf(portal, ALFA), expected);
  const people = portal.kv.list({ prefix: ["person"] });
  assertEquals((await Array.fromAsync(people)).length, 1, "nothing is left of the loser");
  assertEquals((await mailsTo(portal, ALFA_MAIL)).length, 1);
});

Deno.test("one certificate in two browsers: the second is told that it is done", async () => {
  using portal = await world();
  const first = await representativeAt(portal, "confirmar");
  const code = await codeFor(portal, rosa.email);
  const second = await representativeAt(portal, "cadastro");
  must(await finishFirstAccess(portal, first, code));
  const refused = await submitRegistration(portal, second, form(rosa));
  assertEquals(codeOf(refused), "first_access_cpf_taken");
  const typed = { cpf: rosa.cpf, password: PASSWORD };
  const known = await finishAsKnownPerson(portal, second, typed);
  assertEquals(codeOf(known), "representative_already_bound");
});

Deno.test("a new edition of CADOP in the middle: whoever it no longer names is not let in", async () => {
  using portal = await world();
  const session = await representativeAt(portal, "confirmar");
  await importEdition(portal, { [ALFA]: { Representante: nair.name } });
  const code = await codeFor(portal, rosa.email);
  assertEquals(await finishFirstAccess(portal, session, code), {
    ok: false,
    code: "representative_changed",
    detail: { representante: rosa.name.toUpperCase() },
  });
  assertEquals((await portal.kv.get(keys.person(rosa.cpf))).value, null);
  assertEquals(await representativeOf(portal, ALFA), { cpf: null, certificate: null });
});

Deno.test("a new edition that comes just before the commit counts", async () => {
  using portal = await world();
  const session = await representativeAt(portal, "confirmar");
  const code = await codeFor(portal, rosa.email);
  const edition = { [ALFA]: { Representante: nair.name } };
  const meanwhile = interrupted(portal, 2, () => importEdition(portal, edition));
  const refused = await finishFirstAccess(meanwhile, session, code);
  assertEquals(codeOf(refused), "representative_changed");
  assertEquals(await representativeOf(portal, ALFA), { cpf: null, certificate: null });
});

Deno.test("a new edition that leaves the operadora out, or without a representative", async () => {
  for (const change of [null, { Representante: "" }]) {
    using portal = await world();
    const session = await representativeAt(portal, "confirmar");
    await importEdition(portal, { [ALFA]: change });
    const code = await codeFor(portal, rosa.email);
    const refused = await finishFirstAccess(portal, session, code);
    assertEquals(codeOf(refused), "representative_changed");
  }
});

Deno.test("J16: the new representative starts at J1 and takes the place of the old one", async () => {
  using portal = await world();
  const old = await enterRepresentative(portal);
  await importEdition(portal, { [ALFA]: { Representante: nair.name } });
  assertEquals((await loadCaller(portal, old))?.isRepresentative, false);
  const seen = certificate(portal, ALFA, { letter: "n", responsible: nair });
  const entered = await enterRepresentative(portal, nair, seen);
  assertEquals((await loadCaller(portal, entered))?.isRepresentative, true);
  assertEquals((await loadCaller(portal, old))?.isRepresentative, false);
  assertEquals(await representativeOf(portal, ALFA), { cpf: nair.cpf, certificate: "n" });
});

Deno.test("a provisional password in two browsers at once: one comes in, the other is told", async () => {
  using portal = await world();
  await enterRepresentative(portal);
  must(await addUser(portal, lia));
  const ready = [];
  for (const email of [lia.email, "outro@ficticia.example"]) {
    const begun = await userAt(portal, "cadastro", lia);
    const session = must(await submitRegistration(portal, begun, { ...form(lia), email }));
    ready.push({ session, code: await codeFor(portal, email) });
  }
  const outcomes = await Promise.all(
    ready.map(({ session, code }) => finishFirstAccess(portal, session, code)),
  );
  assertEquals(outcomes.map(codeOf).sort(), ["ok", "provisional_spent"]);
  const taken = portal.kv.list({ prefix: ["person_by_email"] });
  assertEquals((await Array.fromAsync(taken)).length, 2, "Rosa's and one of the two");
});

Deno.test("a provisional password that a newer one replaced finishes nothing", async () => {
  using portal = await world();
  await enterRepresentative(portal);
  await enterRepresentative(portal, ivo, certificate(portal, BETA));
  must(await addUser(portal, lia));
  const early = await userAt(portal, "cadastro", lia);
  const late = await userAt(portal, "confirmar", lia);
  const code = await codeFor(portal, lia.email);
  const first = await provisionalFor(portal, lia.email);
  portal.advance(1);
  must(await addUser(portal, lia, { cnpj: BETA, by: ivo }));
  assertEquals(codeOf(await submitRegistration(portal, early, form(lia))), "provisional_spent");
  assertEquals(codeOf(await finishFirstAccess(portal, late, code)), "provisional_spent");
  assertEquals(codeOf(await login(portal, { cpf: lia.cpf, password: first })), "login_refused");
  await userAt(portal, "termos", lia);
});

Deno.test("a provisional password ends after 72 hours, also in the middle of a first access", async () => {
  using portal = await world();
  await enterRepresentative(portal);
  must(await addUser(portal, lia));
  const typed = { cpf: lia.cpf, password: await provisionalFor(portal, lia.email) };
  portal.advance(PROVISIONAL_LIFE - MINUTE);
  const session = await userAt(portal, "confirmar", lia);
  const code = await codeFor(portal, lia.email);
  portal.advance(MINUTE);
  assertEquals(codeOf(await finishFirstAccess(portal, session, code)), "provisional_expired");
  assertEquals(codeOf(await login(portal, typed)), "provisional_expired");
});

Deno.test("a person deactivated in the middle of the first access is not let in", async () => {
  using portal = await world();
  await enterRepresentative(portal);
  must(await addUser(portal, lia));
  const session = await userAt(portal, "confirmar", lia);
  await deactivate(portal, lia);
  const code = await codeFor(portal, lia.email);
  assertEquals(codeOf(await finishFirstAccess(portal, session, code)), "person_inactive");
  assertEquals((await personOf(portal, lia)).active, false);
});

Deno.test("a usuário cannot finish as a known person", async () => {
  using portal = await world();
  await enterRepresentative(portal);
  must(await addUser(portal, lia));
  const session = await userAt(portal, "cadastro", lia);
  const typed = { cpf: rosa.cpf, password: PASSWORD };
  assertEquals(codeOf(await finishAsKnownPerson(portal, session, typed)), "step_out_of_order");
});

Deno.test("a representative who is in the portal proves it with their password", async () => {
  using portal = await world();
  await enterRepresentative(portal);
  await enterUser(portal, { ...ivo, name: "Ivo F. da Silva" });
  const seen = certificate(portal, BETA);
  const session = await representativeAt(portal, "cadastro", ivo, seen);
  const taken = await submitRegistration(portal, session, form(ivo, OTHER_PASSWORD));
  assertEquals(codeOf(taken), "first_access_cpf_taken");
  const wrong = { cpf: "", password: OTHER_PASSWORD };
  const refused = await finishAsKnownPerson(portal, session, wrong);
  assertEquals(codeOf(refused), "first_access_cpf_unknown");
  // The CPF is the certificate's, so the spelling of the name does not matter.
  const entered = must(
    await finishAsKnownPerson(portal, session, { cpf: "", password: PASSWORD }),
  );
  assertEquals((await loadCaller(portal, entered))?.isRepresentative, true);
  assertEquals(await representativeOf(portal, BETA), { cpf: ivo.cpf, certificate: "b" });
});

Deno.test("somebody else's account does not make its owner the representative", async () => {
  using portal = await world();
  await enterRepresentative(portal);
  await enterUser(portal, lia);
  // The certificate tells no CPF, so one is typed: the account must bear the name of CADOP.
  const seen = certificate(portal, BETA, { responsible: null });
  const session = await representativeAt(portal, "cadastro", ivo, seen);
  const typed = { cpf: lia.cpf, password: PASSWORD };
  assertEquals(
    codeOf(await finishAsKnownPerson(portal, session, typed)),
    "first_access_cpf_unknown",
  );
  const nobody = { cpf: zeca.cpf, password: PASSWORD };
  assertEquals(
    codeOf(await finishAsKnownPerson(portal, session, nobody)),
    "first_access_cpf_unknown",
  );
  assertEquals(await representativeOf(portal, BETA), { cpf: null, certificate: null });
  const failures = (await auditRecords(portal)).filter(({ event }) => event === "login.refused");
  assertEquals(failures.length, 2);
});

Deno.test("the password of a known person is not guessed through the first access", async () => {
  using portal = await world();
  await enterRepresentative(portal);
  await enterUser(portal, ivo);
  const seen = certificate(portal, BETA);
  const guess = async () => {
    const session = await representativeAt(portal, "cadastro", ivo, seen);
    return await finishAsKnownPerson(portal, session, { cpf: "", password: OTHER_PASSWORD });
  };
  const codes = [];
  for (let i = 0; i < 6; i++) codes.push(codeOf(await guess()));
  assertEquals(codes.slice(0, 5), Array(5).fill("first_access_cpf_unknown"));
  assertEquals(codes[5], "too_many_attempts");
  // Nor does that lock the person out of their own door.
  assertEquals(codeOf(await login(portal, { cpf: ivo.cpf, password: PASSWORD })), "ok");
});

Deno.test("a deactivated person does not come back as a representative", async () => {
  using portal = await world();
  await enterRepresentative(portal);
  await enterUser(portal, ivo);
  must(await addUser(portal, caio));
  for (const person of [ivo, caio]) await deactivate(portal, person);
  const session = await representativeAt(portal, "cadastro", ivo, certificate(portal, BETA));
  const typed = { cpf: ivo.cpf, password: PASSWORD };
  assertEquals(
    codeOf(await finishAsKnownPerson(portal, session, typed)),
    "first_access_cpf_unknown",
  );
  // Registered, deactivated before their first access, and now named by CADOP.
  await importEdition(portal, { [BETA]: { Representante: caio.name } });
  const seen = certificate(portal, BETA, { responsible: caio });
  const second = await representativeAt(portal, "cadastro", caio, seen);
  assertEquals(codeOf(await submitRegistration(portal, second, form(caio))), "person_inactive");
});

Deno.test("whoever registers a CPF first does not keep its owner from representing a company", async () => {
  using portal = await world();
  await enterRepresentative(portal);
  const squatter = { ...ivo, name: "Nome Trocado", email: "invasor@ficticia.example" };
  must(await addUser(portal, squatter));
  const provisional = await provisionalFor(portal, squatter.email);
  // A typed CPF is no proof …
  const typed = certificate(portal, BETA, { responsible: null, letter: "t" });
  const unproved = await representativeAt(portal, "cadastro", ivo, typed);
  const taken = await submitRegistration(portal, unproved, form(ivo));
  assertEquals(codeOf(taken), "first_access_cpf_taken");
  // … the one in the certificate is.
  await enterRepresentative(portal, ivo, certificate(portal, BETA));
  const person = await personOf(portal, ivo);
  assertEquals([person.name, person.email], [ivo.name.toUpperCase(), ivo.email]);
  const late = await login(portal, { cpf: ivo.cpf, password: provisional });
  assertEquals(codeOf(late), "login_refused");
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

Deno.test("a first access does not outlive its visit", async () => {
  using portal = await world();
  const session = await representativeAt(portal, "termos");
  portal.advance(DAY);
  assertEquals(codeOf(await acceptFirstTerms(portal, session, true)), "session_ended");
});
