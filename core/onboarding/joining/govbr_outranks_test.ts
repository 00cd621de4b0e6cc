import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { speaksForProof } from "../../account/credentials.ts";
import { declareCns } from "../../account/cns.ts";
import { cpfProofOf } from "../../account/proof.ts";
import { readSession, sessionToken } from "../../account/session.ts";
import { cpfClaims, cpfHolds } from "../../handoff/claims.ts";
import { type Choice, enter, govbrWorld } from "../../signin/govbr/world_testing.ts";
import { keys } from "../../store/keys.ts";
import type { Account, AccountId } from "../../store/records/account.ts";
import type { Anonymous, LoggedIn, Session } from "../../store/records/session.ts";
import { finishFirstAccess } from "../first_access/finish.ts";
import { acceptFirstTerms } from "../first_access/steps.ts";
import { submitGovbrEmail } from "../first_access/govbr.ts";
import {
  CNS_NUMBER,
  codeFor,
  codeOf,
  lia,
  login,
  mailsTo,
  must,
  PASSWORD,
  personOf,
  seedSecondAccount,
  selfRegister,
  soundLog,
  type TestDeps,
} from "@/tests/fixtures/mod.ts";
import { declineJoining, joinWithPassword } from "./join.ts";
import { ADDRESS, ecpfOf, present, prove } from "./ecpf_testing.ts";

const OTHER = "outra@ficticia.example";

/** An account (of the address `lia.email`) that has proved Lia's CPF by e-CPF. */
async function proved() {
  const world = await govbrWorld([lia]);
  const { deps } = world;
  const session = await prove(deps, await selfRegister(deps, lia), ecpfOf(deps, lia));
  const { id } = await personOf(deps, lia);
  const account = async (): Promise<Account> =>
    (await deps.kv.get(keys.account(id))).value as Account;
  return { ...world, session, id, account };
}

/** gov.br names Lia, with an address that is no account's. */
const byGovbr = (deps: TestDeps, choice: Partial<Choice> = {}) =>
  enter(deps, { cpf: lia.cpf, email: false, ...choice });

const provenAccount = async ({ kv }: TestDeps) => (await kv.get(keys.provenAccount(lia.cpf))).value;

/** What is left to the account that had the e-CPF, and what its owner is told. */
async function fallen(
  deps: TestDeps,
  { session, account }: { session: Session<LoggedIn>; account: () => Promise<Account> },
) {
  const person = await account();
  assertEquals([person.proof, person.active, person.cpf], [null, true, lia.cpf]);
  assertEquals(cpfProofOf(deps, person), null);
  assertEquals(speaksForProof(deps, person, session.state), false);
  assertEquals(await readSession(deps, await sessionToken(deps, session)), null);
  const told = (await mailsTo(deps, lia.email)).at(-1)!;
  assertEquals(told.subject, "O CPF desta conta deixou de estar comprovado");
  assertStringIncludes(told.text, "volta a ser declarado");
  const lost = (await soundLog(deps)).filter(({ event }) => event === "account.proof_lost");
  assertEquals(lost.map(({ actor, detail }) => [actor, detail]), [[person.id, { by: "ecpf" }]]);
  // The hand-off that was under way does not hold any more.
  const said = { cpf: lia.cpf, cpf_proof: "ecpf" };
  assertEquals(cpfHolds(deps, person, said), false);
  assertEquals(cpfClaims(deps, person, "declarado").cpf, undefined);
  // It still opens, and nobody has inherited it.
  const again = must(await login(deps, { cpf: lia.email, password: PASSWORD }));
  assert(again.next === "logged_in" && !speaksForProof(deps, person, again.session.state));
}

Deno.test("gov.br proves the CPF of a new account: the e-CPF account falls to declared", async () => {
  await using world = await proved();
  const { deps, id } = world;
  const entry = must(await byGovbr(deps));
  // The account with the e-CPF is shown to be joined; nothing has changed by that.
  assertEquals(entry.next, "joining");
  assertEquals((await world.account()).proof?.by, "ecpf");
  const own = must(await declineJoining(deps, entry.session as Session<Anonymous>));
  const agreed = must(await acceptFirstTerms(deps, own.session as Session<Anonymous>, true));
  const sent = must(await submitGovbrEmail(deps, agreed, OTHER));
  assertEquals(sent.state.kind, "anonymous");
  assertEquals(await provenAccount(deps), id);
  const done = must(await finishFirstAccess(deps, sent, await codeFor(deps, OTHER)));
  assertEquals(await provenAccount(deps), (done.state as LoggedIn).account);
  await fallen(deps, world);
  // And the e-CPF does not take it back.
  const back = must(await login(deps, { cpf: lia.email, password: PASSWORD }));
  const tried = await present(deps, back.session as Session<LoggedIn>, ecpfOf(deps, lia));
  assertEquals(codeOf(tried), "ecpf_proved_by_govbr");
});

Deno.test("gov.br joins another account of the CPF: the proof moves there, and the CNS with it", async () => {
  await using world = await proved();
  const { deps, id } = world;
  const second = await seedSecondAccount(deps, lia, OTHER);
  must(await declareCns(deps, second.id, CNS_NUMBER));
  // Lia's own, since her e-CPF has proved who she is.
  assertEquals((await deps.kv.get(keys.accountByCns(CNS_NUMBER))).value, id);
  const entry = must(await byGovbr(deps));
  const form = { account: second.id, password: PASSWORD, address: ADDRESS };
  const session = must(await joinWithPassword(deps, entry.session, form));
  const joined = (await deps.kv.get<Account>(keys.account(second.id))).value!;
  assertEquals([joined.proof?.by, joined.cns?.number], ["govbr", CNS_NUMBER]);
  assert(speaksForProof(deps, joined, session.state));
  assertEquals(await provenAccount(deps), second.id as AccountId);
  assertEquals((await deps.kv.get(keys.accountByCns(CNS_NUMBER))).value, second.id);
  await fallen(deps, world);
});

Deno.test("gov.br's verified address joins another account without typing: the proof moves too", async () => {
  await using world = await proved();
  const { deps } = world;
  // The address that gov.br has verified of Lia is the second account's.
  const person = await world.account();
  const moved = "ecpf@ficticia.example";
  await deps.kv.set(keys.account(person.id), { ...person, email: moved });
  await deps.kv.delete(keys.accountByEmail(lia.email));
  const second = await seedSecondAccount(deps, lia, lia.email);
  const entry = must(await byGovbr(deps, { email: true }));
  assertEquals(entry.next, "logged_in");
  assertEquals(await provenAccount(deps), second.id);
  assertEquals((await world.account()).proof, null);
  assertEquals(
    (await mailsTo(deps, moved)).at(-1)!.subject,
    "O CPF desta conta deixou de estar comprovado",
  );
});

Deno.test("gov.br joins the very account of the e-CPF: its proof is gov.br's, and nobody loses any", async () => {
  await using world = await proved();
  const { deps, id } = world;
  const entry = must(await byGovbr(deps));
  const form = { account: id, password: PASSWORD, address: ADDRESS };
  const session = must(await joinWithPassword(deps, entry.session, form));
  const person = await world.account();
  assertEquals([person.proof?.by, person.proofNumber], ["govbr", 2]);
  assert(speaksForProof(deps, person, session.state));
  const events = (await soundLog(deps)).map(({ event }) => event);
  assert(!events.includes("account.proof_lost"), events.join());
});

Deno.test("gov.br below the level that is set proves nothing and takes nothing", async () => {
  await using world = await proved();
  const { deps, id } = world;
  assertEquals(codeOf(await byGovbr(deps, { level: "bronze" })), "govbr_level_own_account");
  assertEquals(await provenAccount(deps), id);
  assertEquals((await world.account()).proof?.by, "ecpf");
});
