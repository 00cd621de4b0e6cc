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
  world,
} from "../testing_world.ts";
import { transact } from "../store/transact.ts";
import { finishAsKnownPerson, finishFirstAccess } from "./finish_first_access.ts";
import { submitRegistration } from "./first_access.ts";
import { identification } from "./identification.ts";
import { selfRegister } from "./self_registration/world_testing.ts";
import { readSession, sessionToken } from "./session.ts";
import { takeOver } from "./take_over.ts";

const SQUATTER = "intruso@ficticia.example";

/** Somebody declared the CPF of the representative before she came. */
async function squatted() {
  const portal = await world();
  const session = await selfRegister(portal, rosa, { email: SQUATTER, name: "Intruso da Silva" });
  return { portal, cookie: await sessionToken(portal, session) };
}

Deno.test("a representative whose CPF the certificate names takes over what was declared", async () => {
  const { portal, cookie } = await squatted();
  using _ = portal;
  const confirming = await representativeAt(portal, "confirmar");
  assert(await readSession(portal, cookie));
  must(await finishFirstAccess(portal, confirming, await codeFor(portal, rosa.email)));
  assertEquals(await readSession(portal, cookie), null);
  const person = await personOf(portal, rosa);
  assertEquals([person.email, person.name], [rosa.email, rosa.name.toUpperCase()]);
  assertEquals(identification(person), { kind: "certificado" });
  assert(person.takenOverAt);
  assertEquals((await representativeOf(portal, ALFA)).cpf, rosa.cpf);
  assertEquals((await portal.kv.get(keys.personByEmail(SQUATTER))).value, null);
  const told = (await mailsTo(portal, SQUATTER)).at(-1)!.subject;
  assertEquals(told, "O cadastro com este CPF mudou de mãos");
  const record = (await auditRecords(portal)).find(({ event }) => event === "person.taken_over");
  assertEquals(record?.detail, { by: "certificate", level: null, telegram: false });
});

Deno.test("the sessions end with the commit, not after it", async () => {
  const { portal, cookie } = await squatted();
  using _ = portal;
  const person = await personOf(portal, rosa);
  const holder = { name: rosa.name, email: rosa.email, level: null };
  await transact(portal.kv, (tx) => takeOver(portal, tx, person, holder));
  assertEquals(await readSession(portal, cookie), null);
});

Deno.test("a wrong code takes nothing over", async () => {
  const { portal, cookie } = await squatted();
  using _ = portal;
  const confirming = await representativeAt(portal, "confirmar");
  assertEquals(codeOf(await finishFirstAccess(portal, confirming, "ABCDEFGH")), "code_wrong");
  assert(await readSession(portal, cookie));
  assertEquals((await personOf(portal, rosa)).email, SQUATTER);
});

Deno.test("a CPF that the certificate does not name proves nothing", async () => {
  const { portal, cookie } = await squatted();
  using _ = portal;
  const nameless = certificate(portal, ALFA, { responsible: null });
  const asked = await representativeAt(portal, "cadastro", rosa, nameless);
  const refused = await submitRegistration(portal, asked, form(rosa));
  assertEquals(codeOf(refused), "first_access_cpf_taken");
  assert(await readSession(portal, cookie));
});

Deno.test("the same address: it was the representative who declared it, and only the password is new", async () => {
  using portal = await world();
  const cookie = await sessionToken(portal, await selfRegister(portal, rosa));
  const asked = await representativeAt(portal, "cadastro");
  portal.advance(1);
  const confirming = must(await submitRegistration(portal, asked, form(rosa, OTHER_PASSWORD)));
  must(await finishFirstAccess(portal, confirming, await codeFor(portal, rosa.email)));
  const person = await personOf(portal, rosa);
  assertEquals([person.takenOverAt, identification(person).kind], [undefined, "certificado"]);
  assert(await readSession(portal, cookie));
  const typed = { cpf: rosa.cpf, password: OTHER_PASSWORD };
  assertEquals(codeOf(await login(portal, typed)), "ok");
});

Deno.test("who declared it and has its password is known by the certificate from then on", async () => {
  using portal = await world();
  await selfRegister(portal, rosa);
  const asked = await representativeAt(portal, "cadastro");
  const typed = { cpf: rosa.cpf, password: PASSWORD };
  must(await finishAsKnownPerson(portal, asked, typed));
  assertEquals(identification(await personOf(portal, rosa)), { kind: "certificado" });
});

Deno.test("somebody deactivated is not taken over", async () => {
  const { portal } = await squatted();
  using _ = portal;
  const confirming = await representativeAt(portal, "confirmar");
  const code = await codeFor(portal, rosa.email);
  const stored = await personOf(portal, rosa);
  const off = () => portal.kv.set(keys.person(rosa.cpf), { ...stored, active: false });
  // The first commit is the one that counts the attempt at the code.
  const refused = await finishFirstAccess(interrupted(portal, 1, off), confirming, code);
  assertEquals(codeOf(refused), "person_inactive");
  assertEquals((await personOf(portal, rosa)).email, SQUATTER);
});
