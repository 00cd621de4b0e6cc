import { assert, assertEquals } from "@std/assert";
import type { Deps } from "../deps.ts";
import { keys } from "../store/keys.ts";
import type { AccountId } from "../store/records/account.ts";
import type { LoggedIn, Session } from "../store/records/session.ts";
import {
  addUser,
  anonymous,
  caio,
  codeFor,
  codeOf,
  DAY,
  idOf,
  lia,
  mailsTo,
  MINUTE,
  must,
  OTHER_PASSWORD,
  PASSWORD,
  personOf,
  rosa,
  seedRegistries,
  seedRepresentative,
  seedUser,
  userAt,
  zeca,
} from "@/tests/fixtures/mod.ts";
import { confirmEmailChange, pendingEmail, requestEmailChange } from "./change_email.ts";
import { confirmInvited } from "../onboarding/invitation/finish.ts";
import { changeInvitedEmail, submitInvited } from "../onboarding/invitation/steps.ts";
import { requestRecovery } from "./recovery.ts";
import { readSession, sessionToken } from "./session.ts";
import { undoEmailChange } from "./undo_email.ts";

const NEW = "lia.nova@ficticia.example";
const THIRD = "ladra@ficticia.example";
const ADDRESS = "192.0.2.7";

async function peopled() {
  const deps = await seedRegistries();
  await seedRepresentative(deps);
  const session = await seedUser(deps, lia);
  return { deps, session };
}

const ask = (deps: Deps, session: Session<LoggedIn>, email = NEW, password = PASSWORD) =>
  requestEmailChange(deps, session, { email, password, address: ADDRESS });

async function change(deps: Deps, session: Session<LoggedIn>, email = NEW) {
  must(await ask(deps, session, email));
  must(await confirmEmailChange(deps, session, await codeFor(deps, email)));
}

/** Id and token of the link that an address was sent last. */
async function undoLink(deps: Deps, address: string) {
  const texts = (await mailsTo(deps, address)).map(({ text }) => text);
  const link = texts.findLast((text) => text.includes("/desfazer-email"))!;
  const [, id, token] = /pessoa=(\w+)&chave=([\w-]+)/.exec(link)!;
  return { id: id!, token: token! };
}

const emailOf = async (deps: Deps) => (await personOf(deps, lia)).email;
const holderOf = async (deps: Deps, email: string) =>
  (await deps.kv.get<AccountId>(keys.accountByEmail(email))).value;

Deno.test("the code from the new address changes it; both are told", async () => {
  const { deps, session } = await peopled();
  using _ = deps;
  must(await ask(deps, session, " Lia.Nova@Ficticia.example "));
  assertEquals(await pendingEmail(deps, session), NEW);
  assertEquals(await emailOf(deps), lia.email);
  must(await confirmEmailChange(deps, session, await codeFor(deps, NEW)));
  assertEquals(await emailOf(deps), NEW);
  assertEquals(await holderOf(deps, NEW), await idOf(deps, lia));
  const [old] = (await mailsTo(deps, lia.email)).filter((one) => /foi trocado/.test(one.subject));
  assert(old?.text.includes(NEW) && old.text.includes("72 horas"));
  assert((await mailsTo(deps, NEW)).some((one) => /agora/.test(one.subject)));
  assertEquals(await pendingEmail(deps, session), null);
});

Deno.test("the new address is where a recovery goes from then on", async () => {
  const { deps, session } = await peopled();
  using _ = deps;
  await change(deps, session);
  must(await requestRecovery(deps, await anonymous(deps), { handle: lia.cpf, address: ADDRESS }));
  const subjects = async (to: string) =>
    (await mailsTo(deps, to)).filter((one) => /trocar a senha/.test(one.subject)).length;
  assertEquals([await subjects(NEW), await subjects(lia.email)], [1, 0]);
});

Deno.test("refused: no address, the present one, a wrong password", async () => {
  const { deps, session } = await peopled();
  using _ = deps;
  const refused: [string, string, string?][] = [
    ["email_invalid", "lia@empresa"],
    ["email_same", lia.email.toUpperCase()],
    ["password_refused", NEW, OTHER_PASSWORD],
  ];
  for (const [expected, email, password] of refused) {
    assertEquals(codeOf(await ask(deps, session, email, password)), expected);
  }
  assertEquals(await pendingEmail(deps, session), null);
  assertEquals(await mailsTo(deps, NEW), []);
});

Deno.test("the code: wrong, late, of another session, twice", async () => {
  const { deps, session } = await peopled();
  using _ = deps;
  const other = await seedUser(deps, caio);
  must(await ask(deps, session));
  const code = await codeFor(deps, NEW);
  assertEquals(codeOf(await confirmEmailChange(deps, session, "ABCDEFGH")), "code_wrong");
  assertEquals(codeOf(await confirmEmailChange(deps, other, code)), "email_change_missing");
  deps.advance(10 * MINUTE);
  assertEquals(codeOf(await confirmEmailChange(deps, session, code)), "email_change_missing");
  assertEquals(await emailOf(deps), lia.email);
  must(await ask(deps, session));
  const again = await codeFor(deps, NEW);
  must(await confirmEmailChange(deps, session, again));
  assertEquals(codeOf(await confirmEmailChange(deps, session, again)), "email_change_missing");
});

Deno.test("an address that was taken meanwhile stays with who took it", async () => {
  const { deps, session } = await peopled();
  using _ = deps;
  must(await ask(deps, session, zeca.email));
  const code = await codeFor(deps, zeca.email);
  await seedUser(deps, zeca);
  assertEquals(codeOf(await confirmEmailChange(deps, session, code)), "email_taken");
  assertEquals(await emailOf(deps), lia.email);
});

Deno.test("an address that is taken is answered like any other, until its code is there", async () => {
  const { deps, session } = await peopled();
  using _ = deps;
  const before = (await mailsTo(deps, rosa.email)).length;
  must(await ask(deps, session, rosa.email));
  assertEquals(await pendingEmail(deps, session), rosa.email);
  assertEquals((await mailsTo(deps, rosa.email)).length, before + 1);
  const code = await codeFor(deps, rosa.email);
  assertEquals(codeOf(await confirmEmailChange(deps, session, code)), "email_taken");
  assertEquals(await emailOf(deps), lia.email);
});

Deno.test("changes are counted", async () => {
  const { deps, session } = await peopled();
  using _ = deps;
  for (let i = 0; i < 5; i++) must(await ask(deps, session, `lia${i}@ficticia.example`));
  assertEquals(codeOf(await ask(deps, session)), "too_many_attempts");
});

Deno.test("the address before takes the change back: once, and sessions end", async () => {
  const { deps, session } = await peopled();
  using _ = deps;
  await change(deps, session);
  const link = await undoLink(deps, lia.email);
  assertEquals(must(await undoEmailChange(deps, link)), lia.email);
  assertEquals(await emailOf(deps), lia.email);
  const holders = [await holderOf(deps, lia.email), await holderOf(deps, NEW)];
  assertEquals(holders, [await idOf(deps, lia), null]);
  assertEquals(await readSession(deps, await sessionToken(deps, session)), null);
  for (const to of [lia.email, NEW]) {
    assert((await mailsTo(deps, to)).some((one) => /foi desfeita/.test(one.subject)), to);
  }
  assertEquals(codeOf(await undoEmailChange(deps, link)), "email_undo_invalid");
});

Deno.test("refused: another token, another person's id, after 72 hours", async () => {
  const { deps, session } = await peopled();
  using _ = deps;
  await change(deps, session);
  const link = await undoLink(deps, lia.email);
  const { id } = await personOf(deps, rosa);
  for (const wrong of [{ ...link, token: "x" }, { ...link, id }, { id: "", token: "" }]) {
    assertEquals(codeOf(await undoEmailChange(deps, wrong)), "email_undo_invalid");
  }
  deps.advance(3 * DAY);
  assertEquals(codeOf(await undoEmailChange(deps, link)), "email_undo_invalid");
  assertEquals(await emailOf(deps), NEW);
});

Deno.test("who changed it twice cannot take the owner's undoing back", async () => {
  const { deps, session } = await peopled();
  using _ = deps;
  await change(deps, session, NEW);
  deps.advance(1);
  await change(deps, session, THIRD);
  const [owner, thief] = [await undoLink(deps, lia.email), await undoLink(deps, NEW)];
  assertEquals(must(await undoEmailChange(deps, owner)), lia.email);
  assertEquals(codeOf(await undoEmailChange(deps, thief)), "email_undo_invalid");
  assertEquals([await holderOf(deps, NEW), await holderOf(deps, THIRD)], [null, null]);
});

Deno.test("the later link goes back one change, and leaves the earlier link good", async () => {
  const { deps, session } = await peopled();
  using _ = deps;
  await change(deps, session, NEW);
  deps.advance(1);
  await change(deps, session, THIRD);
  const [first, second] = [await undoLink(deps, lia.email), await undoLink(deps, NEW)];
  assertEquals(must(await undoEmailChange(deps, second)), NEW);
  assertEquals(must(await undoEmailChange(deps, first)), lia.email);
});

Deno.test("nobody else can take the address that may come back", async () => {
  const { deps, session } = await peopled();
  using _ = deps;
  await change(deps, session);
  must(await addUser(deps, zeca));
  const newcomer = await userAt(deps, "cadastro", zeca);
  const form = { email: lia.email, password: PASSWORD, repeated: PASSWORD };
  const wanted = must(await submitInvited(deps, newcomer, form));
  const code = await codeFor(deps, lia.email);
  assertEquals(codeOf(await confirmInvited(deps, wanted, code)), "email_has_account");
  must(await undoEmailChange(deps, await undoLink(deps, lia.email)));
  const back = must(await changeInvitedEmail(deps, wanted));
  const sent = must(await submitInvited(deps, back, { ...form, email: NEW }));
  must(await confirmInvited(deps, sent, await codeFor(deps, NEW)));
});
