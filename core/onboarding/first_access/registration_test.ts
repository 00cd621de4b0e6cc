import { keys } from "../../store/keys.ts";
import { assertEquals } from "@std/assert";
import {
  addUser,
  ALFA,
  BETA,
  certificate,
  codeFor,
  codeOf,
  deactivate,
  form,
  ivo,
  lia,
  login,
  mailsTo,
  MINUTE,
  must,
  nair,
  onboardingIn,
  PASSWORD,
  personOf,
  provisionalFor,
  representativeAt,
  rosa,
  seedRegistries,
  seedRepresentative,
  seedUser,
  userAt,
} from "@/tests/fixtures/mod.ts";
import { finishFirstAccess } from "./finish.ts";
import { submitRegistration } from "./steps.ts";
import { PROVISIONAL_LIFE } from "../../account/account.ts";

Deno.test("registration: what is wrong is said, and nothing is sent", async () => {
  using deps = await seedRegistries();
  const session = await representativeAt(deps, "cadastro");
  const right = form(rosa);
  const wrong = {
    email_invalid: { ...right, email: "rosa" },
    passwords_differ: { ...right, repeated: `${PASSWORD} ` },
    password_too_short: { ...right, password: "Xk#2", repeated: "Xk#2" },
    password_common: { ...right, password: "Senha@2026", repeated: "Senha@2026" },
    password_personal: { ...right, password: "Alfabeta#1z", repeated: "Alfabeta#1z" },
  };
  for (const [code, typed] of Object.entries(wrong)) {
    assertEquals(codeOf(await submitRegistration(deps, session, typed)), code);
  }
  assertEquals(await mailsTo(deps, rosa.email), []);
});

Deno.test("a CPF is asked when the certificate does not tell the representative's", async () => {
  using deps = await seedRegistries();
  const responsible = { ...nair, name: "Outra Pessoa" };
  for (const other of [responsible, null]) {
    const seen = certificate(deps, ALFA, { responsible: other });
    const session = await representativeAt(deps, "cadastro", rosa, seen);
    const typed = { ...form(rosa), cpf: "123.456.789-00" };
    assertEquals(codeOf(await submitRegistration(deps, session, typed)), "cpf_invalid");
    must(await submitRegistration(deps, session, form(rosa)));
  }
});

Deno.test("the CPF of the certificate stands against the one in the form", async () => {
  using deps = await seedRegistries();
  const session = await representativeAt(deps, "cadastro");
  const registered = must(
    await submitRegistration(deps, session, { ...form(rosa), cpf: nair.cpf }),
  );
  assertEquals(onboardingIn(registered, "first_access")?.draft?.cpf, rosa.cpf);
});

Deno.test("the password of a usuário must not hold the name of an operadora that registered them", async () => {
  using deps = await seedRegistries();
  await seedRepresentative(deps);
  await seedRepresentative(deps, ivo, certificate(deps, BETA));
  must(await addUser(deps, lia));
  deps.advance(1);
  must(await addUser(deps, lia, { cnpj: BETA }));
  const session = await userAt(deps, "cadastro", lia);
  for (const password of ["Alfabeta#1z", "Betunia#1z"]) {
    const typed = { ...form(lia), password, repeated: password };
    assertEquals(codeOf(await submitRegistration(deps, session, typed)), "password_personal");
  }
});

Deno.test("an e-mail address belongs to one person", async () => {
  using deps = await seedRegistries();
  await seedRepresentative(deps);
  must(await addUser(deps, lia));
  const session = await userAt(deps, "cadastro", lia);
  for (const email of [rosa.email, ` ${rosa.email.toUpperCase()} `]) {
    const typed = { ...form(lia), email };
    assertEquals(codeOf(await submitRegistration(deps, session, typed)), "email_taken");
  }
});

Deno.test("the registration form posted twice sends one code that works", async () => {
  using deps = await seedRegistries();
  const session = await representativeAt(deps, "cadastro");
  const outcomes = await Promise.all([
    submitRegistration(deps, session, form(rosa)),
    submitRegistration(deps, session, form(rosa)),
  ]);
  assertEquals(outcomes.map(codeOf).sort(), ["ok", "step_out_of_order"]);
  assertEquals((await mailsTo(deps, rosa.email)).length, 1);
  const next = outcomes.find(({ ok }) => ok)!;
  must(await finishFirstAccess(deps, must(next), await codeFor(deps, rosa.email)));
});

Deno.test("a new visit with the same certificate or password sends no more codes than the limit", async () => {
  using deps = await seedRegistries();
  for (let i = 0; i < 5; i++) await representativeAt(deps, "confirmar");
  const session = await representativeAt(deps, "cadastro");
  const refused = await submitRegistration(deps, session, form(rosa));
  assertEquals(codeOf(refused), "too_many_attempts");
  assertEquals((await mailsTo(deps, rosa.email)).length, 5);
});

Deno.test("the answers about CPFs and addresses cannot be asked for in bulk", async () => {
  using deps = await seedRegistries();
  await seedRepresentative(deps);
  await seedUser(deps, lia);
  const seen = certificate(deps, BETA, { responsible: null });
  const session = await representativeAt(deps, "cadastro", ivo, seen);
  const codes = [];
  for (let i = 0; i < 21; i++) {
    codes.push(codeOf(await submitRegistration(deps, session, { ...form(ivo), cpf: lia.cpf })));
  }
  assertEquals(new Set(codes.slice(0, 20)), new Set(["first_access_cpf_taken"]));
  assertEquals(codes[20], "too_many_attempts");
});

Deno.test("a provisional password in two browsers at once: one comes in, the other is told", async () => {
  using deps = await seedRegistries();
  await seedRepresentative(deps);
  must(await addUser(deps, lia));
  const ready = [];
  for (const email of [lia.email, "outro@ficticia.example"]) {
    const begun = await userAt(deps, "cadastro", lia);
    const session = must(await submitRegistration(deps, begun, { ...form(lia), email }));
    ready.push({ session, code: await codeFor(deps, email) });
  }
  const outcomes = await Promise.all(
    ready.map(({ session, code }) => finishFirstAccess(deps, session, code)),
  );
  assertEquals(outcomes.map(codeOf).sort(), ["ok", "provisional_spent"]);
  const taken = deps.kv.list({ prefix: keys.accountByEmail.under() });
  assertEquals((await Array.fromAsync(taken)).length, 2, "Rosa's and one of the two");
});

Deno.test("a provisional password that a newer one replaced finishes nothing", async () => {
  using deps = await seedRegistries();
  await seedRepresentative(deps);
  await seedRepresentative(deps, ivo, certificate(deps, BETA));
  must(await addUser(deps, lia));
  const early = await userAt(deps, "cadastro", lia);
  const late = await userAt(deps, "confirmar", lia);
  const code = await codeFor(deps, lia.email);
  const first = await provisionalFor(deps, lia.email);
  deps.advance(1);
  must(await addUser(deps, lia, { cnpj: BETA }));
  assertEquals(codeOf(await submitRegistration(deps, early, form(lia))), "provisional_spent");
  assertEquals(codeOf(await finishFirstAccess(deps, late, code)), "provisional_spent");
  assertEquals(codeOf(await login(deps, { cpf: lia.cpf, password: first })), "login_refused");
  await userAt(deps, "termos", lia);
});

Deno.test("a provisional password ends after 72 hours, also in the middle of a first access", async () => {
  using deps = await seedRegistries();
  await seedRepresentative(deps);
  must(await addUser(deps, lia));
  const typed = { cpf: lia.cpf, password: await provisionalFor(deps, lia.email) };
  deps.advance(PROVISIONAL_LIFE - MINUTE);
  const session = await userAt(deps, "confirmar", lia);
  const code = await codeFor(deps, lia.email);
  deps.advance(MINUTE);
  assertEquals(codeOf(await finishFirstAccess(deps, session, code)), "provisional_expired");
  assertEquals(codeOf(await login(deps, typed)), "provisional_expired");
});

Deno.test("a person deactivated in the middle of the first access is not let in", async () => {
  using deps = await seedRegistries();
  await seedRepresentative(deps);
  must(await addUser(deps, lia));
  const session = await userAt(deps, "confirmar", lia);
  await deactivate(deps, lia);
  const code = await codeFor(deps, lia.email);
  assertEquals(codeOf(await finishFirstAccess(deps, session, code)), "person_inactive");
  assertEquals((await personOf(deps, lia)).active, false);
});

Deno.test("whoever registers a CPF first does not keep its owner from representing a company", async () => {
  using deps = await seedRegistries();
  await seedRepresentative(deps);
  const squatter = { ...ivo, name: "Nome Trocado", email: "invasor@ficticia.example" };
  must(await addUser(deps, squatter));
  const provisional = await provisionalFor(deps, squatter.email);
  // A typed CPF is no proof …
  const typed = certificate(deps, BETA, { responsible: null, letter: "t" });
  const unproved = await representativeAt(deps, "cadastro", ivo, typed);
  const taken = await submitRegistration(deps, unproved, form(ivo));
  assertEquals(codeOf(taken), "first_access_cpf_taken");
  // … the one in the certificate is.
  await seedRepresentative(deps, ivo, certificate(deps, BETA));
  const person = await personOf(deps, ivo);
  assertEquals([person.name, person.email], [ivo.name.toUpperCase(), ivo.email]);
  const late = await login(deps, { cpf: ivo.cpf, password: provisional });
  assertEquals(codeOf(late), "login_refused");
});
