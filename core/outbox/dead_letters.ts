import type { Deps } from "../deps.ts";
import { keys } from "../store/keys.ts";
import { list } from "../store/read.ts";
import type { DeadLetter, OutboxRecord } from "../store/records/outbox.ts";
import { transact, type Transaction } from "../store/transact.ts";
import { schedule } from "./enqueue.ts";

/** After this long nobody asks for it any more: 30 days. */
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
    const { diedAt: _, ...record } = letter;
    tx.delete(keys.outboxDead(id));
    const createdAt = deps.now();
    schedule(tx, { ...record, createdAt, attempts: 0, lastError: null }, createdAt);
    return true;
  });
}
