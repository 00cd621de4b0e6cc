import { enqueue } from "../../outbox/enqueue.ts";
import type { Deps } from "../../deps.ts";
import { keys } from "../../store/keys.ts";
import { read } from "../../store/read.ts";
import { transact } from "../../store/transact.ts";
import { decidedNotice, putUnchanged } from "./transition.ts";

/** Is there a message that shows this request in this chat? */
export async function isShown(deps: Deps, requestId: string, chatId: number): Promise<boolean> {
  return await read(deps.kv, keys.requestMessage(requestId, chatId)) !== null;
}

/**
 * Remembers the message that shows a request in a chat; a chat has one such message. When the
 * request was decided while the message was on its way, the outbox brings it up to date.
 *
 * @returns the number of the message that showed it there before, if any
 */
export async function rememberMessage(
  deps: Deps,
  requestId: string,
  chatId: number,
  messageId: number,
): Promise<number | null> {
  return await transact(deps.kv, async (tx) => {
    const key = keys.requestMessage(requestId, chatId);
    const [request, before] = await tx.getMany([
      keys.request(requestId),
      key,
    ]);
    if (!request) return null;
    tx.set(key, messageId);
    // Written unchanged: a decision that is under way did not see this message and has to run again.
    if (request.state === "pendente") putUnchanged(tx, request);
    else enqueue(deps, tx, decidedNotice(requestId, { chatId, messageId }));
    return before === messageId ? null : before;
  });
}
