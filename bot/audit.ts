import { appendAudit } from "../core/audit/append.ts";
import type { Portal } from "../core/portal.ts";
import { transact } from "../core/store/transact.ts";

/**
 * A tap that was denied before any person could be made out. Taps of known people leave their trace
 * where their authority is checked.
 */
export async function auditDeniedTap(
  portal: Portal,
  tap: { userId: number; why: "unlinked" | "not_private"; requestId: string | null },
): Promise<void> {
  await transact(portal.kv, (tx) =>
    appendAudit(portal, tx, {
      stream: "portal",
      event: "telegram.tap_denied",
      actor: `telegram:${tap.userId}`,
      subject: tap.requestId ?? "telegram",
      detail: { why: tap.why },
    }));
}
