import { keys } from "../../store/keys.ts";
import { assert, assertEquals } from "@std/assert";
import type { UserOfOperadora } from "../../store/records/access.ts";
import type { LoggedIn, Session } from "../../store/records/session.ts";
import {
  ALFA,
  BETA,
  certificate,
  codeFor,
  codeOf,
  form,
  ivo,
  lia,
  mailsTo,
  must,
  nair,
  onboardingIn,
  PASSWORD,
  personOf,
  representativeAt,
  rosa,
  seedRegistries,
  seedRepresentative,
  seedUser,
} from "@/tests/fixtures/mod.ts";
import { finishFirstAccess } from "./finish.ts";
import { submitRegistration } from "./steps.ts";
import { getAccount } from "../../account/account.ts";

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

Deno.test("a representative's form tells of no CPF or address whether it is known, and not in bulk", async () => {
  using deps = await seedRegistries();
  await seedRepresentative(deps);
  await seedUser(deps, lia);
  const seen = certificate(deps, BETA, { responsible: null });
  const typed = [{ ...form(ivo), cpf: lia.cpf }, { ...form(ivo), email: lia.email }, form(ivo)];
  for (const one of typed) {
    const session = await representativeAt(deps, "cadastro", ivo, seen);
    assertEquals(codeOf(await submitRegistration(deps, session, one)), "ok");
  }
  const session = await representativeAt(deps, "cadastro", ivo, seen);
  const short = { ...form(ivo), password: "Xk#2", repeated: "Xk#2" };
  const codes = [];
  for (let i = 0; i < 18; i++) codes.push(codeOf(await submitRegistration(deps, session, short)));
  assertEquals(new Set(codes.slice(0, 17)), new Set(["password_too_short"]));
  assertEquals(codes[17], "too_many_attempts");
});

Deno.test("whoever registers a CPF first neither stops a representative nor is touched by them", async () => {
  for (const responsible of [ivo, null]) {
    using deps = await seedRegistries();
    await seedRepresentative(deps);
    const other = { ...ivo, name: "Nome Trocado", email: "outro@ficticia.example" };
    await seedUser(deps, other);
    const before = await personOf(deps, other);
    const seen = certificate(deps, BETA, { responsible });
    const session = await representativeAt(deps, "confirmar", ivo, seen);
    const entered = must(await finishFirstAccess(deps, session, await codeFor(deps, ivo.email)));
    assertEquals(await personOf(deps, other), before);
    const { state } = entered as Session<LoggedIn>;
    const own = (await getAccount(deps, state.account))!;
    assertEquals([own.cpf, own.proof, own.email], [ivo.cpf, null, ivo.email]);
    assert(own.id !== before.id);
    const tie = await deps.kv.get<UserOfOperadora>(keys.userOfOperadora(BETA, own.id));
    assertEquals(tie.value?.how, "certificado");
    assertEquals((await deps.kv.get(keys.userOfOperadora(BETA, before.id))).value, null);
  }
});
