import { assertEquals } from "@std/assert";
import { loadCaller } from "../access/caller.ts";
import { keys } from "../store/keys.ts";
import {
  addUser,
  auditRecords,
  BETA,
  caio,
  certificate,
  codeFor,
  codeOf,
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
  must,
  OTHER_PASSWORD,
  PASSWORD,
  personOf,
  representativeAt,
  representativeOf,
  rosa,
  userAt,
  world,
  zeca,
} from "../testing_world.ts";
import { finishAsKnownPerson, finishFirstAccess } from "./finish_first_access.ts";
import { changeEmail, resendCode, submitRegistration } from "./first_access.ts";

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
  const people = portal.kv.list({ prefix: keys.person.under() });
  assertEquals((await Array.fromAsync(people)).length, 1);
  const sessions = portal.kv.list({ prefix: keys.sessionByPerson.under(rosa.cpf) });
  assertEquals((await Array.fromAsync(sessions)).length, 1);
  const done = await mailsTo(portal, rosa.email);
  assertEquals(done.filter(({ subject }) => subject === "Primeiro acesso concluído").length, 1);
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
