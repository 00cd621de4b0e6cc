import type { AccessCode } from "../core/access/messages.ts";
import { getRequest } from "../core/access/requests/request.ts";
import { getPerson } from "../core/account/person.ts";
import { enqueue } from "../core/outbox/enqueue.ts";
import type { Deps } from "../core/deps.ts";
import type { Result } from "../core/result.ts";
import { keys } from "../core/store/keys.ts";
import { read } from "../core/store/read.ts";
import type { AccessRequest } from "../core/store/records/access.ts";
import { transact } from "../core/store/transact.ts";
import { auditAction, type AuditedAction } from "./audit.ts";
import type { MessageRef } from "./cards.ts";

/** An attempt to decide, or to come to that, and what core answered. */
export interface Attempt {
  /** The button. */
  action: string;
  requestId: string;
  /** The Telegram account and the CPF of the person who tried. */
  userId: number;
  by: string;
  decided: Result<AccessRequest, AccessCode>;
}

/**
 * Puts an attempt on record, and sees to it that the tapped message shows what became of the request, and that who decided nothing
 * is told why. Both go through the outbox, so that they come in the chat's pace, and come also when
 * Telegram is away or the process is killed meanwhile.
 */
export async function notifyAttempt(
  deps: Deps,
  { chatId, messageId }: MessageRef,
  { action, requestId, userId, by, decided }: Attempt,
): Promise<void> {
  const [request, person, shown] = await Promise.all([
    decided.ok ? decided.data : getRequest(deps, requestId),
    getPerson(deps, by),
    read(deps.kv, keys.requestMessage(requestId, chatId)),
  ]);
  const denied = !decided.ok && decided.code === "not_allowed";
  const audited: AuditedAction = {
    userId,
    action,
    personId: person?.id ?? null,
    requestId,
    cnes: request?.cnes ?? null,
    outcome: decided.ok ? "ok" : decided.code,
  };
  // The message that is known to show the request here is brought up to date by the decision itself.
  const outdated = !denied && request && request.state !== "pendente" && shown !== messageId;
  // Who tapped twice is not told about themselves.
  const twice = !denied && request?.decidedBy && request.decidedBy.id === person?.id;
  const refusal = decided.ok || twice ? null : decided;
  await transact(deps.kv, async (tx) => {
    await auditAction(deps, tx, audited);
    if (outdated) {
      const what = "request_decided";
      enqueue(deps, tx, { channel: "chat", chatId, what, requestId, messageId, tapped: true });
    }
    if (refusal) {
      const what = "tap_refused";
      enqueue(deps, tx, {
        channel: "chat",
        chatId,
        what,
        requestId,
        replyTo: messageId,
        refusal,
      });
    }
  });
}
