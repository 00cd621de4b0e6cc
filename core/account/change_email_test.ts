import { assert, assertEquals } from "@std/assert";
import type { Portal } from "../portal.ts";
import { keys } from "../store/keys.ts";
import type { LoggedIn, Session } from "../store/records/session.ts";
import {
  addUser,
  caio,
  codeFor,
  codeOf,
  DAY,
  enterRepresentative,
  enterUser,
  lia,
  mailsTo,
  MINUTE,
  must,
  OTHER_PASSWORD,
  PASSWORD,
  personOf,
  rosa,
  userAt,
  visit,
  world,
  zeca,
} from "../testing_world.ts";
import { confirmEmailChange, pendingEmail, requestEmailChange } from "./change_email.ts";
import { finishFirstAccess } from "./finish_first_access.ts";
import { submitRegistration } from "./first_access.ts";
import { requestRecovery } from "./recovery.ts";
import { readSession, sessionToken } from "./session.ts";
import { undoEmailChange } from "./undo_email.ts";

const NEW = "lia.nova@ficticia.example";
const THIRD = "ladra@ficticia.example";
const ADDRESS = "192.0.2.7";

async function peopled() {
  const portal = await world();
  await enterRepresentative(portal);
  const session = await enterUser(portal, lia);
  return { portal, session };
}

const ask = (portal: Portal, session: Session<LoggedIn>, email = NEW, password = PASSWORD) =>
  requestEmailChange(portal, session, { email, password, address: ADDRESS });

async function change(portal: Portal, session: Session<LoggedIn>, email = NEW) {
  must(await ask(portal, session, email));
  must(await confirmEmailChange(portal, session, await codeFor(portal, email)));
}

/** Id and token of the link that an address was sent last. */
async function undoLink(portal: Portal, address: string) {
  const texts = (await mailsTo(portal, address)).map(({ text }) => text);
  const link = texts.findLast((text) => text.includes("/desfazer-email"))!;
  const [, id, token] = /pessoa=(\w+)&chave=([\w-]+)/.exec(link)!;
  return { id: id!, token: token! };
}

const emailOf = async (portal: Portal) => (await personOf(portal, lia)).email;
const holderOf = async (portal: Portal, email: string) =>
  (await portal.kv.get<string>(keys.personByEmail(email))).value;

Deno.test("the code from the new address changes it; both are told", async () => {
  const { portal, session } = await peopled();
  using _ = portal;
  must(await ask(portal, session, " Lia.Nova@Ficticia.example "));
  assertEquals(await pendingEmail(portal, session), NEW);
  assertEquals(await emailOf(portal), lia.email);
  must(await confirmEmailChange(portal, session, await codeFor(portal, NEW)));
  assertEquals(await emailOf(portal), NEW);
  assertEquals(await holderOf(portal, NEW), lia.cpf);
  const [old] = (await mailsTo(portal, lia.email)).filter((one) => /foi trocado/.test(one.subject));
  assert(old?.text.includes(NEW) && old.text.includes("72 horas"));
  assert((await mailsTo(portal, NEW)).some((one) => /agora/.test(one.subject)));
  assertEquals(await pendingEmail(portal, session), null);
});

Deno.test("the new address is where a recovery goes from then on", async () => {
  const { portal, session } = await peopled();
  using _ = portal;
  await change(portal, session);
  must(await requestRecovery(portal, await visit(portal), { cpf: lia.cpf, address: ADDRESS }));
  const subjects = async (to: string) =>
    (await mailsTo(portal, to)).filter((one) => /trocar a senha/.test(one.subject)).length;
  assertEquals([await subjects(NEW), await subjects(lia.email)], [1, 0]);
});

Deno.test("refused: no address, the present one, one that is taken, a wrong password", async () => {
  const { portal, session } = await peopled();
  using _ = portal;
  const refused: [string, string, string?][] = [
    ["email_invalid", "lia@empresa"],
    ["email_same", lia.email.toUpperCase()],
    ["email_taken", rosa.email],
    ["password_refused", NEW, OTHER_PASSWORD],
  ];
  for (const [expected, email, password] of refused) {
    assertEquals(codeOf(await ask(portal, session, email, password)), expected);
  }
  assertEquals(await pendingEmail(portal, session), null);
  assertEquals(await mailsTo(portal, NEW), []);
});

Deno.test("the code: wrong, late, of another session, twice", async () => {
  const { portal, session } = await peopled();
  using _ = portal;
  const other = await enterUser(portal, caio);
  must(await ask(portal, session));
  const code = await codeFor(portal, NEW);
  assertEquals(codeOf(await confirmEmailChange(portal, session, "ABCDEFGH")), "code_wrong");
  assertEquals(codeOf(await confirmEmailChange(portal, other, code)), "email_change_missing");
  portal.advance(10 * MINUTE);
  assertEquals(codeOf(await confirmEmailChange(portal, session, code)), "email_change_missing");
  assertEquals(await emailOf(portal), lia.email);
  must(await ask(portal, session));
  const again = await codeFor(portal, NEW);
  must(await confirmEmailChange(portal, session, again));
  assertEquals(codeOf(await confirmEmailChange(portal, session, again)), "email_change_missing");
});

Deno.test("an address that was taken meanwhile stays with who took it", async () => {
  const { portal, session } = await peopled();
  using _ = portal;
  must(await ask(portal, session, zeca.email));
  const code = await codeFor(portal, zeca.email);
  await enterUser(portal, zeca);
  assertEquals(codeOf(await confirmEmailChange(portal, session, code)), "email_taken");
  assertEquals(await emailOf(portal), lia.email);
});

Deno.test("changes are counted", async () => {
  const { portal, session } = await peopled();
  using _ = portal;
  for (let i = 0; i < 5; i++) must(await ask(portal, session, `lia${i}@ficticia.example`));
  assertEquals(codeOf(await ask(portal, session)), "too_many_attempts");
});

Deno.test("the address before takes the change back: once, and sessions end", async () => {
  const { portal, session } = await peopled();
  using _ = portal;
  await change(portal, session);
  const link = await undoLink(portal, lia.email);
  assertEquals(must(await undoEmailChange(portal, link)), lia.email);
  assertEquals(await emailOf(portal), lia.email);
  assertEquals([await holderOf(portal, lia.email), await holderOf(portal, NEW)], [lia.cpf, null]);
  assertEquals(await readSession(portal, await sessionToken(portal, session)), null);
  for (const to of [lia.email, NEW]) {
    assert((await mailsTo(portal, to)).some((one) => /foi desfeita/.test(one.subject)), to);
  }
  assertEquals(codeOf(await undoEmailChange(portal, link)), "email_undo_invalid");
});

Deno.test("refused: another token, another person's id, after 72 hours", async () => {
  const { portal, session } = await peopled();
  using _ = portal;
  await change(portal, session);
  const link = await undoLink(portal, lia.email);
  const { id } = await personOf(portal, rosa);
  for (const wrong of [{ ...link, token: "x" }, { ...link, id }, { id: "", token: "" }]) {
    assertEquals(codeOf(await undoEmailChange(portal, wrong)), "email_undo_invalid");
  }
  portal.advance(3 * DAY);
  assertEquals(codeOf(await undoEmailChange(portal, link)), "email_undo_invalid");
  assertEquals(await emailOf(portal), NEW);
});

Deno.test("who changed it twice cannot take the owner's undoing back", async () => {
  const { portal, session } = await peopled();
  using _ = portal;
  await change(portal, session, NEW);
  portal.advance(1);
  await change(portal, session, THIRD);
  const [owner, thief] = [await undoLink(portal, lia.email), await undoLink(portal, NEW)];
  assertEquals(must(await undoEmailChange(portal, owner)), lia.email);
  assertEquals(codeOf(await undoEmailChange(portal, thief)), "email_undo_invalid");
  assertEquals([await holderOf(portal, NEW), await holderOf(portal, THIRD)], [null, null]);
});

Deno.test("the later link goes back one change, and leaves the earlier link good", async () => {
  const { portal, session } = await peopled();
  using _ = portal;
  await change(portal, session, NEW);
  portal.advance(1);
  await change(portal, session, THIRD);
  const [first, second] = [await undoLink(portal, lia.email), await undoLink(portal, NEW)];
  assertEquals(must(await undoEmailChange(portal, second)), NEW);
  assertEquals(must(await undoEmailChange(portal, first)), lia.email);
});

Deno.test("nobody else can take the address that may come back", async () => {
  const { portal, session } = await peopled();
  using _ = portal;
  await change(portal, session);
  must(await addUser(portal, zeca));
  const newcomer = await userAt(portal, "cadastro", zeca);
  const form = { cpf: "", email: lia.email, password: PASSWORD, repeated: PASSWORD };
  assertEquals(codeOf(await submitRegistration(portal, newcomer, form)), "email_taken");
  must(await undoEmailChange(portal, await undoLink(portal, lia.email)));
  const sent = must(await submitRegistration(portal, newcomer, { ...form, email: NEW }));
  must(await finishFirstAccess(portal, sent, await codeFor(portal, NEW)));
});
