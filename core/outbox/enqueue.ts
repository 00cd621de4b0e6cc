import { newId } from "../ids.ts";
import type { Portal } from "../portal.ts";
import type { Transaction } from "../store/transact.ts";
import { keys } from "./keys.ts";
import type { Message, OutboxRecord } from "./message.ts";

/** Adds a message to the commit of the change that it tells of; it is due at once. */
export function enqueue(portal: Portal, tx: Transaction, message: Message): void {
  const now = portal.now();
  const id = newId(now);
  const record: OutboxRecord = { id, message, createdAt: now, attempts: 0, lastError: null };
  tx.set(keys.outbox(now, id), record);
}
