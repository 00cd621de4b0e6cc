import { appendAudit } from "../core/audit/append.ts";
import type { Portal } from "../core/portal.ts";
import { transact, type Transaction } from "../core/store/transact.ts";

/** A tap or a command, as it goes on record. */
export interface Deed {
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
export async function auditDeed(portal: Portal, tx: Transaction, deed: Deed): Promise<void> {
  const { userId, action, personId, requestId, cnes, outcome } = deed;
  await appendAudit(portal, tx, {
    stream: cnes ?? "portal",
    event: outcome === "ok" ? "telegram.done" : "telegram.denied",
    actor: personId ?? `telegram:${userId}`,
    subject: requestId ?? personId ?? "telegram",
    detail: { action, outcome, telegramUser: userId },
  });
}

/** A deed that was denied before any person could be made out. */
export async function auditStranger(
  portal: Portal,
  deed: Pick<Deed, "userId" | "action" | "requestId"> & { outcome: "unlinked" | "not_private" },
): Promise<void> {
  await transact(
    portal.kv,
    (tx) => auditDeed(portal, tx, { ...deed, personId: null, cnes: null }),
  );
}
