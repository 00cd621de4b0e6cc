import { assert, assertEquals, assertMatch } from "@std/assert";
import { loadCaller } from "../../access/caller.ts";
import { setMembership } from "../../access/membership.ts";
import { keys } from "../../store/keys.ts";
import type { LoggedIn, Session, Visit } from "../../store/records/session.ts";
import {
  auditRecords,
  CNES,
  codeFor,
  codeOf,
  enterRepresentative,
  enterUser,
  lia,
  login,
  mailsTo,
  messages,
  must,
  PASSWORD,
  personOf,
  visit,
  zeca,
} from "../../testing_world.ts";
import { transact } from "../../store/transact.ts";
import { confirmEmailChange, requestEmailChange } from "../change_email.ts";
import { describeIdentification, identification } from "../identification.ts";
import { acceptFirstTerms } from "../first_access.ts";
import { finishFirstAccess } from "../finish_first_access.ts";
import { finishRecovery, requestRecovery } from "../recovery.ts";
import { selfRegister } from "../self_registration/world_testing.ts";
import { readSession, sessionToken } from "../session.ts";
import { claimLinkCode, confirmLink, createLinkCode, getTelegramLink } from "../telegram_link.ts";
import { undoEmailChange } from "../undo_email.ts";
import { submitGovbrEmail } from "./finish.ts";
import { enter, type GovbrWorld, govbrWorld } from "./world_testing.ts";

const asLia = { cpf: lia.cpf };
const SQUATTER = "intruso@ficticia.example";

/** Somebody declared Lia's CPF, linked a Telegram account and got a membership. */
async function squatted(): Promise<GovbrWorld & { session: Session<LoggedIn> }> {
  const base = await govbrWorld([lia, zeca]);
  const { portal } = base;
  const session = await selfRegister(portal, lia, { email: SQUATTER, name: "Intruso da Silva" });
  const person = await personOf(portal, lia);
  const code = await createLinkCode(portal, person);
  must(await claimLinkCode(portal, code, { userId: 7, chatId: 7, name: "Intruso" }));
  must(await confirmLink(portal, person));
  await transact(portal.kv, (tx) => {
    setMembership(tx, {
      cnes: CNES,
      cpf: lia.cpf,
      profile: "OPERADOR",
      since: portal.now(),
      by: "system",
    });
  });
  return { ...base, session };
}

/** gov.br, the terms, and the address that gov.br has verified. */
async function arrive({ portal }: Pick<GovbrWorld, "portal">, email = lia.email) {
  const entry = must(await enter(portal, asLia));
  assertEquals(entry.next, "first_access");
  const agreed = must(await acceptFirstTerms(portal, entry.session as Visit, true));
  return must(await submitGovbrEmail(portal, agreed, email));
}

Deno.test("the holder comes by gov.br: what the other had ends, and the record is the holder's", async () => {
  await using world = await squatted();
  const { portal, session } = world;
  const cookie = await sessionToken(portal, session);
  const { id, cns } = await personOf(portal, lia);
  const arrived = await arrive(world);

  assertEquals(await readSession(portal, cookie), null);
  const typed = { cpf: lia.cpf, password: PASSWORD };
  assertEquals(codeOf(await login(portal, typed)), "login_refused");
  assertEquals(await getTelegramLink(portal, lia.cpf), null);
  const person = await personOf(portal, lia);
  assertEquals([person.id, person.name, person.email], [id, lia.name, lia.email]);
  assertEquals([person.passwordHash, person.cns], [null, undefined]);
  assertEquals((await portal.kv.get(keys.personByEmail(SQUATTER))).value, null);
  assertEquals((await portal.kv.get(keys.personByCns(cns!.number))).value, null);
  assertEquals(identification(person), { kind: "govbr", level: "silver" });
  assertMatch(describeIdentification(person), /antes, o CPF era só declarado/);
  assertEquals((await loadCaller(portal, arrived as Session<LoggedIn>))?.person.id, id);
});

Deno.test("both addresses and the chat are told, and it is written down", async () => {
  await using world = await squatted();
  const { portal } = world;
  await arrive(world);
  const subjects = async (address: string) =>
    (await mailsTo(portal, address)).map(({ subject }) => subject);
  assert((await subjects(SQUATTER)).includes("O cadastro com este CPF mudou de mãos"));
  assert((await subjects(lia.email)).includes("Já havia um cadastro com o seu CPF"));
  const chats = (await messages(portal)).filter((one) => one.channel === "chat");
  assertEquals(chats.map(({ what }) => what), ["linked", "unlinked"]);
  const record = (await auditRecords(portal)).find(({ event }) => event === "person.taken_over");
  assertEquals(record?.detail, { by: "govbr", level: "silver", telegram: true });
  const told = (await mailsTo(portal, SQUATTER)).at(-1)!.text;
  for (const secret of [lia.cpf, lia.email, lia.name]) assert(!told.includes(secret), secret);
});

Deno.test("memberships stay for whoever granted them to decide", async () => {
  await using world = await squatted();
  const { portal } = world;
  const before = await Array.fromAsync(portal.kv.list({ prefix: keys.membership.under() }));
  await arrive(world);
  const after = await Array.fromAsync(portal.kv.list({ prefix: keys.membership.under() }));
  assertEquals(after.map(({ value }) => value), before.map(({ value }) => value));
});

Deno.test("the same address on both sides is the same person: nothing ends", async () => {
  await using world = await govbrWorld([lia]);
  const { portal } = world;
  const session = await selfRegister(portal, lia);
  const cookie = await sessionToken(portal, session);
  const entry = must(await enter(portal, asLia));
  assertEquals(entry.next, "logged_in");
  assert(await readSession(portal, cookie));
  assertEquals(codeOf(await login(portal, { cpf: lia.cpf, password: PASSWORD })), "ok");
  const person = await personOf(portal, lia);
  assertEquals(person.takenOverAt, undefined);
  assertEquals(describeIdentification(person), "conta gov.br nível prata");
  assertEquals([person.cns?.quality, person.cns?.source], ["desconhecida", "govbr"]);
});

Deno.test("an address that gov.br has not verified proves nothing: it is confirmed anew", async () => {
  await using world = await govbrWorld([lia]);
  const { portal } = world;
  await selfRegister(portal, lia);
  const entry = must(await enter(portal, { ...asLia, email: false }));
  assertEquals(entry.next, "first_access");
  const agreed = must(await acceptFirstTerms(portal, entry.session as Visit, true));
  portal.advance(1);
  const waiting = must(await submitGovbrEmail(portal, agreed, lia.email));
  assertEquals(waiting.state.kind, "visiting");
  must(await finishFirstAccess(portal, waiting, await codeFor(portal, lia.email)));
  assertEquals((await personOf(portal, lia)).email, lia.email);
});

Deno.test("nothing that the other had begun brings the record back", async (t) => {
  await t.step("an address they had before", async () => {
    await using world = await squatted();
    const { portal, session } = world;
    const form = { email: "segundo@ficticia.example", password: PASSWORD, address: "192.0.2.1" };
    must(await requestEmailChange(portal, session, form));
    portal.advance(1);
    must(await confirmEmailChange(portal, session, await codeFor(portal, form.email)));
    const left = (await mailsTo(portal, SQUATTER)).at(-1)!.text;
    const [, id, token] = /pessoa=(\w+)&chave=([\w-]+)/.exec(left)!;
    await arrive(world);
    const undone = await undoEmailChange(portal, { id: id!, token: token! });
    assertEquals(codeOf(undone), "email_undo_invalid");
    for (const address of [SQUATTER, form.email]) {
      assertEquals((await portal.kv.get(keys.personByEmail(address))).value, null, address);
    }
  });

  await t.step("a code for a new password", async () => {
    await using world = await squatted();
    const { portal } = world;
    const browser = await visit(portal);
    must(await requestRecovery(portal, browser, { cpf: lia.cpf, address: "192.0.2.1" }));
    const code = await codeFor(portal, SQUATTER);
    await arrive(world);
    const typed = { code, password: "Jw@84tpz", repeated: "Jw@84tpz" };
    const late = await finishRecovery(portal, browser, typed, () => Promise.resolve([]));
    assertEquals(codeOf(late), "code_expired");
  });

  await t.step("a Telegram code not used yet", async () => {
    await using world = await squatted();
    const { portal } = world;
    const code = await createLinkCode(portal, await personOf(portal, lia));
    await arrive(world);
    const claimed = await claimLinkCode(portal, code, { userId: 8, chatId: 8, name: "Intruso" });
    assertEquals(codeOf(claimed), "link_code_invalid");
  });
});

Deno.test("who gives up in the middle has taken it over all the same", async () => {
  await using world = await squatted();
  const { portal, session } = world;
  const cookie = await sessionToken(portal, session);
  must(await enter(portal, asLia));
  assertEquals(await readSession(portal, cookie), null);
  assertEquals(codeOf(await login(portal, { cpf: lia.cpf, password: PASSWORD })), "login_refused");
  assertEquals(identification(await personOf(portal, lia)).kind, "govbr");
  await arrive(world);
  assertEquals((await personOf(portal, lia)).email, lia.email);
});

Deno.test("a level too low and another CPF take nothing over", async () => {
  await using world = await squatted();
  const { portal } = world;
  const before = await personOf(portal, lia);
  const low = await enter(portal, { ...asLia, level: "bronze" });
  assertEquals(codeOf(low), "govbr_level_too_low");
  must(await enter(portal, { cpf: zeca.cpf }));
  assertEquals(await personOf(portal, lia), before);
});

Deno.test("of a person whom an operadora registered nothing ends, whatever address gov.br has", async () => {
  await using world = await govbrWorld([{ ...lia, email: "lia.govbr@ficticia.example" }]);
  const { portal } = world;
  await enterRepresentative(portal);
  await enterUser(portal, lia);
  assertEquals(must(await enter(portal, asLia)).next, "logged_in");
  assertEquals((await personOf(portal, lia)).takenOverAt, undefined);
});
