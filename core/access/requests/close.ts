import { appendAudit } from "../../audit/append.ts";
import { enqueue } from "../../outbox/enqueue.ts";
import type { ChatMessage } from "../../outbox/message.ts";
import type { Portal } from "../../portal.ts";
import type { Transaction } from "../../store/transact.ts";
import { keys } from "../keys.ts";
import type { AccessRequest } from "./request.ts";

/**
 * Writes a request that waits no more, inside the commit that ended it: out of what is pending, into
 * what was decided, on record, and every chat that shows it brought up to date.
 *
 * @param actor id of the person, or `system`
 */
export async function close(
  portal: Portal,
  tx: Transaction,
  request: AccessRequest,
  actor: string,
): Promise<void> {
  tx.set(keys.request(request.id), request);
  tx.set(keys.requestDecided(request.cnes, portal.now(), request.id), true);
  tx.delete(keys.requestPending(request.cnes, request.id));
  tx.delete(keys.requestOpen(request.cpf, request.cnes));
  // Read inside the transaction: `rememberMessage` writes the request too, so that no message can
  // come in between unseen.
  for (const shown of await chatsShowing(portal, request.id)) {
    enqueue(portal, tx, decidedNotice(request.id, shown));
  }
  await appendAudit(portal, tx, {
    stream: request.cnes,
    event: `request.${request.state}`,
    actor,
    subject: request.id,
    detail: { via: request.via, profile: request.profile },
  });
}

/** A message of a chat that shows a request. */
export interface ShownMessage {
  chatId: number;
  messageId: number;
}

async function chatsShowing(portal: Portal, id: string): Promise<ShownMessage[]> {
  const chats: ShownMessage[] = [];
  for await (const entry of portal.kv.list<number>({ prefix: keys.requestMessages(id) })) {
    chats.push({ chatId: entry.key[2] as number, messageId: entry.value });
  }
  return chats;
}

export function decidedNotice(
  requestId: string,
  { chatId, messageId }: ShownMessage,
): ChatMessage {
  return { channel: "chat", chatId, what: "request_decided", requestId, messageId };
}
