import { appendAudit } from "../core/audit/append.ts";
import type { Deps } from "../core/deps.ts";
import { transact, type Transaction } from "../core/store/transact.ts";

/** A tap or a command, as it goes on record. */
export interface AuditedAction {
  /** The Telegram account, by its immutable number. */
  userId: number;
  /** What was tapped or sent, e.g. `approve` or `/pausar`. */
  action: string;
  /** Id of the person it is linked to; null for a stranger. */
  personId: string | null;
  requestId: string | null;
  /** Of the request; its establishment's log tells of it. */
  cnes: string | null;
  /** `ok`, or the code of the refusal. */
  outcome: string;
}

/** Every deed leaves a record, allowed or denied, with the Telegram account and the person. */
export async function auditAction(
  deps: Deps,
  tx: Transaction,
  audited: AuditedAction,
): Promise<void> {
  const { userId, action, personId, requestId, cnes, outcome } = audited;
  await appendAudit(deps, tx, {
    stream: cnes ?? "portal",
    event: outcome === "ok" ? "telegram.done" : "telegram.denied",
    actor: personId ?? `telegram:${userId}`,
    subject: requestId ?? personId ?? "telegram",
    detail: { action, outcome, telegramUser: userId },
  });
}

/** A deed that was denied before any person could be made out. */
export async function auditStranger(
  deps: Deps,
  audited: Pick<AuditedAction, "userId" | "action" | "requestId"> & {
    outcome: "unlinked" | "not_private";
  },
): Promise<void> {
  await transact(
    deps.kv,
    (tx) => auditAction(deps, tx, { ...audited, personId: null, cnes: null }),
  );
}
