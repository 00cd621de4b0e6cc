import { monotonicUlid } from "@std/ulid";
import type { Deps } from "../deps.ts";
import { keys } from "../store/keys.ts";
import type {
  Channel,
  DeadLetter,
  MailMessage,
  Message,
  OutboxRecord,
} from "../store/records/outbox.ts";
import { transact, type Transaction } from "../store/transact.ts";
import { list } from "../store/read.ts";

/** Messages of one partition are sent one after the other, those of different partitions side by side. */
export function partitionOf(message: Message): string {
  return message.channel === "mail" ? `mail:${message.to}` : `chat:${message.chatId}`;
}

/** The channel of a partition that `partitionOf` has named. */
export function channelOf(partition: string): Channel {
  return partition.startsWith("mail:") ? "mail" : "chat";
}

/** Adds a message to the commit of the change that it tells of; it is due at once. */
export function enqueue(deps: Deps, tx: Transaction, message: Message): void {
  const now = deps.now();
  schedule(tx, recordOf(monotonicUlid(now), message, now), now);
}

/** How long a decoy is kept. */
const DECOY_LIFE = 10 * 60_000;

/** Writes as much as `enqueue` does for a mail, so that the commit takes as long when none is sent. */
export function enqueueDecoy(tx: Transaction, session: string, mail: MailMessage): void {
  tx.set(keys.decoy(session, "mail"), mail, { expireIn: DECOY_LIFE });
  tx.set(keys.decoy(session, "due"), true, { expireIn: DECOY_LIFE });
}

/** How long a digest waits for more that it could stand for. */
const GATHERING = 30_000;

/** Begins the ids of digests. */
const DIGEST = "~";

/** Has the record been added by `enqueueDigest`? */
export function isDigest({ id }: OutboxRecord): boolean {
  return id.startsWith(DIGEST);
}

/**
 * Adds a message that is the same however much it stands for: while one like it waits for the same
 * receiver, no second one is added.
 */
export function enqueueDigest(deps: Deps, tx: Transaction, message: Message): void {
  const now = deps.now();
  // After every ULID: what is there already goes first.
  const id = `${DIGEST}${message.channel === "mail" ? message.subject : message.what}`;
  schedule(tx, recordOf(id, message, now), now + GATHERING);
}

function recordOf(id: string, message: Message, createdAt: number): OutboxRecord {
  return { id, message, createdAt, attempts: 0, lastError: null };
}

/** Puts a record into its partition, to be looked at from `dueAt` (ms) on. */
function schedule(tx: Transaction, record: OutboxRecord, dueAt: number): void {
  const partition = partitionOf(record.message);
  tx.set(keys.outbox(partition, record.id), record);
  tx.set(keys.outboxDue(record.message.channel, dueAt, partition, record.id), true);
}

/** How long a dead letter is kept for the operator of the portal: 30 days. */
export const DEAD_LETTER_LIFE = 30 * 24 * 60 * 60_000;

/** Keeps a message that can not be sent for the operator of the portal to see. */
export function moveToDeadLetter(deps: Deps, tx: Transaction, record: OutboxRecord): void {
  const letter: DeadLetter = { ...record, diedAt: deps.now() };
  tx.set(keys.outboxDead(record.id), letter, { expireIn: DEAD_LETTER_LIFE });
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

/**
 * Gives a dead letter back to the outbox, as new: with all its attempts, and its days, before it.
 * @returns whether there was such a letter
 */
export async function retryDeadLetter(
  deps: Pick<Deps, "kv" | "now">,
  id: string,
): Promise<boolean> {
  return await transact(deps.kv, async (tx) => {
    const letter = await tx.get(keys.outboxDead(id));
    if (!letter) return false;
    tx.delete(keys.outboxDead(id));
    const now = deps.now();
    schedule(tx, recordOf(id, letter.message, now), now);
    return true;
  });
}
