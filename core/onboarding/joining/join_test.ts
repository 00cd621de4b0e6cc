import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { speaksForProof } from "../../account/credentials.ts";
import { newPassword } from "../../account/account.ts";
import { hashPassword } from "../../account/password.ts";
import { readSession, sessionToken } from "../../account/session.ts";
import { cpfProofOf } from "../../account/proof.ts";
import { submitGovbrEmail } from "../first_access/govbr.ts";
import { acceptFirstTerms } from "../first_access/steps.ts";
import { keys } from "../../store/keys.ts";
import type { Anonymous, LoggedIn, Session } from "../../store/records/session.ts";
import {
  auditRecords,
  codeFor,
  codeOf,
  deactivate,
  idOf,
  lia,
  mailsTo,
  MINUTE,
  must,
  OTHER_PASSWORD,
  PASSWORD,
  personOf,
  selfRegister,
  type TestDeps,
  zeca,
} from "@/tests/fixtures/mod.ts";
import {
  chooseOther,
  declineJoining,
  JOINING_LIFE,
  joinWithCode,
  joinWithPassword,
  listJoinable,
  sendJoiningCode,
} from "./join.ts";
import { enter, govbrWorld } from "../../signin/govbr/world_testing.ts";

const asLia = { cpf: lia.cpf };
const SQUATTER = "intruso@ficticia.example";
const address = "192.0.2.1";

/** An account with Lia's CPF, and somebody whom gov.br has just named as Lia. */
async function met({ email = SQUATTER } = {}) {
  const world = await govbrWorld([lia, zeca]);
  const { deps } = world;
  const open = await selfRegister(deps, lia, { email, name: "Alguém da Silva" });
  const account = await idOf(deps, lia);
  const entry = must(await enter(deps, asLia));
  return { ...world, open, account, entry };
}

/** "É outra pessoa", to the end. */
async function goOwnWay(deps: TestDeps, session: Session<Anonymous>) {
  const own = must(await declineJoining(deps, session));
  assertEquals(own.next, "first_access");
  const agreed = must(await acceptFirstTerms(deps, own.session, true));
  return must(await submitGovbrEmail(deps, agreed, lia.email));
}

Deno.test("attack: the holder who comes by gov.br lands in no account that another has made", async () => {
  await using world = await met();
  const { deps, entry, account, open } = world;
  assertEquals(entry.next, "joining");
  const shown = must(await listJoinable(deps, entry.session));
  assertEquals(shown.map(({ id, hasPassword }) => [id, hasPassword]), [[account, true]]);
  const session = await goOwnWay(deps, entry.session as Session<Anonymous>) as Session<LoggedIn>;
  assert(session.state.account !== account);
  // What the other has is as it was, and proves nothing.
  const { value: other } = await deps.kv.get<{ proof: unknown }>(keys.account(account));
  assertEquals(other?.proof, null);
  assert(await readSession(deps, await sessionToken(deps, open)));
  const own = await deps.kv.get(keys.provenAccount(lia.cpf));
  assertEquals(own.value, session.state.account);
  assertEquals(must(await enter(deps, asLia)).next, "logged_in");
});

Deno.test("the account's password, entered anew, joins it and speaks for the proof", async () => {
  await using world = await met();
  const { deps, entry, account, open } = world;
  const form = { account, password: PASSWORD, address };
  const session = must(await joinWithPassword(deps, entry.session, form));
  const person = await personOf(deps, lia);
  assertEquals([session.state.account, person.id], [account, account]);
  assertEquals(cpfProofOf(deps, person), { by: "govbr", level: "silver", at: deps.now() });
  assertEquals(person.password?.confirmedUnder, person.proofNumber);
  assert(speaksForProof(deps, person, session.state));
  // Every other session ends: one of them may be an intruder's.
  assertEquals(await readSession(deps, await sessionToken(deps, open)), null);
  const told = (await mailsTo(deps, SQUATTER)).at(-1)!;
  assertEquals(told.subject, "Sua conta foi juntada à sua conta gov.br");
  assertStringIncludes(told.text, "continua valendo por inteiro");
  assert((await auditRecords(deps)).some(({ event }) => event === "account.joined"));
  assertEquals(must(await enter(deps, asLia)).next, "logged_in");
});

Deno.test("a code to the account's address joins it; its password does not speak for the proof", async () => {
  await using world = await met();
  const { deps, entry, account } = world;
  const waiting = must(await sendJoiningCode(deps, entry.session, account));
  assertEquals(codeOf(await joinWithCode(deps, waiting, "AAAAAAAA")), "code_wrong");
  const session = must(await joinWithCode(deps, waiting, await codeFor(deps, SQUATTER)));
  const person = await personOf(deps, lia);
  assert(speaksForProof(deps, person, session.state));
  assertEquals(speaksForProof(deps, person, person.password!), false);
});

Deno.test("attack: equal e-mail joins without typing, and the old password speaks for nothing", async () => {
  await using world = await met({ email: lia.email });
  const { deps, entry, open } = world;
  assertEquals(entry.next, "logged_in");
  const person = await personOf(deps, lia);
  assert(speaksForProof(deps, person, entry.session.state as LoggedIn));
  assertEquals(speaksForProof(deps, person, person.password!), false);
  assertEquals(speaksForProof(deps, person, open.state), false);
  assertEquals(await readSession(deps, await sessionToken(deps, open)), null);
});

Deno.test("attack: a wrong password, another account, a stranger's code join nothing", async () => {
  await using world = await met();
  const { deps, entry, account } = world;
  await selfRegister(deps, zeca);
  const other = await idOf(deps, zeca);
  const tries = [
    [{ account, password: OTHER_PASSWORD }, "joining_refused"],
    [{ account: other, password: PASSWORD }, "joining_account_gone"],
    [{ account: "", password: PASSWORD }, "joining_account_gone"],
  ] as const;
  for (const [form, code] of tries) {
    assertEquals(codeOf(await joinWithPassword(deps, entry.session, { ...form, address })), code);
  }
  assertEquals(codeOf(await sendJoiningCode(deps, entry.session, other)), "joining_account_gone");
  assertEquals(codeOf(await joinWithCode(deps, entry.session, "AAAAAAAA")), "step_out_of_order");
  for (const session of [null, must(await enter(deps, { cpf: zeca.cpf })).session]) {
    const code = codeOf(
      await joinWithPassword(deps, session, {
        ...{ account, password: PASSWORD, address },
      }),
    );
    assert(code === "session_ended" || code === "step_out_of_order", code);
  }
  assertEquals((await deps.kv.get(keys.provenAccount(lia.cpf))).value, null);
});

Deno.test("guesses at the password are counted like any, also where the network is not known", async () => {
  for (const from of [address, null]) {
    await using world = await met();
    const { deps, entry, account } = world;
    const guess = { account, password: OTHER_PASSWORD, address: from };
    for (let i = 0; i < 8; i++) await joinWithPassword(deps, entry.session, guess);
    // Another visit by the same gov.br account.
    const { session } = must(await enter(deps, asLia));
    const late = await joinWithPassword(deps, session, { ...guess, password: PASSWORD });
    assertEquals(codeOf(late), "too_many_attempts");
  }
});

Deno.test("the way is open for ten minutes", async () => {
  await using world = await met();
  const { deps, entry, account } = world;
  const waiting = must(await sendJoiningCode(deps, entry.session, account));
  const back = must(await chooseOther(deps, waiting));
  deps.advance(JOINING_LIFE + MINUTE);
  const form = { account, password: PASSWORD, address };
  assertEquals(codeOf(await joinWithPassword(deps, back, form)), "joining_expired");
  assertEquals(codeOf(await listJoinable(deps, back)), "joining_expired");
  assertEquals(codeOf(await declineJoining(deps, back)), "joining_expired");
});

Deno.test("what changed in between counts in the commit", async (t) => {
  await t.step("deactivated", async () => {
    await using world = await met();
    const { deps, entry, account } = world;
    const waiting = must(await sendJoiningCode(deps, entry.session, account));
    const code = await codeFor(deps, SQUATTER);
    await deactivate(deps, lia);
    assertEquals(codeOf(await joinWithCode(deps, waiting, code)), "joining_account_gone");
  });
  await t.step("another password", async () => {
    await using world = await met();
    const { deps, entry, account } = world;
    const person = await personOf(deps, lia);
    const password = newPassword(await hashPassword(deps, lia.cpf, OTHER_PASSWORD));
    await deps.kv.set(keys.account(account), { ...person, password });
    const form = { account, password: PASSWORD, address };
    assertEquals(codeOf(await joinWithPassword(deps, entry.session, form)), "joining_refused");
  });
});

Deno.test("attack: of two joins at once one wins, and there is one proof", async () => {
  await using world = await met();
  const { deps, entry, account } = world;
  const second = must(await enter(deps, asLia));
  const form = { account, password: PASSWORD, address };
  const both = await Promise.all([
    joinWithPassword(deps, entry.session, form),
    goOwnWay(deps, second.session as Session<Anonymous>).then(
      (session) => ({ ok: true as const, data: session }),
      () => ({ ok: false as const, code: "refused" }),
    ),
  ]);
  assertEquals(both.filter(({ ok }) => ok).length, 1);
  const { value: proven } = await deps.kv.get(keys.provenAccount(lia.cpf));
  const accounts = await Array.fromAsync(deps.kv.list<{ id: string; proof: unknown }>({
    prefix: keys.account.under(),
  }));
  const proofs = accounts.filter(({ value }) => value.proof !== null);
  assertEquals(proofs.map(({ value }) => value.id), [proven]);
});

Deno.test("attack: bronze first, silver later by somebody else is no entry into the bronze account", async () => {
  await using world = await govbrWorld([lia]);
  const { deps } = world;
  const low = must(await enter(deps, { ...asLia, level: "bronze" }));
  const agreed = must(await acceptFirstTerms(deps, low.session as Session<Anonymous>, true));
  must(await submitGovbrEmail(deps, agreed, lia.email));
  const account = await idOf(deps, lia);
  assertEquals(cpfProofOf(deps, await personOf(deps, lia)), null);
  // Another gov.br address, so that nothing says that it is the same person.
  const high = must(await enter(deps, { ...asLia, email: false }));
  assertEquals(high.next, "joining");
  const own = must(await declineJoining(deps, high.session as Session<Anonymous>));
  assertEquals(own.next, "first_access");
  assertEquals((await deps.kv.get<{ proof: unknown }>(keys.account(account))).value?.proof, null);
});
