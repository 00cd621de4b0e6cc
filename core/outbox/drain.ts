import type { Portal } from "../portal.ts";
import { keys } from "./keys.ts";
import type { Delivery, Message, OutboxRecord } from "./message.ts";

export type Send = (message: Message) => Promise<Delivery>;

/** How long a claimed message is left to its sender before another one may try. */
export const LEASE = 2 * 60_000;
/** Attempts before a message becomes a dead letter: with the pauses below, about a day. */
export const MAX_ATTEMPTS = 30;
const LONGEST_PAUSE = 60 * 60_000;

/**
 * Sends what is due. Several drains may run at once, in one process or in many: each message is
 * claimed by moving it into the future under a check, so a sender killed half-way loses nothing (the
 * message is due again when its lease ends).
 *
 * @returns how many messages were sent
 */
export async function drainOutbox(portal: Portal, send: Send, limit = 100): Promise<number> {
  let sent = 0;
  const due = portal.kv.list<OutboxRecord>(
    { prefix: keys.outboxAll(), end: keys.outbox(portal.now() + 1, "") },
    { limit },
  );
  for await (const entry of due) {
    const lease = await claim(portal, entry);
    if (!lease) continue;
    const delivery = await attempt(send, lease.record.message);
    await settle(portal, lease, delivery);
    if (delivery.outcome === "sent") sent++;
  }
  return sent;
}

interface Lease {
  key: Deno.KvKey;
  record: OutboxRecord;
}

async function claim(portal: Portal, entry: Deno.KvEntry<OutboxRecord>): Promise<Lease | null> {
  const record = { ...entry.value, attempts: entry.value.attempts + 1 };
  const key = keys.outbox(portal.now() + LEASE, record.id);
  const { ok } = await portal.kv.atomic().check(entry).delete(entry.key).set(key, record).commit();
  return ok ? { key, record } : null;
}

async function attempt(send: Send, message: Message): Promise<Delivery> {
  try {
    return await send(message);
  } catch (error) {
    return { outcome: "later", error: error instanceof Error ? error.message : String(error) };
  }
}

async function settle(portal: Portal, lease: Lease, delivery: Delivery): Promise<void> {
  const atomic = portal.kv.atomic().delete(lease.key);
  if (delivery.outcome !== "sent") {
    const record = { ...lease.record, lastError: delivery.error };
    if (delivery.outcome === "never" || record.attempts >= MAX_ATTEMPTS) {
      atomic.set(keys.outboxDead(record.id), record);
    } else {
      const pause = delivery.retryAfter ?? pauseAfter(record.attempts);
      atomic.set(keys.outbox(portal.now() + pause, record.id), record);
    }
  }
  await atomic.commit();
}

/** 5 s, 10 s, 20 s … up to an hour. */
function pauseAfter(attempts: number): number {
  return Math.min(LONGEST_PAUSE, 5_000 * 2 ** (attempts - 1));
}
