import { getInvitation, isOpen, isPasswordGood } from "../../access/invitations/invitation.ts";
import type { AccountCode } from "../../account/messages.ts";
import type { Deps } from "../../deps.ts";
import { getOperadora } from "../../registry/operadora.ts";
import { accept, type Refusal, refuse, type Result } from "../../result.ts";
import type { Invitation } from "../../store/records/invitation.ts";
import type { Operadora } from "../../store/records/registry.ts";
import type { InvitedAccess, InvitedStep, Session } from "../../store/records/session.ts";
import { type AtStep, atStep } from "../steps.ts";

/** Purpose of the code that confirms another address than the invited one. */
export const INVITED_CODE = "invited_email";

/** A session at a step, with the invitation as it is now. */
export interface Invited extends AtStep<"invitation"> {
  invitation: Invitation;
  /** Null when CADOP does not have it any more. */
  operadora: Operadora | null;
}

/**
 * The first access by an invitation that a session is in.
 * @returns refused elsewhere, and for an invitation that was ended or renewed, or whose password lapsed
 */
export async function invitedAt(
  deps: Deps,
  session: Session | null,
  step: InvitedStep,
): Promise<Result<Invited, AccountCode>> {
  const found = atStep(deps, session, "invitation", step);
  if (!found.ok) return found;
  const place = found.data.onboarding.invitation;
  const [invitation, operadora] = await Promise.all([
    getInvitation(deps, place),
    getOperadora(deps, place.operadora),
  ]);
  const refusal = refusalOf(found.data.onboarding, invitation, deps.now());
  return refusal ?? accept({ ...found.data, invitation: invitation!, operadora });
}

/** Why an invitation, as it is now, does not let the session go on; null when it does. */
export function refusalOf(
  { invitation: shown }: InvitedAccess,
  invitation: Invitation | null,
  now: number,
): Refusal<AccountCode> | null {
  if (!invitation || invitation.state === "revogado" || invitation.state === "recusado") {
    return refuse("invitation_ended");
  }
  if (invitation.password?.hash !== shown.password) return refuse("provisional_spent");
  if (!isOpen(invitation, now)) return refuse("invitation_ended");
  return isPasswordGood(invitation, now) ? null : refuse("provisional_expired");
}
