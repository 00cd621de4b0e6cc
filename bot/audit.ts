import type { AccessCode } from "../core/access/messages.ts";
import { getRequest } from "../core/access/requests/request.ts";
import { appendAudit } from "../core/audit/append.ts";
import type { Deps } from "../core/deps.ts";
import { enqueue } from "../core/outbox/enqueue.ts";
import type { Result } from "../core/result.ts";
import { keys } from "../core/store/keys.ts";
import { read } from "../core/store/read.ts";
import type { AccessRequest } from "../core/store/records/access.ts";
import type { Account, AccountId } from "../core/store/records/account.ts";
import { transact, type Transaction } from "../core/store/transact.ts";
import type { MessageRef } from "./send.ts";

/** A tap or a command, as it goes on record. */
export interface AuditedAction {
  /** The Telegram account, by its immutable number. */
  userId: number;
  /** What was tapped or sent, e.g. `approve` or `/pausar`. */
  action: string;
  /** The account of the person it is linked to; null for a stranger. */
  account: AccountId | null;
  requestId: string | null;
  /** Of the request; its establishment's log tells of it. */
  cnes: string | null;
  /** `ok`, or the code of the refusal. */
  outcome: string;
}

/** Every action leaves a record, allowed or denied, with the Telegram account and the person. */
export async function auditAction(
  deps: Deps,
  tx: Transaction,
  audited: AuditedAction,
): Promise<void> {
  const { userId, action, account, requestId, cnes, outcome } = audited;
  await appendAudit(deps, tx, {
    stream: cnes ?? "portal",
    event: outcome === "ok" ? "telegram.done" : "telegram.denied",
    actor: account ?? `telegram:${userId}`,
    subject: requestId ?? account ?? "telegram",
    detail: { action, outcome, telegramUser: userId },
  });
}

/** An action of a linked person that is about no request. */
export async function auditPerson(
  deps: Deps,
  { id: account }: Account,
  audited: Pick<AuditedAction, "userId" | "action" | "outcome">,
): Promise<void> {
  const about = { account, requestId: null, cnes: null };
  await transact(deps.kv, (tx) => auditAction(deps, tx, { ...audited, ...about }));
}

/** An action that was denied before any person could be made out. */
export async function auditStranger(
  deps: Deps,
  audited: Pick<AuditedAction, "userId" | "action" | "requestId"> & {
    outcome: "unlinked" | "not_private";
  },
): Promise<void> {
  const about = { account: null, cnes: null };
  await transact(deps.kv, (tx) => auditAction(deps, tx, { ...audited, ...about }));
}

/** An attempt to decide, or to come to that, and what core answered. */
export interface Attempt {
  /** The button. */
  action: string;
  requestId: string;
  /** The Telegram account and the account of the person who tried. */
  userId: number;
  by: AccountId;
  decided: Result<AccessRequest, AccessCode>;
}

/**
 * Puts an attempt on record, and sees to it that the tapped message shows what became of the request,
 * and that a person who decided nothing is told why. Both go through the outbox, so that they come in the chat's pace, and come also when
 * Telegram is away or the process is killed meanwhile.
 */
export async function notifyAttempt(
  deps: Deps,
  { chatId, messageId }: MessageRef,
  { action, requestId, userId, by, decided }: Attempt,
): Promise<void> {
  const [request, shown] = await Promise.all([
    decided.ok ? decided.data : getRequest(deps, requestId),
    read(deps.kv, keys.requestMessage(requestId, chatId)),
  ]);
  const denied = !decided.ok && decided.code === "not_allowed";
  const audited: AuditedAction = {
    userId,
    action,
    account: by,
    requestId,
    cnes: request?.cnes ?? null,
    outcome: decided.ok ? "ok" : decided.code,
  };
  // The message that is known to show the request here is brought up to date by the decision itself.
  const outdated = !denied && request && request.state !== "pendente" && shown !== messageId;
  // A person who tapped twice is not told about themselves.
  const twice = !denied && request?.decidedBy && request.decidedBy.id === by;
  const refusal = decided.ok || twice ? null : decided;
  await transact(deps.kv, async (tx) => {
    await auditAction(deps, tx, audited);
    const chat = { channel: "chat", chatId, requestId } as const;
    if (outdated) {
      enqueue(deps, tx, { ...chat, what: "request_decided", messageId, tapped: true });
    }
    if (refusal) enqueue(deps, tx, { ...chat, what: "tap_refused", replyTo: messageId, refusal });
  });
}
