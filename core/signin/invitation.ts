import { isOpen, isPasswordGood } from "../access/invitations/invitation.ts";
import type { AccountCode } from "../account/messages.ts";
import { createSession, deleteSession } from "../account/session.ts";
import { appendAudit } from "../audit/append.ts";
import type { Deps } from "../deps.ts";
import { accept, refuse, type Result } from "../result.ts";
import { keys } from "../store/keys.ts";
import type { Invitation } from "../store/records/invitation.ts";
import type { Anonymous, Session } from "../store/records/session.ts";
import { transact } from "../store/transact.ts";

/** The session at the page of an invitation. */
export interface OpenedInvitation {
  next: "first_access";
  session: Session<Anonymous>;
}

/**
 * What the provisional password of an invitation opens: a session, not logged in, that shows it. May be
 * done again while the password is good; nothing of the invitation changes.
 *
 * @param found by CPF and password
 */
export async function openInvitation(
  deps: Deps,
  { session, agent }: { session: Session | null; agent: string },
  found: Invitation,
): Promise<Result<OpenedInvitation, AccountCode>> {
  const { operadora, id } = found;
  return await transact(deps.kv, async (tx) => {
    const invitation = await tx.get(keys.invitation(operadora, id));
    const hash = invitation?.password?.hash;
    // Renewed or ended since.
    if (!invitation || !hash || hash !== found.password?.hash) {
      return refuse<AccountCode>("login_refused");
    }
    const now = deps.now();
    if (!isOpen(invitation, now)) return refuse<AccountCode>("invitation_ended");
    if (!isPasswordGood(invitation, now)) return refuse<AccountCode>("provisional_expired");
    if (session) deleteSession(tx, session);
    await appendAudit(deps, tx, {
      stream: operadora,
      event: "login.provisional",
      actor: "unknown",
      subject: id,
    });
    const state: Anonymous = {
      kind: "anonymous",
      certificate: null,
      onboarding: {
        flow: "invitation",
        step: "convite",
        invitation: { operadora, id, password: hash },
        termsVersion: null,
        draft: null,
      },
    };
    const opened = createSession(deps, tx, { state, agent });
    return accept<OpenedInvitation>({ next: "first_access", session: opened });
  });
}
