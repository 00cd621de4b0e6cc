import type { Key } from "../store/key.ts";
import { randomToken } from "../ids.ts";
import type { Portal } from "../portal.ts";
import { keys } from "../store/keys.ts";
import { list } from "../store/read.ts";
import type { Lane, Message, OutboxRecord } from "../store/records/outbox.ts";
import { transact } from "../store/transact.ts";
import { condense } from "./condense.ts";
import { LANE_CAP, MAX_AGE, thinOut } from "./crowd.ts";
import { bury } from "./dead_letters.ts";
import { channelOf, type Delivery } from "./message.ts";
import type { Pace } from "./pace.ts";

/** A message that this process alone may send now. */
export interface Claim {
  lane: string;
  holder: string;
  until: number;
  message: Message;
  /** The records that the message stands for; the first one counts the attempts. */
  covers: OutboxRecord[];
  attempt: number;
  /** Does the lane hold further messages? */
  more: boolean;
  /** More than a lane should. */
  crowded: boolean;
}

/** How long a claimed message is left to its sender before another one may try. */
export const LEASE = 2 * 60_000;
/** Attempts before a message becomes a dead letter: with the pauses below, about a day. */
export const MAX_ATTEMPTS = 30;
const LONGEST_PAUSE = 60 * 60_000;
/** How soon a lane that another process works on is looked at again. */
const LOOK_AGAIN = 1_000;
/** Records read at once; so many new requests become one message. */
const BATCH = LANE_CAP;
/** How long the record of a lane outlives its use. */
const KEPT = 2 * 60 * 60_000;

/**
 * Takes a lane and its next message, in one commit: a process killed from here on leaves a lease that
 * ends and a hint for that moment. The hints that led here are used up.
 *
 * @returns null when the lane rests, is somebody else's, or is empty
 */
export async function claimLane(
  portal: Portal,
  lane: string,
  hints: readonly Key<true>[],
): Promise<Claim | null> {
  const channel = channelOf(lane);
  return await transact(portal.kv, async (tx) => {
    const held = await tx.get(keys.outboxLane(lane));
    const now = portal.now();
    for (const hint of hints) tx.delete(hint);
    if (held && held.until > now) {
      // The holder may be done at any time, and does not know of these hints.
      const again = held.holder ? Math.min(held.until, now + LOOK_AGAIN) : held.until;
      tx.set(keys.outboxDue(channel, again, lane, ""), true);
      return null;
    }
    const entries = list(portal.kv, keys.outbox.under(lane), {
      limit: BATCH + 1,
    });
    const [first, ...rest] = await Array.fromAsync(entries, ({ value }) => value);
    if (!first) return null;
    const { message, covers } = condense([first, ...rest.slice(0, BATCH - 1)]);
    const attempt = first.attempts + 1;
    const until = now + LEASE;
    const holder = randomToken();
    covers[0] = { ...first, attempts: attempt };
    tx.set(keys.outbox(lane, first.id), covers[0]);
    tx.set(keys.outboxLane(lane), { until, holder });
    tx.set(keys.outboxDue(channel, until, lane, holder), true);
    const more = rest.length >= covers.length;
    return { lane, holder, until, message, covers, attempt, more, crowded: rest.length >= BATCH };
  });
}

/** Writes down what became of a claimed message and lets the lane go. */
export async function settle(
  portal: Portal,
  claim: Claim,
  delivery: Delivery,
  { perChatMs }: Pace,
): Promise<void> {
  const { lane, holder, covers, attempt } = claim;
  const channel = channelOf(lane);
  await transact(portal.kv, async (tx) => {
    const now = portal.now();
    const held = await tx.get(keys.outboxLane(lane));
    // When the lease ended meanwhile, somebody else may have the lane: what was not sent is theirs.
    const mine = held?.holder === holder;
    if (!mine && delivery.outcome !== "sent") return;
    const old = now - covers[0]!.createdAt >= MAX_AGE;
    const again = delivery.outcome === "later" && attempt < MAX_ATTEMPTS && !old;
    if (again) {
      const failed = { ...covers[0]!, lastError: delivery.error };
      tx.set(keys.outbox(lane, failed.id), failed);
      if (claim.crowded) await thinOut(portal, tx, lane);
    } else {
      for (const record of covers) {
        tx.delete(keys.outbox(lane, record.id));
        if (delivery.outcome !== "sent") {
          bury(portal, tx, { ...record, lastError: delivery.error });
        }
      }
    }
    tx.delete(keys.outboxDue(channel, claim.until, lane, holder));
    if (!mine) {
      // Written unchanged: who is claiming the lane at this moment has to look again.
      if (held) tx.set(keys.outboxLane(lane), held);
      return;
    }
    const rest = again
      ? delivery.retryAfter ?? pauseAfter(attempt)
      : channel === "chat"
      ? perChatMs
      : 0;
    // Kept even when it need not rest: were it deleted, who saw no holder before this one came and
    // looks again after it went would not know that there has been one.
    const resting: Lane = { until: now + rest, holder: null };
    tx.set(keys.outboxLane(lane), resting, { expireIn: rest + KEPT });
    if (again || claim.more) tx.set(keys.outboxDue(channel, now + rest, lane, ""), true);
  });
}

/** 5 s, 10 s, 20 s … up to an hour. */
function pauseAfter(attempts: number): number {
  return Math.min(LONGEST_PAUSE, 5_000 * 2 ** (attempts - 1));
}
