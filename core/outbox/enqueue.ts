import { monotonicUlid } from "@std/ulid";
import type { Portal } from "../portal.ts";
import { keys } from "../store/keys.ts";
import type { MailMessage, Message, OutboxRecord } from "../store/records/outbox.ts";
import type { Transaction } from "../store/transact.ts";
import { laneOf } from "./message.ts";

/** Adds a message to the commit of the change that it tells of; it is due at once. */
export function enqueue(portal: Portal, tx: Transaction, message: Message): void {
  const now = portal.now();
  const id = monotonicUlid(now);
  const record: OutboxRecord = { id, message, createdAt: now, attempts: 0, lastError: null };
  place(tx, record, now);
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

/**
 * Adds a message that is the same however much it stands for: while one like it waits for the same
 * receiver, no second one is added.
 */
export function enqueueDigest(portal: Portal, tx: Transaction, message: Message): void {
  const now = portal.now();
  // After every ULID: what is there already goes first.
  const id = `~${message.channel === "mail" ? message.subject : message.what}`;
  const record: OutboxRecord = { id, message, createdAt: now, attempts: 0, lastError: null };
  place(tx, record, now + GATHERING);
}

/** Puts a record into its lane, to be looked at from `dueAt` on. */
export function place(tx: Transaction, record: OutboxRecord, dueAt: number): void {
  const lane = laneOf(record.message);
  tx.set(keys.outbox(lane, record.id), record);
  tx.set(keys.outboxDue(record.message.channel, dueAt, lane, record.id), true);
}
