import { createBot, createChatSender } from "@/bot/mod.ts";
import { setMembership } from "@/core/access/membership.ts";
import { createRequest } from "@/core/access/requests/create.ts";
import { rememberMessage } from "@/core/access/requests/transition.ts";
import type { Send } from "@/core/outbox/send.ts";
import { UNLIMITED } from "@/core/outbox/rate_limiter.ts";
import { createOutboxWorker } from "@/core/outbox/worker.ts";
import type { Deps } from "@/core/deps.ts";
import { seedEstablishments } from "@/tests/fixtures/registry.ts";
import { keys } from "@/core/store/keys.ts";
import type { Account, AccountId } from "@/core/store/records/account.ts";
import { transact } from "@/core/store/transact.ts";
import { testDeps } from "@/tests/fixtures/deps.ts";
import type { Update, UserFromGetMe } from "grammy/types";
import { countTrips, RoundTrips } from "../tests/support/round_trips.ts";
import { UNPROVEN } from "@/core/account/account.ts";

const CNES = "0000001";
const ADMINISTRATOR = "00000000191";
const CHAT = 7001;
const DECISIONS = 300;

const botInfo = { id: 1, is_bot: true, first_name: "B", username: "b_bot" } as UserFromGetMe;

/**
 * What a tap on "Aprovar" costs: the round trips to the store that the button waits for (from update
 * in to answer out), those of the whole update, and decisions a second beside bare commits of as many
 * writes. Telegram answers at once here.
 */
export async function benchBot(): Promise<void> {
  using deps = await testDeps({}, Date.now());
  await seed(deps);
  const trips = new RoundTrips();
  const counts: Record<string, number> = {};
  const changed = Promise.withResolvers<void>();
  const { bot } = botWithOutbox(deps, (method) => {
    counts[method] ??= trips.count;
    if (method === "editMessageText") changed.resolve();
  });
  const id = await ask(deps, 0);
  // The chat has been told of the request long ago.
  await botWithOutbox(deps, () => {}).outbox.run();
  await countTrips(deps.kv, trips, () => bot.handleUpdate(tap(1, id)));
  const handled = trips.count;
  await changed.promise;
  console.log(`  to the answer of the button  ${counts.answerCallbackQuery}`);
  console.log(`  to the changed message       ${counts.editMessageText}`);
  console.log(`  whole update                 ${handled}`);

  const bare = await rate(async (i) => {
    const atomic = deps.kv.atomic().check({ key: ["bench", i], versionstamp: null });
    for (let n = 0; n < 10; n++) atomic.set(["bench", i, n], n);
    await atomic.commit();
  });
  const ids = await Promise.all(Array.from({ length: DECISIONS }, (_, i) => ask(deps, i + 1)));
  const fast = botOf(deps, () => {});
  const decisions = await rate((i) => fast.handleUpdate(tap(100 + i, ids[i]!)));
  console.log(
    `  decisions/s ${decisions.toFixed(0)}, bare commits/s ${bare.toFixed(0)}, ` +
      `ratio ${(decisions / bare).toFixed(2)}`,
  );
}

/** A bot whose calls to Telegram are answered at once. */
function botOf(deps: Deps, onCall: (method: string) => void, onCommit?: () => void) {
  const bot = createBot(deps, { token: "1:bench", botInfo, ...(onCommit && { onCommit }) });
  bot.api.config.use((_, method) => {
    onCall(method);
    return Promise.resolve({ ok: true, result: { message_id: 1 } }) as never;
  });
  return bot;
}

/** The same with the outbox, which shows what became of a tap. */
function botWithOutbox(deps: Deps, onCall: (method: string) => void) {
  const bot = botOf(deps, onCall, () => outbox.notify());
  const chat = createChatSender(deps, bot.api);
  const send: Send = (message, attempt) =>
    message.channel === "chat"
      ? chat(message, attempt)
      : Promise.resolve({ outcome: "later", error: "no mail here" });
  const outbox = createOutboxWorker(deps, send, { rate: UNLIMITED });
  return { bot, outbox };
}

function tap(updateId: number, requestId: string): Update {
  const from = { id: CHAT, is_bot: false, first_name: "A" };
  const chat = { id: CHAT, type: "private", first_name: "A" };
  const message = { message_id: 1, date: 0, chat, text: "x" };
  const data = `a:${requestId}`;
  const callback_query = { id: "1", from, chat_instance: "1", data, message };
  return { update_id: updateId, callback_query } as Update;
}

async function rate(work: (i: number) => Promise<void>): Promise<number> {
  const began = performance.now();
  for (let i = 0; i < DECISIONS; i++) await work(i);
  return DECISIONS / ((performance.now() - began) / 1_000);
}

/** Of a link and a session by which nothing is limited. */
const ANY = { confirmedUnder: 0, mailboxes: null };

async function seed(deps: Deps): Promise<void> {
  const { kv } = deps;
  await seedEstablishments(deps, [{ cnes: CNES, nome: "Unidade de Teste", uf: "SP" }]);
  await transact(kv, (tx) => {
    const person = personOf(ADMINISTRATOR);
    const { id } = person;
    tx.set(keys.account(id), person);
    const link = { userId: CHAT, chatId: CHAT, name: "A", since: 0, ...ANY };
    tx.set(keys.telegramLink(id), link);
    tx.set(keys.telegramOwner(CHAT), id);
    const profile = "ADMINISTRADOR" as const;
    const origin = { kind: "approved", by: id } as const;
    const membership = { cnes: CNES, account: id, profile, since: 0, by: id, mailbox: "", origin };
    setMembership(tx, membership);
  });
}

function personOf(cpf: string): Account {
  return {
    id: `P${cpf}` as AccountId,
    cpf,
    name: "Pessoa de Teste",
    email: `${cpf}@pessoas.example`,
    ...UNPROVEN,
    password: null,
    active: true,
    createdAt: 0,
  };
}

/** A request that waits and that the chat shows. */
async function ask(deps: Deps, number: number): Promise<string> {
  const person = personOf(String(1_000 + number).padStart(11, "0"));
  await transact(deps.kv, (tx) => tx.set(keys.account(person.id), person));
  const asked = await createRequest(deps, person, { cnes: CNES, profile: "OPERADOR" }, ANY);
  if (!asked.ok) throw new Error(asked.code);
  await rememberMessage(deps, asked.data.id, CHAT, 1);
  return asked.data.id;
}
