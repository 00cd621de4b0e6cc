import { appendAudit } from "../audit/append.ts";
import type { Deps } from "../deps.ts";
import { keys } from "../store/keys.ts";
import type { Account } from "../store/records/account.ts";
import { transact } from "../store/transact.ts";

/**
 * Version of the terms in force (date of publication). A new version is asked of everyone once; the
 * text is in `components/terms.tsx`.
 */
export const TERMS_VERSION = "2026-11-21";

/** Records the acceptance of the version in force. Doing it twice changes nothing. */
export async function acceptTerms(deps: Deps, person: Account): Promise<void> {
  await transact(deps.kv, async (tx) => {
    const key = keys.termsAccepted(person.id, TERMS_VERSION);
    if (await tx.get(key)) return;
    tx.set(key, deps.now());
    await appendAudit(deps, tx, {
      stream: "portal",
      event: "terms.accepted",
      actor: person.id,
      subject: TERMS_VERSION,
    });
  });
}
