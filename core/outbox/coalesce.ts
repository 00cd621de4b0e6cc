import type { OutboxRecord, StoredMessage } from "../store/records/outbox.ts";
import type { Deps } from "../deps.ts";
import { keys } from "../store/keys.ts";
import { list } from "../store/read.ts";
import type { Transaction } from "../store/transact.ts";
import { moveToDeadLetter } from "./dead_letters.ts";
import { enqueueDigest } from "./enqueue.ts";

/** Does a message show one new request? One message can stand for many of these. */
function isNewRequest(message: StoredMessage): boolean {
  return message.channel === "chat" && message.what === "request_created";
}

/** From this many new requests on, one message names their number instead of showing each. */
export const MANY = 5;

/**
 * What is to be sent next of a partition, and which of its records that covers: the first one, or, when a
 * night or a pause of the receiver has piled up new requests, all of those at the front in one. A
 * message that was tried before goes out as it is.
 */
export function coalesce(
  [first, ...rest]: readonly [OutboxRecord, ...OutboxRecord[]],
): { message: StoredMessage; covers: OutboxRecord[] } {
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

/** Messages that may wait for one receiver whom none reaches. */
export const PARTITION_CAP = 100;
/** After this long (3 days) a message that could not be sent is of no use to its receiver. */
export const MAX_AGE = 3 * 24 * 60 * 60_000;

/** What is taken off a partition in one commit: each is a few of its 1,000 mutations. */
const AT_ONCE = 300;

/**
 * Keeps a partition that cannot be sent from growing, inside the commit that notes a failure: new requests
 * become one message that names their number; when that does not suffice, the oldest become dead
 * letters. The first record is the one that failed, and stays.
 */
export async function shed(deps: Deps, tx: Transaction, partition: string): Promise<void> {
  const entries = list(deps.kv, keys.outbox.under(partition), { limit: PARTITION_CAP + AT_ONCE });
  const [, ...waiting] = await Array.fromAsync(entries, ({ value }) => value);
  const requests = waiting.filter(({ message }) => isNewRequest(message)).slice(0, AT_ONCE);
  const [request] = requests;
  if (request?.message.channel === "chat") {
    for (const { id } of requests) tx.delete(keys.outbox(partition, id));
    const { chatId } = request.message;
    enqueueDigest(deps, tx, { channel: "chat", chatId, what: "requests_waiting" });
  }
  const others = waiting.filter((record) => !requests.includes(record));
  const surplus = others.slice(0, Math.max(0, others.length - PARTITION_CAP));
  for (const record of surplus) {
    tx.delete(keys.outbox(partition, record.id));
    const lastError = "too many messages wait for this receiver";
    moveToDeadLetter(deps, tx, partition, { ...record, lastError });
  }
}
