import { keys } from "../store/keys.ts";
import { assert, assertEquals } from "@std/assert";
import {
  ALFA,
  auditRecords,
  certificate,
  codeFor,
  codeOf,
  form,
  interrupted,
  login,
  mailsTo,
  must,
  OTHER_PASSWORD,
  PASSWORD,
  personOf,
  representativeAt,
  representativeOf,
  rosa,
  seedRegistries,
  selfRegister,
} from "@/tests/fixtures/mod.ts";
import { transact } from "../store/transact.ts";
import { finishAsKnownPerson, finishFirstAccess } from "../onboarding/first_access/finish.ts";
import { submitRegistration } from "../onboarding/first_access/steps.ts";
import { identification } from "./identification.ts";
import { readSession, sessionToken } from "./session.ts";
import { takeOver } from "./take_over.ts";

const SQUATTER = "intruso@ficticia.example";

/** Somebody declared the CPF of the representative before she came. */
async function squatted() {
  const deps = await seedRegistries();
  const session = await selfRegister(deps, rosa, { email: SQUATTER, name: "Intruso da Silva" });
  return { deps, cookie: await sessionToken(deps, session) };
}

Deno.test("a representative whose CPF the certificate names takes over what was declared", async () => {
  const { deps, cookie } = await squatted();
  using _ = deps;
  const confirming = await representativeAt(deps, "confirmar");
  assert(await readSession(deps, cookie));
  must(await finishFirstAccess(deps, confirming, await codeFor(deps, rosa.email)));
  assertEquals(await readSession(deps, cookie), null);
  const person = await personOf(deps, rosa);
  assertEquals([person.email, person.name], [rosa.email, rosa.name.toUpperCase()]);
  assertEquals(identification(person), { kind: "certificado" });
  assert(person.takenOverAt);
  assertEquals((await representativeOf(deps, ALFA)).cpf, rosa.cpf);
  assertEquals((await deps.kv.get(keys.accountByEmail(SQUATTER))).value, null);
  const told = (await mailsTo(deps, SQUATTER)).at(-1)!.subject;
  assertEquals(told, "O cadastro com este CPF mudou de mãos");
  const record = (await auditRecords(deps)).find(({ event }) => event === "person.taken_over");
  assertEquals(record?.detail, { by: "certificate", level: null, telegram: false });
});

Deno.test("the sessions end with the commit, not after it", async () => {
  const { deps, cookie } = await squatted();
  using _ = deps;
  const person = await personOf(deps, rosa);
  const holder = { name: rosa.name, email: rosa.email, level: null };
  await transact(deps.kv, (tx) => takeOver(deps, tx, person, holder));
  assertEquals(await readSession(deps, cookie), null);
});

Deno.test("a wrong code takes nothing over", async () => {
  const { deps, cookie } = await squatted();
  using _ = deps;
  const confirming = await representativeAt(deps, "confirmar");
  assertEquals(codeOf(await finishFirstAccess(deps, confirming, "ABCDEFGH")), "code_wrong");
  assert(await readSession(deps, cookie));
  assertEquals((await personOf(deps, rosa)).email, SQUATTER);
});

Deno.test("a CPF that the certificate does not name proves nothing", async () => {
  const { deps, cookie } = await squatted();
  using _ = deps;
  const nameless = certificate(deps, ALFA, { responsible: null });
  const asked = await representativeAt(deps, "cadastro", rosa, nameless);
  const refused = await submitRegistration(deps, asked, form(rosa));
  assertEquals(codeOf(refused), "first_access_cpf_taken");
  assert(await readSession(deps, cookie));
});

Deno.test("the same address: it was the representative who declared it, and only the password is new", async () => {
  using deps = await seedRegistries();
  const cookie = await sessionToken(deps, await selfRegister(deps, rosa));
  const asked = await representativeAt(deps, "cadastro");
  deps.advance(1);
  const confirming = must(await submitRegistration(deps, asked, form(rosa, OTHER_PASSWORD)));
  must(await finishFirstAccess(deps, confirming, await codeFor(deps, rosa.email)));
  const person = await personOf(deps, rosa);
  assertEquals([person.takenOverAt, identification(person).kind], [undefined, "certificado"]);
  assert(await readSession(deps, cookie));
  const typed = { cpf: rosa.cpf, password: OTHER_PASSWORD };
  assertEquals(codeOf(await login(deps, typed)), "ok");
});

Deno.test("who declared it and has its password is known by the certificate from then on", async () => {
  using deps = await seedRegistries();
  await selfRegister(deps, rosa);
  const asked = await representativeAt(deps, "cadastro");
  const typed = { cpf: rosa.cpf, password: PASSWORD };
  must(await finishAsKnownPerson(deps, asked, typed));
  assertEquals(identification(await personOf(deps, rosa)), { kind: "certificado" });
});

Deno.test("somebody deactivated is not taken over", async () => {
  const { deps } = await squatted();
  using _ = deps;
  const confirming = await representativeAt(deps, "confirmar");
  const code = await codeFor(deps, rosa.email);
  const stored = await personOf(deps, rosa);
  const off = () => deps.kv.set(keys.account(stored.id), { ...stored, active: false });
  // The first commit is the one that counts the attempt at the code.
  const refused = await finishFirstAccess(interrupted(deps, 1, off), confirming, code);
  assertEquals(codeOf(refused), "person_inactive");
  assertEquals((await personOf(deps, rosa)).email, SQUATTER);
});
