import { createHash } from "node:crypto";
import type { OutboxRecord } from "../store/records/outbox.ts";
import { isDigest } from "./enqueue.ts";

/**
 * The Message-ID (RFC 5322, 3.6.4) of a message of the outbox: the same whenever it is tried, in whichever
 * process, and when it is given back from the dead letters, so that a mail that comes again is the
 * same mail to every mail program; no other message has it. Says nothing of the receiver.
 *
 * @param partition where the record is
 * @param origin of the portal; its host is the right side
 * @example messageId(partition, record, "https://portal.example") // "<5f2c…@portal.example>"
 */
export function messageId(
  partition: string,
  record: Pick<OutboxRecord, "id" | "createdAt">,
  origin: string,
): string {
  // The digests of a receiver follow each other under one id.
  const time = isDigest(record) ? record.createdAt : 0;
  const parts = JSON.stringify([partition, record.id, time]);
  const hash = createHash("sha256").update(parts).digest("hex").slice(0, 32);
  return `<${hash}@${new URL(origin).hostname}>`;
}
