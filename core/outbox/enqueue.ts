import { monotonicUlid } from "@std/ulid";
import type { Deps } from "../deps.ts";
import { renderMail } from "../mails/mod.ts";
import { keyedHash } from "../secrets.ts";
import { keys } from "../store/keys.ts";
import type {
  AddressedMail,
  Channel,
  ChatMessage,
  Message,
  OutboxRecord,
} from "../store/records/outbox.ts";
import type { Transaction } from "../store/transact.ts";
import { sealMessage } from "./sealed_mail.ts";

/**
 * Messages of one partition are sent one after the other, those of different partitions side by side. It
 * names no address. After a change of the secret an address has another one: what waits in both is sent
 * side by side.
 */
export function partitionOf({ config }: Pick<Deps, "config">, message: Message): string {
  return message.channel === "mail"
    ? `mail:${keyedHash(config, "receivers", message.to)}`
    : `chat:${message.chatId}`;
}

/** The channel of a partition that `partitionOf` has named. */
export function channelOf(partition: string): Channel {
  return partition.startsWith("mail:") ? "mail" : "chat";
}

/**
 * Adds a message to the commit of the change that it tells of.
 *
 * @param wait milliseconds until it is due; at once unless told
 */
export function enqueue(deps: Deps, tx: Transaction, message: Message, wait = 0): void {
  const record = recordOf(deps, monotonicUlid(deps.now()), message);
  schedule(tx, partitionOf(deps, message), record, wait);
}

/** Milliseconds that a mail waits whose sending must not be told by the requests that come after. */
export function discreetWait(): number {
  return 1_000 + Math.floor(Math.random() * 1_000);
}

/** How long a decoy is kept. */
const DECOY_LIFE = 10 * 60_000;

/** Does and writes as much as `enqueue` for a mail, so that it takes as long when none is sent. */
export function enqueueDecoy(
  deps: Deps,
  tx: Transaction,
  session: string,
  mail: AddressedMail,
): void {
  const record = recordOf(deps, monotonicUlid(deps.now()), mail);
  partitionOf(deps, mail);
  tx.set(keys.decoy(session, "mail"), record, { expireIn: DECOY_LIFE });
  tx.set(keys.decoy(session, "due"), true, { expireIn: DECOY_LIFE });
}

/** How long a digest waits for more that it could stand for. */
const GATHERING = 30_000;

/** Begins the ids of digests. */
const DIGEST = "~";

/** Has the record been added by `enqueueDigest`? */
export function isDigest({ id }: Pick<OutboxRecord, "id">): boolean {
  return id.startsWith(DIGEST);
}

/**
 * Adds a message that is the same however much it stands for: while one like it waits for the same
 * receiver, no second one is added.
 */
export function enqueueDigest(deps: Deps, tx: Transaction, message: Message): void {
  // After every ULID: what is there already goes first.
  const id = `${DIGEST}${message.channel === "mail" ? subjectHash(deps, message) : message.what}`;
  schedule(tx, partitionOf(deps, message), recordOf(deps, id, message), GATHERING);
}

/** Mails are alike when their subjects are. */
function subjectHash({ config }: Deps, { mail }: AddressedMail): string {
  return keyedHash(config, "receivers", mail.mail, renderMail(mail)!.subject);
}

function recordOf(deps: Deps, id: string, message: AddressedMail | ChatMessage): OutboxRecord {
  const stored = sealMessage(deps, id, message);
  return { id, message: stored, createdAt: deps.now(), attempts: 0, lastError: null };
}

/** Puts a record into a partition, to be looked at `wait` (ms) after it was made. */
export function schedule(
  tx: Transaction,
  partition: string,
  record: OutboxRecord,
  wait: number,
): void {
  const { id, createdAt } = record;
  tx.set(keys.outbox(partition, id), record);
  tx.set(keys.outboxDue(channelOf(partition), createdAt + wait, partition, id), createdAt);
}
