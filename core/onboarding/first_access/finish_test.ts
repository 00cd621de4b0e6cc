import { accountForCpf } from "../../account/account.ts";
import { assertEquals } from "@std/assert";
import { loadCaller } from "../../access/caller.ts";
import { getBinding } from "../../account/binding.ts";
import { keys } from "../../store/keys.ts";
import type { Account, AccountId } from "../../store/records/account.ts";
import type { AnonymousSession } from "../../store/records/session.ts";
import {
  addUser,
  ALFA,
  auditRecords,
  BETA,
  caio,
  certificate,
  codeFor,
  codeOf,
  deactivate,
  form,
  idOf,
  interrupted,
  ivo,
  lia,
  login,
  mailsTo,
  must,
  onboardingIn,
  OTHER_PASSWORD,
  PASSWORD,
  representativeAt,
  representativeOf,
  rosa,
  seedProof,
  seedRegistries,
  seedRepresentative,
  seedUser,
  selfRegister,
  userAt,
  zeca,
} from "@/tests/fixtures/mod.ts";
import { finishAsKnownPerson, finishFirstAccess, finishWithOwnAccount } from "./finish.ts";
import { changeEmail, resendCode, submitRegistration } from "./steps.ts";
import { confirmInvited } from "../invitation/finish.ts";

Deno.test("an e-mail address taken by two at once goes to one of them", async () => {
  using deps = await seedRegistries();
  await seedRepresentative(deps);
  const email = "comum@ficticia.example";
  const ready = [];
  for (const person of [lia, caio]) {
    must(await addUser(deps, person));
    const session = await userAt(deps, "confirmar", person, email);
    ready.push({ session, code: await codeFor(deps, email) });
    deps.advance(1);
  }
  const outcomes = await Promise.all(
    ready.map(({ session, code }) => confirmInvited(deps, session, code)),
  );
  assertEquals(outcomes.map(codeOf).sort(), ["email_has_account", "ok"]);
  const holder = (await deps.kv.get<AccountId>(keys.accountByEmail(email))).value;
  const people = await Promise.all([lia, caio].map((person) => accountForCpf(deps, person.cpf)));
  assertEquals(people.flatMap((person) => person ? [person.id] : []), [holder!]);
});

Deno.test("the loser of an e-mail address mends it and comes in", async () => {
  using deps = await seedRegistries();
  await seedRepresentative(deps);
  const begun = await representativeAt(deps, "cadastro", ivo, certificate(deps, BETA));
  const email = "x@ficticia.example";
  const late = must(await submitRegistration(deps, begun, { ...form(ivo), email }));
  await deps.kv.set(keys.accountByEmail(email), await idOf(deps, rosa));
  const code = await codeFor(deps, email);
  const met = must(await finishFirstAccess(deps, late, code)) as AnonymousSession;
  assertEquals(onboardingIn(met, "first_access")?.step, "conta");
  const back = must(await changeEmail(deps, met, "conta"));
  const mended = must(await submitRegistration(deps, back, form(ivo)));
  must(await finishFirstAccess(deps, mended, await codeFor(deps, ivo.email)));
});

Deno.test("the last form posted twice makes one person and one session", async () => {
  using deps = await seedRegistries();
  const session = await representativeAt(deps, "confirmar");
  const code = await codeFor(deps, rosa.email);
  const outcomes = await Promise.all([
    finishFirstAccess(deps, session, code),
    finishFirstAccess(deps, session, code),
  ]);
  assertEquals(outcomes.filter(({ ok }) => ok).length, 1);
  const again = await finishFirstAccess(deps, session, code);
  assertEquals(again.ok, false);
  const people = deps.kv.list({ prefix: keys.account.under() });
  assertEquals((await Array.fromAsync(people)).length, 1);
  const account = await idOf(deps, rosa);
  const sessions = deps.kv.list({ prefix: keys.sessionOfAccount.under(account) });
  assertEquals((await Array.fromAsync(sessions)).length, 1);
  const done = await mailsTo(deps, rosa.email);
  assertEquals(done.filter(({ subject }) => subject === "Primeiro acesso concluído").length, 1);
});

Deno.test("a CPF that somebody registers just before the commit: the representative's account is another", async () => {
  using deps = await seedRegistries();
  const session = await representativeAt(deps, "confirmar");
  const code = await codeFor(deps, rosa.email);
  const other = () => selfRegister(deps, rosa, { email: "outra@ficticia.example" });
  // The first commit is the one that counts the attempt at the code.
  must(await finishFirstAccess(interrupted(deps, 2, other), session, code));
  const people = deps.kv.list<Account>({ prefix: keys.account.under() });
  const found = await Array.fromAsync(people, ({ value }) => value);
  assertEquals(found.map(({ cpf }) => cpf), [rosa.cpf, rosa.cpf]);
  const binding = await getBinding(deps, ALFA);
  const bound = found.find(({ id }) => id === binding.representative?.account)!;
  assertEquals([bound.email, bound.proof], [rosa.email, null]);
});

Deno.test("a code of another session does not help", async () => {
  using deps = await seedRegistries();
  const own = await representativeAt(deps, "confirmar");
  deps.advance(1);
  const other = await representativeAt(deps, "confirmar");
  const code = await codeFor(deps, rosa.email);
  assertEquals(codeOf(await finishFirstAccess(deps, own, code)), "code_wrong");
  must(await finishFirstAccess(deps, other, code));
});

Deno.test("codes guessed in parallel use up the five attempts, the right one comes too late", async () => {
  using deps = await seedRegistries();
  const session = await representativeAt(deps, "confirmar");
  const guesses = Array.from({ length: 15 }, (_, i) => `ZZZZZZZ${i % 8 + 2}`);
  const outcomes = await Promise.all(
    guesses.map((guess) => finishFirstAccess(deps, session, guess)),
  );
  assertEquals(outcomes.filter((outcome) => codeOf(outcome) === "code_wrong").length, 4);
  const code = await codeFor(deps, rosa.email);
  assertEquals(codeOf(await finishFirstAccess(deps, session, code)), "code_exhausted");
});

Deno.test("a new code ends the old one and brings new attempts, five codes in a quarter of an hour", async () => {
  using deps = await seedRegistries();
  const session = await representativeAt(deps, "confirmar");
  const first = await codeFor(deps, rosa.email);
  for (let i = 0; i < 4; i++) {
    deps.advance(1000);
    must(await resendCode(deps, session));
  }
  assertEquals(codeOf(await resendCode(deps, session)), "too_many_attempts");
  assertEquals(codeOf(await finishFirstAccess(deps, session, first)), "code_wrong");
  must(await finishFirstAccess(deps, session, await codeFor(deps, rosa.email)));
});

Deno.test("an address that was not confirmed is never taken, though the code before it was right", async () => {
  using deps = await seedRegistries();
  const session = await representativeAt(deps, "confirmar");
  const code = await codeFor(deps, rosa.email);
  const victim = { ...form(rosa), email: "vitima@ficticia.example" };
  // The first commit tries the code, the second is to spend it.
  const meanwhile = interrupted(deps, 2, async () => {
    const back = must(await changeEmail(deps, session));
    must(await submitRegistration(deps, back, victim));
  });
  assertEquals(codeOf(await finishFirstAccess(meanwhile, session, code)), "code_expired");
  assertEquals((await deps.kv.get(keys.accountByEmail(victim.email))).value, null);
});

Deno.test("one certificate in two browsers: the second is told that it is done", async () => {
  using deps = await seedRegistries();
  const first = await representativeAt(deps, "confirmar");
  const code = await codeFor(deps, rosa.email);
  const second = await representativeAt(deps, "cadastro");
  must(await finishFirstAccess(deps, first, code));
  for (const login of [rosa.cpf, rosa.email]) {
    const known = await finishAsKnownPerson(deps, second, { login, password: PASSWORD });
    assertEquals(codeOf(known), "representative_already_bound");
  }
});

Deno.test("a usuário cannot finish as a known person", async () => {
  using deps = await seedRegistries();
  await seedRepresentative(deps);
  must(await addUser(deps, lia));
  const session = await userAt(deps, "cadastro", lia);
  const typed = { login: rosa.cpf, password: PASSWORD };
  assertEquals(codeOf(await finishAsKnownPerson(deps, session, typed)), "step_out_of_order");
});

Deno.test("a representative who is in the portal proves it with their password", async () => {
  for (const login of [ivo.cpf, ivo.email]) {
    using deps = await seedRegistries();
    await seedRepresentative(deps);
    await seedUser(deps, { ...ivo, name: "Ivo F. da Silva" });
    const session = await representativeAt(deps, "cadastro", ivo, certificate(deps, BETA));
    const wrong = { login, password: OTHER_PASSWORD };
    const refused = await finishAsKnownPerson(deps, session, wrong);
    assertEquals(codeOf(refused), "first_access_unknown");
    // A declared CPF that is the certificate's: the spelling of the name does not matter.
    const entered = must(await finishAsKnownPerson(deps, session, { login, password: PASSWORD }));
    assertEquals((await loadCaller(deps, entered))?.isRepresentative, true);
    assertEquals(await representativeOf(deps, BETA), { cpf: ivo.cpf, certificate: "b" });
    const people = deps.kv.list({ prefix: keys.accountsOfCpf.under(ivo.cpf) });
    assertEquals((await Array.fromAsync(people)).length, 1, "no second account");
  }
});

Deno.test("an e-mail that has an account: its password, then the tie, and no second account", async () => {
  using deps = await seedRegistries();
  await seedRepresentative(deps);
  await seedUser(deps, ivo);
  const asked = await representativeAt(deps, "cadastro", ivo, certificate(deps, BETA));
  // Nothing is said of it before its code has come back.
  const waiting = must(await submitRegistration(deps, asked, form(ivo, OTHER_PASSWORD)));
  const met = must(await finishFirstAccess(deps, waiting, await codeFor(deps, ivo.email)));
  const step = onboardingIn(met as AnonymousSession, "first_access");
  assertEquals([step?.step, step?.draft?.passwordHash], ["conta", null]);
  const refused = await finishWithOwnAccount(deps, met, OTHER_PASSWORD);
  assertEquals(codeOf(refused), "first_access_unknown");
  const entered = must(await finishWithOwnAccount(deps, met, PASSWORD));
  assertEquals((await loadCaller(deps, entered))?.isRepresentative, true);
  const people = deps.kv.list({ prefix: keys.accountsOfCpf.under(ivo.cpf) });
  assertEquals((await Array.fromAsync(people)).length, 1);
});

Deno.test("an account that gov.br has proved is the representative's under CADOP's name only", async () => {
  using deps = await seedRegistries();
  await seedRepresentative(deps);
  await seedUser(deps, { ...ivo, name: "Ivo F. da Silva" });
  await seedProof(deps, ivo);
  const session = await representativeAt(deps, "cadastro", ivo, certificate(deps, BETA));
  const typed = { login: ivo.email, password: PASSWORD };
  const refused = await finishAsKnownPerson(deps, session, typed);
  assertEquals(codeOf(refused), "first_access_other_name");
  assertEquals(await representativeOf(deps, BETA), { cpf: null, certificate: null });
});

Deno.test("somebody else's account does not make its owner the representative", async () => {
  using deps = await seedRegistries();
  await seedRepresentative(deps);
  await seedUser(deps, lia);
  // The certificate tells no CPF, so one is typed: the account must bear the name of CADOP.
  const seen = certificate(deps, BETA, { responsible: null });
  const session = await representativeAt(deps, "cadastro", ivo, seen);
  const typed = { login: lia.cpf, password: PASSWORD };
  assertEquals(
    codeOf(await finishAsKnownPerson(deps, session, typed)),
    "first_access_other_name",
  );
  const nobody = { login: zeca.cpf, password: PASSWORD };
  assertEquals(codeOf(await finishAsKnownPerson(deps, session, nobody)), "first_access_unknown");
  assertEquals(await representativeOf(deps, BETA), { cpf: null, certificate: null });
  const failures = (await auditRecords(deps)).filter(({ event }) => event === "login.refused");
  assertEquals(failures.length, 1);
});

Deno.test("the password of a known person is not guessed through the first access", async () => {
  using deps = await seedRegistries();
  await seedRepresentative(deps);
  await seedUser(deps, ivo);
  const seen = certificate(deps, BETA);
  const guess = async () => {
    const session = await representativeAt(deps, "cadastro", ivo, seen);
    return await finishAsKnownPerson(deps, session, { login: ivo.cpf, password: OTHER_PASSWORD });
  };
  const codes = [];
  for (let i = 0; i < 6; i++) codes.push(codeOf(await guess()));
  assertEquals(codes.slice(0, 5), Array(5).fill("first_access_unknown"));
  assertEquals(codes[5], "too_many_attempts");
  // Nor does that lock the person out of their own door.
  assertEquals(codeOf(await login(deps, { cpf: ivo.cpf, password: PASSWORD })), "ok");
});

Deno.test("a deactivated person does not come back as a representative", async () => {
  using deps = await seedRegistries();
  await seedRepresentative(deps);
  await seedUser(deps, ivo);
  await deactivate(deps, ivo);
  const session = await representativeAt(deps, "cadastro", ivo, certificate(deps, BETA));
  const typed = { login: ivo.cpf, password: PASSWORD };
  assertEquals(codeOf(await finishAsKnownPerson(deps, session, typed)), "first_access_unknown");
  const waiting = must(await submitRegistration(deps, session, form(ivo)));
  const met = must(await finishFirstAccess(deps, waiting, await codeFor(deps, ivo.email)));
  assertEquals(codeOf(await finishWithOwnAccount(deps, met, PASSWORD)), "first_access_unknown");
});
