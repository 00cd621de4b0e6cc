import type { Message, OutboxRecord } from "../store/records/outbox.ts";
import { isNewRequest } from "./message.ts";

/** From this many new requests on, one message names their number instead of showing each. */
export const MANY = 5;

/**
 * What is to be sent next of a partition, and which of its records that covers: the first one, or, when a
 * night or a pause of the receiver has piled up new requests, all of those at the front in one. A
 * message that was tried before goes out as it is.
 */
export function coalesce(
  [first, ...rest]: readonly [OutboxRecord, ...OutboxRecord[]],
): { message: Message; covers: OutboxRecord[] } {
  const covers = [first];
  for (const record of rest) {
    if (!isNewRequest(record.message)) break;
    covers.push(record);
  }
  const many = isNewRequest(first.message) && first.attempts === 0 && covers.length >= MANY;
  if (!many || first.message.channel !== "chat") return { message: first.message, covers: [first] };
  const { chatId } = first.message;
  return { message: { channel: "chat", chatId, what: "requests_waiting" }, covers };
}
