import type { OutboxRecord } from "../store/records/outbox.ts";
import { isDigest, partitionOf } from "./enqueue.ts";

/**
 * The Message-ID (RFC 5322, 3.6.4) of a message of the outbox: the same whenever it is tried, in whichever
 * process, and when it is given back from the dead letters, so that a mail that comes again is the
 * same mail to every mail program; no other message has it. Says nothing of the receiver.
 *
 * @param origin of the portal; its host is the right side
 * @example await messageId(record, "https://portal.example") // "<5f2c…@portal.example>"
 */
export async function messageId(record: OutboxRecord, origin: string): Promise<string> {
  // The digests of a receiver follow each other under one id.
  const time = isDigest(record) ? record.createdAt : 0;
  const parts = JSON.stringify([partitionOf(record.message), record.id, time]);
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(parts));
  return `<${new Uint8Array(hash, 0, 16).toHex()}@${new URL(origin).hostname}>`;
}
