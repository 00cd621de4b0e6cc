import { tieByInvitation } from "../../access/invitations/accept.ts";
import { createAccount, newPassword } from "../../account/account.ts";
import { consumeCode, tryCode } from "../../account/code.ts";
import type { AccountCode } from "../../account/messages.ts";
import type { Deps } from "../../deps.ts";
import { notify } from "../../notify/notify.ts";
import { firstAccessDone } from "../../mails/onboarding_mails.ts";
import { accept, refuse, type Result } from "../../result.ts";
import { openSession } from "../../signin/open_session.ts";
import { keys } from "../../store/keys.ts";
import type { InvitedAccess, LoggedIn, Session } from "../../store/records/session.ts";
import { transact, type Transaction } from "../../store/transact.ts";
import { type AtStep, atStep, atStepInCommit } from "../steps.ts";
import { INVITED_CODE, refusalOf } from "./invited.ts";

type Finished = Result<Session<LoggedIn>, AccountCode>;

/** The code for another address than the invited one arrived. */
export async function confirmInvited(
  deps: Deps,
  session: Session | null,
  typed: string,
): Promise<Finished> {
  const found = atStep(deps, session, "invitation", "confirmar");
  if (!found.ok) return found;
  const code = { purpose: INVITED_CODE, owner: found.data.anonymous.id, typed };
  const tried = await tryCode(deps, code);
  if (!tried.ok) return tried;
  return await transact(deps.kv, async (tx) => {
    const again = await atStepInCommit(deps, tx, session, "invitation", "confirmar");
    if (!again.ok) return again;
    if (!await consumeCode(deps, tx, code)) return refuse<AccountCode>("code_expired");
    return await finishInvited(deps, tx, again.data, again.data.onboarding.draft!);
  });
}

/**
 * The end of a first access by an invitation, for an address that its reader was shown to read: one
 * commit makes the account, ends the invitation, writes tie, grants and terms, and logs in. Costs nine
 * checks at most, the session's and the code's with them.
 *
 * @returns refused when the address is an account's: whoever has it accepts with it
 */
export async function finishInvited(
  deps: Deps,
  tx: Transaction,
  { anonymous, onboarding }: AtStep<"invitation">,
  { email, passwordHash }: NonNullable<InvitedAccess["draft"]>,
): Promise<Finished> {
  const { operadora, id } = onboarding.invitation;
  const [invitation, holder] = await tx.getMany([
    keys.invitation(operadora, id),
    keys.accountByEmail(email),
  ]);
  const refusal = refusalOf(onboarding, invitation, deps.now());
  if (refusal) return refusal;
  if (holder) return refuse("email_has_account");
  const { cpf, name } = invitation!;
  const password = newPassword(passwordHash);
  const person = await createAccount(deps, tx, { cpf, name, email, password, origin: "convite" });
  tx.set(keys.termsAccepted(person.id, onboarding.termsVersion!), deps.now());
  await tieByInvitation(deps, tx, person, invitation!, { by: "password", under: 0 });
  notify(deps, tx, person, firstAccessDone(deps.config.origin));
  const method = "first_access";
  return accept(await openSession(deps, tx, { person, method, from: anonymous, operadora }));
}
