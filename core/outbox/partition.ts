import type { Key } from "../store/key.ts";
import { randomToken } from "../ids.ts";
import type { Deps } from "../deps.ts";
import { keys } from "../store/keys.ts";
import { list } from "../store/read.ts";
import type { OutboxRecord, StoredMessage } from "../store/records/outbox.ts";
import { transact } from "../store/transact.ts";
import { coalesce, MAX_AGE, PARTITION_CAP, shed } from "./coalesce.ts";
import { moveToDeadLetter } from "./dead_letters.ts";
import { channelOf } from "./enqueue.ts";
import { endAsMeant, keepLease } from "./lease.ts";
import type { Delivery } from "./send.ts";
import type { Rate } from "./rate_limiter.ts";

/** A message that this process alone may send now. */
export interface Claim {
  partition: string;
  holder: string;
  until: number;
  message: StoredMessage;
  /** The records that the message stands for; the first one counts the attempts. */
  covers: OutboxRecord[];
  attempt: number;
  /** Does the partition hold further messages? */
  more: boolean;
  /** More than a partition should. */
  overfull: boolean;
}

/** How long a claimed message is left to its sender before another one may try. */
export const LEASE = 2 * 60_000;
/** Attempts before a message becomes a dead letter: with the pauses below, about a day. */
export const MAX_ATTEMPTS = 30;
const LONGEST_PAUSE = 60 * 60_000;
/** How soon a partition that another process works on is looked at again. */
const LOOK_AGAIN = 1_000;
/** Records read at once; so many new requests become one message. */
const BATCH = PARTITION_CAP;

/**
 * Takes a partition and its next message, in one commit: a process killed from here on leaves a lease that
 * ends and a schedule entry for that moment. The schedule entries that led here are used up.
 *
 * @returns null when the partition rests, is another process's, or is empty
 */
export async function claimPartition(
  deps: Deps,
  partition: string,
  entries: readonly Key<unknown>[],
): Promise<Claim | null> {
  const channel = channelOf(partition);
  return await transact(deps.kv, async (tx) => {
    const stored = await tx.get(keys.outboxPartition(partition));
    const now = deps.now();
    const held = stored && endAsMeant(stored, now);
    for (const entry of entries) tx.delete(entry);
    if (held && held.until > now) {
      if (held !== stored) keepLease(tx, partition, held, now);
      // The holder may be done at any time, and does not know of these schedule entries.
      const again = held.holder ? Math.min(held.until, now + LOOK_AGAIN) : held.until;
      tx.set(keys.outboxDue(channel, again, partition, ""), now);
      return null;
    }
    const waiting = list(deps.kv, keys.outbox.under(partition), { limit: BATCH + 1 });
    const [first, ...rest] = await Array.fromAsync(waiting, ({ value }) => value);
    if (!first) return null;
    const { message, covers } = coalesce([first, ...rest.slice(0, BATCH - 1)]);
    const attempt = first.attempts + 1;
    const until = now + LEASE;
    const holder = randomToken();
    covers[0] = { ...first, attempts: attempt };
    tx.set(keys.outbox(partition, first.id), covers[0]);
    keepLease(tx, partition, { until, holder, since: now }, now);
    tx.set(keys.outboxDue(channel, until, partition, holder), now);
    const more = rest.length >= covers.length;
    const overfull = rest.length >= BATCH;
    return { partition, holder, until, message, covers, attempt, more, overfull };
  });
}

/** Writes down what became of a claimed message and lets the partition go. */
export async function acknowledge(
  deps: Deps,
  claim: Claim,
  delivery: Delivery,
  { perChatMs }: Rate,
): Promise<void> {
  const { partition, holder, covers, attempt } = claim;
  const channel = channelOf(partition);
  await transact(deps.kv, async (tx) => {
    const now = deps.now();
    const held = await tx.get(keys.outboxPartition(partition));
    // When the lease ended meanwhile, another process may have the partition: what was not sent is its own.
    const mine = held?.holder === holder;
    if (!mine && delivery.outcome !== "sent") return;
    const old = now - covers[0]!.createdAt >= MAX_AGE;
    const again = delivery.outcome === "later" && attempt < MAX_ATTEMPTS && !old;
    if (again) {
      const failed = { ...covers[0]!, lastError: delivery.error };
      tx.set(keys.outbox(partition, failed.id), failed);
      if (claim.overfull) await shed(deps, tx, partition);
    } else {
      for (const record of covers) {
        tx.delete(keys.outbox(partition, record.id));
        if (delivery.outcome !== "sent") {
          moveToDeadLetter(deps, tx, partition, { ...record, lastError: delivery.error });
        }
      }
    }
    tx.delete(keys.outboxDue(channel, claim.until, partition, holder));
    if (!mine) {
      // Written unchanged: a process that is claiming the partition at this moment has to look again.
      if (held) tx.set(keys.outboxPartition(partition), held);
      return;
    }
    const rest = again
      ? delivery.retryAfter ?? pauseAfter(attempt)
      : channel === "chat"
      ? perChatMs
      : 0;
    // Kept even when it need not rest: were it deleted, a process that saw no holder before this one came and
    // looks again after it went would not know that there has been one.
    keepLease(tx, partition, { until: now + rest, holder: null, since: now }, now);
    if (again || claim.more) tx.set(keys.outboxDue(channel, now + rest, partition, ""), now);
  });
}

/**
 * Undoes a claim whose message has not been tried: it is due at once, for the next process, and its
 * attempt does not count.
 */
export async function giveBack(deps: Deps, claim: Claim): Promise<void> {
  const { partition, holder, covers, attempt, until } = claim;
  const channel = channelOf(partition);
  await transact(deps.kv, async (tx) => {
    const held = await tx.get(keys.outboxPartition(partition));
    // When the lease ended meanwhile, all this is another process's.
    if (held?.holder !== holder) return;
    const now = deps.now();
    tx.set(keys.outbox(partition, covers[0]!.id), { ...covers[0]!, attempts: attempt - 1 });
    tx.delete(keys.outboxDue(channel, until, partition, holder));
    keepLease(tx, partition, { until: now, holder: null, since: now }, now);
    tx.set(keys.outboxDue(channel, now, partition, ""), now);
  });
}

/** 5 s, 10 s, 20 s … up to an hour. */
function pauseAfter(attempts: number): number {
  return Math.min(LONGEST_PAUSE, 5_000 * 2 ** (attempts - 1));
}
