import { assert, assertEquals, assertMatch } from "@std/assert";
import { loadCaller } from "../../access/caller.ts";
import { setMembership } from "../../access/membership.ts";
import { keys } from "../../store/keys.ts";
import type { AnonymousSession, LoggedIn, Session } from "../../store/records/session.ts";
import {
  anonymous,
  auditRecords,
  CNES,
  codeFor,
  codeOf,
  lia,
  login,
  mailsTo,
  messages,
  must,
  PASSWORD,
  personOf,
  seedRepresentative,
  seedUser,
  selfRegister,
  zeca,
} from "@/tests/fixtures/mod.ts";
import { transact } from "../../store/transact.ts";
import { confirmEmailChange, requestEmailChange } from "../../account/change_email.ts";
import { describeIdentification, identification } from "../../account/identification.ts";
import { acceptFirstTerms } from "../../onboarding/first_access/steps.ts";
import { finishFirstAccess } from "../../onboarding/first_access/finish.ts";
import { finishRecovery, requestRecovery } from "../../account/recovery.ts";
import { readSession, sessionToken } from "../../account/session.ts";
import {
  claimLinkCode,
  confirmLink,
  createLinkCode,
  getTelegramLink,
} from "../../account/telegram/link.ts";
import { undoEmailChange } from "../../account/undo_email.ts";
import { submitGovbrEmail } from "../../onboarding/first_access/govbr.ts";
import { enter, type GovbrWorld, govbrWorld } from "./world_testing.ts";
import { newAccountId } from "../../account/account.ts";

const asLia = { cpf: lia.cpf };
const SQUATTER = "intruso@ficticia.example";

/** Somebody declared Lia's CPF, linked a Telegram account and got a membership. */
async function squatted(): Promise<GovbrWorld & { session: Session<LoggedIn> }> {
  const base = await govbrWorld([lia, zeca]);
  const { deps } = base;
  const session = await selfRegister(deps, lia, { email: SQUATTER, name: "Intruso da Silva" });
  const person = await personOf(deps, lia);
  const code = await createLinkCode(deps, person);
  must(await claimLinkCode(deps, code, { userId: 7, chatId: 7, name: "Intruso" }));
  must(await confirmLink(deps, person));
  await transact(deps.kv, (tx) => {
    setMembership(tx, {
      cnes: CNES,
      account: person.id,
      profile: "OPERADOR",
      since: deps.now(),
      by: newAccountId(deps.now()),
    });
  });
  return { ...base, session };
}

/** gov.br, the terms, and the address that gov.br has verified. */
async function arrive({ deps }: Pick<GovbrWorld, "deps">, email = lia.email) {
  const entry = must(await enter(deps, asLia));
  assertEquals(entry.next, "first_access");
  const agreed = must(await acceptFirstTerms(deps, entry.session as AnonymousSession, true));
  return must(await submitGovbrEmail(deps, agreed, email));
}

Deno.test("the holder comes by gov.br: what the other had ends, and the record is the holder's", async () => {
  await using world = await squatted();
  const { deps, session } = world;
  const cookie = await sessionToken(deps, session);
  const { id, cns } = await personOf(deps, lia);
  const arrived = await arrive(world);

  assertEquals(await readSession(deps, cookie), null);
  const typed = { cpf: lia.cpf, password: PASSWORD };
  assertEquals(codeOf(await login(deps, typed)), "login_refused");
  assertEquals(await getTelegramLink(deps, id), null);
  const person = await personOf(deps, lia);
  assertEquals([person.id, person.name, person.email], [id, lia.name, lia.email]);
  assertEquals([person.password, person.cns], [null, undefined]);
  assertEquals((await deps.kv.get(keys.accountByEmail(SQUATTER))).value, null);
  assertEquals((await deps.kv.get(keys.accountByCns(cns!.number))).value, null);
  assertEquals(identification(person), { kind: "govbr", level: "silver" });
  assertMatch(describeIdentification(person), /antes, o CPF era só declarado/);
  assertEquals((await loadCaller(deps, arrived as Session<LoggedIn>))?.person.id, id);
});

Deno.test("both addresses and the chat are told, and it is written down", async () => {
  await using world = await squatted();
  const { deps } = world;
  await arrive(world);
  const subjects = async (address: string) =>
    (await mailsTo(deps, address)).map(({ subject }) => subject);
  assert((await subjects(SQUATTER)).includes("O cadastro com este CPF mudou de mãos"));
  assert((await subjects(lia.email)).includes("Já havia um cadastro com o seu CPF"));
  const chats = (await messages(deps)).filter((one) => one.channel === "chat");
  assertEquals(chats.map(({ what }) => what), ["linked", "unlinked"]);
  const record = (await auditRecords(deps)).find(({ event }) => event === "person.taken_over");
  assertEquals(record?.detail, { by: "govbr", level: "silver", telegram: true });
  const told = (await mailsTo(deps, SQUATTER)).at(-1)!.text;
  for (const secret of [lia.cpf, lia.email, lia.name]) assert(!told.includes(secret), secret);
});

Deno.test("memberships stay for whoever granted them to decide", async () => {
  await using world = await squatted();
  const { deps } = world;
  const before = await Array.fromAsync(deps.kv.list({ prefix: keys.membership.under() }));
  await arrive(world);
  const after = await Array.fromAsync(deps.kv.list({ prefix: keys.membership.under() }));
  assertEquals(after.map(({ value }) => value), before.map(({ value }) => value));
});

Deno.test("the same address on both sides is the same person: nothing ends", async () => {
  await using world = await govbrWorld([lia]);
  const { deps } = world;
  const session = await selfRegister(deps, lia);
  const cookie = await sessionToken(deps, session);
  const entry = must(await enter(deps, asLia));
  assertEquals(entry.next, "logged_in");
  assert(await readSession(deps, cookie));
  assertEquals(codeOf(await login(deps, { cpf: lia.cpf, password: PASSWORD })), "ok");
  const person = await personOf(deps, lia);
  assertEquals(person.takenOverAt, undefined);
  assertEquals(describeIdentification(person), "conta gov.br nível prata");
  assertEquals([person.cns?.quality, person.cns?.source], ["desconhecida", "govbr"]);
});

Deno.test("an address that gov.br has not verified proves nothing: it is confirmed anew", async () => {
  await using world = await govbrWorld([lia]);
  const { deps } = world;
  await selfRegister(deps, lia);
  const entry = must(await enter(deps, { ...asLia, email: false }));
  assertEquals(entry.next, "first_access");
  const agreed = must(await acceptFirstTerms(deps, entry.session as AnonymousSession, true));
  deps.advance(1);
  const waiting = must(await submitGovbrEmail(deps, agreed, lia.email));
  assertEquals(waiting.state.kind, "anonymous");
  must(await finishFirstAccess(deps, waiting, await codeFor(deps, lia.email)));
  assertEquals((await personOf(deps, lia)).email, lia.email);
});

Deno.test("nothing that the other had begun brings the record back", async (t) => {
  await t.step("an address they had before", async () => {
    await using world = await squatted();
    const { deps, session } = world;
    const form = { email: "segundo@ficticia.example", password: PASSWORD, address: "192.0.2.1" };
    must(await requestEmailChange(deps, session, form));
    deps.advance(1);
    must(await confirmEmailChange(deps, session, await codeFor(deps, form.email)));
    const left = (await mailsTo(deps, SQUATTER)).at(-1)!.text;
    const [, id, token] = /pessoa=(\w+)&chave=([\w-]+)/.exec(left)!;
    await arrive(world);
    const undone = await undoEmailChange(deps, { id: id!, token: token! });
    assertEquals(codeOf(undone), "email_undo_invalid");
    for (const address of [SQUATTER, form.email]) {
      assertEquals((await deps.kv.get(keys.accountByEmail(address))).value, null, address);
    }
  });

  await t.step("a code for a new password", async () => {
    await using world = await squatted();
    const { deps } = world;
    const browser = await anonymous(deps);
    must(await requestRecovery(deps, browser, { cpf: lia.cpf, address: "192.0.2.1" }));
    const code = await codeFor(deps, SQUATTER);
    await arrive(world);
    const typed = { code, password: "Jw@84tpz", repeated: "Jw@84tpz" };
    const late = await finishRecovery(deps, browser, typed);
    assertEquals(codeOf(late), "code_expired");
  });

  await t.step("a Telegram code not used yet", async () => {
    await using world = await squatted();
    const { deps } = world;
    const code = await createLinkCode(deps, await personOf(deps, lia));
    await arrive(world);
    const claimed = await claimLinkCode(deps, code, { userId: 8, chatId: 8, name: "Intruso" });
    assertEquals(codeOf(claimed), "link_code_invalid");
  });
});

Deno.test("who gives up in the middle has taken it over all the same", async () => {
  await using world = await squatted();
  const { deps, session } = world;
  const cookie = await sessionToken(deps, session);
  must(await enter(deps, asLia));
  assertEquals(await readSession(deps, cookie), null);
  assertEquals(codeOf(await login(deps, { cpf: lia.cpf, password: PASSWORD })), "login_refused");
  assertEquals(identification(await personOf(deps, lia)).kind, "govbr");
  await arrive(world);
  assertEquals((await personOf(deps, lia)).email, lia.email);
});

Deno.test("a level too low and another CPF take nothing over", async () => {
  await using world = await squatted();
  const { deps } = world;
  const before = await personOf(deps, lia);
  const low = await enter(deps, { ...asLia, level: "bronze" });
  assertEquals(codeOf(low), "govbr_level_too_low");
  must(await enter(deps, { cpf: zeca.cpf }));
  assertEquals(await personOf(deps, lia), before);
});

Deno.test("of a person whom an operadora registered nothing ends, whatever address gov.br has", async () => {
  await using world = await govbrWorld([{ ...lia, email: "lia.govbr@ficticia.example" }]);
  const { deps } = world;
  await seedRepresentative(deps);
  await seedUser(deps, lia);
  assertEquals(must(await enter(deps, asLia)).next, "logged_in");
  assertEquals((await personOf(deps, lia)).takenOverAt, undefined);
});
