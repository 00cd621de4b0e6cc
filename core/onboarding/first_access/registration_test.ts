import { assertEquals } from "@std/assert";
import {
  addUser,
  ALFA,
  BETA,
  certificate,
  codeFor,
  codeOf,
  form,
  ivo,
  lia,
  login,
  mailsTo,
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
} from "@/tests/fixtures/mod.ts";
import { finishFirstAccess } from "./finish.ts";
import { submitRegistration } from "./steps.ts";

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

Deno.test("an e-mail address belongs to one person", async () => {
  using deps = await seedRegistries();
  await seedRepresentative(deps);
  const session = await representativeAt(deps, "cadastro", ivo, certificate(deps, BETA));
  for (const email of [rosa.email, ` ${rosa.email.toUpperCase()} `]) {
    const typed = { ...form(ivo), email };
    assertEquals(codeOf(await submitRegistration(deps, session, typed)), "email_taken");
  }
});

Deno.test("whoever invites a CPF first does not keep its owner from representing a company", async () => {
  using deps = await seedRegistries();
  await seedRepresentative(deps);
  const squatter = { ...ivo, name: "Nome Trocado", email: "invasor@ficticia.example" };
  must(await addUser(deps, squatter));
  const provisional = await provisionalFor(deps, squatter.email);
  await seedRepresentative(deps, ivo, certificate(deps, BETA));
  const person = await personOf(deps, ivo);
  assertEquals([person.name, person.email], [ivo.name.toUpperCase(), ivo.email]);
  // The invitation is still the squatter's to accept, with an account of their own, and Ivo's is his.
  const late = must(await login(deps, { cpf: ivo.cpf, password: provisional }));
  assertEquals(late.next, "first_access");
  assertEquals(codeOf(await login(deps, { cpf: ivo.cpf, password: PASSWORD })), "ok");
});
