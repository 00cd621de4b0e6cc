import type { Deps } from "../deps.ts";
import { keys } from "../store/keys.ts";
import { list } from "../store/read.ts";
import type { DeadLetter, OutboxRecord, StoredMessage } from "../store/records/outbox.ts";
import { transact, type Transaction } from "../store/transact.ts";
import { schedule } from "./enqueue.ts";
import { hasEnded, maskAddress, withoutEnded } from "./sealed_mail.ts";

/** How long a dead letter is kept for the operator of the portal: 30 days. */
export const DEAD_LETTER_LIFE = 30 * 24 * 60 * 60_000;

/** Keeps a message that can not be sent for the operator of the portal to see. */
export function moveToDeadLetter(
  deps: Deps,
  tx: Transaction,
  partition: string,
  record: OutboxRecord,
): void {
  const now = deps.now();
  const message = withoutEnded(record.message, now);
  put(tx, { ...record, message, partition, diedAt: now }, now);
}

function put(tx: Transaction, letter: DeadLetter, now: number): void {
  const expireIn = letter.diedAt + DEAD_LETTER_LIFE - now;
  tx.set(keys.outboxDead(letter.id), letter, { expireIn });
}

/** Oldest first, `limit` (100 unless told) a page; `after` is the id of the last one before. */
export async function listDeadLetters(
  deps: Pick<Deps, "kv" | "now">,
  { limit = 100, after = "" }: { limit?: number; after?: string } = {},
): Promise<DeadLetter[]> {
  const letters: DeadLetter[] = [];
  for await (const { value } of list(deps.kv, keys.outboxDead.under(), { after })) {
    // The store removes what has expired in its own time.
    if (value.diedAt + DEAD_LETTER_LIFE > deps.now()) letters.push(value);
    if (letters.length === limit) break;
  }
  return letters;
}

/** What became of a dead letter: `ended` when it is of no use any more, and is forgotten. */
export type Retried = { outcome: "given_back" | "unknown" } | { outcome: "ended"; mail: string };

/**
 * Gives a dead letter back to the outbox, as new: with all its attempts, and its days, before it. One whose
 * code, password or link has ended is only forgotten.
 */
export async function retryDeadLetter(
  deps: Pick<Deps, "kv" | "now">,
  id: string,
): Promise<Retried> {
  return await transact(deps.kv, async (tx): Promise<Retried> => {
    const letter = await tx.get(keys.outboxDead(id));
    if (!letter) return { outcome: "unknown" };
    tx.delete(keys.outboxDead(id));
    const now = deps.now();
    const { message } = letter;
    if ("mail" in message && (!message.sealed || hasEnded(message, now))) {
      return { outcome: "ended", mail: message.mail };
    }
    const record = { id, message, createdAt: now, attempts: 0, lastError: null };
    schedule(tx, letter.partition ?? olderPartitionOf(message), record, 0);
    return { outcome: "given_back" };
  });
}

/** Where an older version of the portal had a message. */
function olderPartitionOf(message: StoredMessage): string {
  if (message.channel === "chat") return `chat:${message.chatId}`;
  return `mail:${"to" in message ? message.to : message.masked}`;
}

/** Name of the mails that an older version of the portal gave up, in clear. */
const OLDER = "older";

/**
 * Takes out of the dead letters what must not be read any more: secrets that have ended, and what an
 * older version of the portal has kept in clear. For a cron.
 *
 * @returns how many have lost something
 */
export async function wipeDeadLetters(deps: Pick<Deps, "kv" | "now">): Promise<number> {
  let wiped = 0;
  for await (const { key, value } of list(deps.kv, keys.outboxDead.under())) {
    if (wipe(value, deps.now()) === value) continue;
    await transact(deps.kv, async (tx) => {
      const letter = await tx.get(key);
      if (letter) put(tx, wipe(letter, deps.now()), deps.now());
    });
    wiped++;
  }
  return wiped;
}

function wipe(letter: DeadLetter, now: number): DeadLetter {
  const { message } = letter;
  if (message.channel === "chat") return letter;
  if (!("mail" in message)) {
    const masked = maskAddress(message.to);
    const nothing = { mail: OLDER, masked, endsAt: letter.diedAt, sealed: null };
    return { ...letter, message: { channel: "mail", ...nothing } };
  }
  return message.sealed && hasEnded(message, now)
    ? { ...letter, message: { ...message, sealed: null } }
    : letter;
}
