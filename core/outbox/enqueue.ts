import { monotonicUlid } from "@std/ulid";
import type { Deps } from "../deps.ts";
import { keys } from "../store/keys.ts";
import type { MailMessage, Message, OutboxRecord } from "../store/records/outbox.ts";
import type { Transaction } from "../store/transact.ts";
import { partitionOf } from "./message.ts";

/** Adds a message to the commit of the change that it tells of; it is due at once. */
export function enqueue(deps: Deps, tx: Transaction, message: Message): void {
  const now = deps.now();
  const id = monotonicUlid(now);
  const record: OutboxRecord = { id, message, createdAt: now, attempts: 0, lastError: null };
  schedule(tx, record, now);
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
export function enqueueDigest(deps: Deps, tx: Transaction, message: Message): void {
  const now = deps.now();
  // After every ULID: what is there already goes first.
  const id = `~${message.channel === "mail" ? message.subject : message.what}`;
  const record: OutboxRecord = { id, message, createdAt: now, attempts: 0, lastError: null };
  schedule(tx, record, now + GATHERING);
}

/** Puts a record into its partition, to be looked at from `dueAt` on. */
export function schedule(tx: Transaction, record: OutboxRecord, dueAt: number): void {
  const partition = partitionOf(record.message);
  tx.set(keys.outbox(partition, record.id), record);
  tx.set(keys.outboxDue(record.message.channel, dueAt, partition, record.id), true);
}
