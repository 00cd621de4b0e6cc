import { assert, assertEquals } from "@std/assert";
import {
  anonymous,
  codeFor,
  codeOf,
  lia,
  mailsTo,
  must,
  PASSWORD,
  personOf,
  rosa,
  seedRegistries,
  seedRepresentative,
  seedUser,
  type TestDeps,
} from "@/tests/fixtures/mod.ts";
import { issueChallenge, redeemChallenge } from "../challenge.ts";
import { listDeadLetters, retryDeadLetter } from "../outbox/dead_letters.ts";
import type { Deps } from "../deps.ts";
import { jobRunner } from "../outbox/job.ts";
import type { Send } from "../outbox/send.ts";
import { runOutbox } from "../outbox/testing.ts";
import { JOBS } from "./jobs.ts";
import { confirmEmailChange, requestEmailChange } from "./change_email.ts";
import { finishRecovery, requestRecovery } from "./recovery.ts";
import { readSession, sessionToken } from "./session.ts";
import { endOwnSession, listSessions } from "./session_list.ts";
import { claimLinkCode, createLinkCode } from "./telegram/link.ts";
import { countSignIn } from "./throttle.ts";
import { undoEmailChange } from "./undo_email.ts";

const ADDRESS = "192.0.2.7";
const ATTEMPT = { handle: lia.cpf, accounts: [], network: ADDRESS };
const NEW_EMAIL = "lia.nova@ficticia.example";
const SENT = { outcome: "sent" } as const;

/** The portal before its secret changes, with the new one before the old one, and without the old one. */
async function portals() {
  const before = await seedRegistries();
  await seedRepresentative(before);
  const session = await seedUser(before, lia);
  const secret = crypto.randomUUID();
  const under = (...secrets: string[]): TestDeps => ({
    ...before,
    config: { ...before.config, secrets },
  });
  return {
    before,
    session,
    changed: under(secret, ...before.config.secrets),
    alone: under(secret),
  };
}

Deno.test("the secret changes: nobody is logged out, not even when the old one goes", async () => {
  const { before, changed, alone, session } = await portals();
  using _ = before;
  const cookie = await sessionToken(before, session);
  assertEquals((await readSession(changed, cookie))?.id, session.id);
  assertEquals(await readSession(alone, cookie), null);
  const next = await sessionToken(changed, session);
  assertEquals((await readSession(alone, next))?.id, session.id);
});

Deno.test("the secret changes: visits and challenges go on, with the old one behind", async () => {
  const { before, changed, alone } = await portals();
  using _ = before;
  const visit = anonymous(before);
  const cookie = await sessionToken(before, visit);
  assertEquals((await readSession(changed, cookie))?.id, visit.id);
  assertEquals(await readSession(alone, cookie), null);
  const asked = { purpose: "test", sessionId: visit.id };
  const { id, text } = issueChallenge(before, { ...asked, words: "experimentar" });
  assertEquals(codeOf(await redeemChallenge(alone, { ...asked, id })), "unknown");
  assertEquals(must(await redeemChallenge(changed, { ...asked, id })), text);
  // Spent under one secret is spent under the other.
  assertEquals(codeOf(await redeemChallenge(before, { ...asked, id })), "replayed");
});

Deno.test("the secret changes: a code that was sent before is good, and no other", async () => {
  const { before, changed, alone } = await portals();
  using _ = before;
  const browser = await anonymous(before);
  must(await requestRecovery(before, browser, { handle: rosa.cpf, address: ADDRESS }));
  const code = await codeFor(before, rosa.email);
  const form = { code, password: "Outra#Senha94", repeated: "Outra#Senha94" };
  assertEquals(codeOf(await finishRecovery(alone, browser, form)), "code_wrong");
  const wrong = { ...form, code: "AAAAAAAA" };
  assertEquals(codeOf(await finishRecovery(changed, browser, wrong)), "code_wrong");
  must(await finishRecovery(changed, browser, form));
});

Deno.test("the secret changes: the link that takes a change of address back is good", async () => {
  const { before, changed, alone, session } = await portals();
  using _ = before;
  const form = { email: NEW_EMAIL, password: PASSWORD, address: ADDRESS };
  must(await requestEmailChange(before, session, form));
  must(await confirmEmailChange(before, session, await codeFor(before, NEW_EMAIL)));
  const texts = (await mailsTo(before, lia.email)).map(({ text }) => text).join();
  const [, id, token] = /pessoa=(\w+)&chave=([\w-]+)/.exec(texts)!;
  const link = { id: id!, token: token! };
  assertEquals(codeOf(await undoEmailChange(alone, link)), "email_undo_invalid");
  assertEquals(must(await undoEmailChange(changed, link)), lia.email);
});

Deno.test("the secret changes: a code for Telegram, a session shown before, a count of attempts", async () => {
  const { before, changed, alone, session } = await portals();
  using _ = before;
  const person = await personOf(before, lia);
  const code = await createLinkCode(before, person);
  const by = { userId: 7, chatId: 7, name: "Lia" };
  assertEquals(codeOf(await claimLinkCode(alone, code, by)), "link_code_invalid");
  assertEquals(must(await claimLinkCode(changed, code, by)).id, person.id);

  for (let i = 0; i < 8; i++) must(await countSignIn(before, ATTEMPT));
  assertEquals(codeOf(await countSignIn(changed, ATTEMPT)), "too_many_attempts");
  assertEquals(codeOf(await countSignIn(alone, ATTEMPT)), "ok");

  const [shown] = await listSessions(before, session);
  assertEquals(codeOf(await endOwnSession(alone, person, shown!.handle)), "session_not_found");
  must(await endOwnSession(changed, person, shown!.handle));
});

Deno.test("the secret changes: mails that wait are sent; without it they are kept until it is back", async () => {
  const { before, changed, alone } = await portals();
  using _ = before;
  const ask = async () => {
    const browser = await anonymous(before);
    must(await requestRecovery(before, browser, { handle: rosa.cpf, address: ADDRESS }));
  };
  const waiting = (await mailsTo(before, rosa.email)).length;
  const sent: string[] = [];
  const send: (by: Deps) => Send = (by) => async (message) => {
    if (message.channel === "job") return await jobRunner(by, JOBS)(message);
    if ("to" in message && message.to === rosa.email) sent.push(JSON.stringify(message));
    return SENT;
  };
  await ask();
  before.advance(5_000);
  await runOutbox(changed, send(changed));
  assertEquals([sent.length, await listDeadLetters(before)], [waiting + 1, []]);
  assert(sent.at(-1)!.includes("Código para trocar a senha"));
  await ask();
  before.advance(5_000);
  await runOutbox(alone, send(alone));
  assertEquals(sent.length, waiting + 1);
  const [letter] = await listDeadLetters(before);
  assert(letter!.lastError!.includes("HABILITA_SECRET"));
  assertEquals(await retryDeadLetter(before, letter!.id), { outcome: "given_back" });
  await runOutbox(changed, send(changed));
  assertEquals(sent.length, waiting + 2);
});
