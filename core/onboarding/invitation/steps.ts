import { declineInCommit } from "../../access/invitations/accept.ts";
import { parseEmail } from "../../account/account.ts";
import { CODE_MINUTES, makeCode, storeCode } from "../../account/code.ts";
import type { AccountCode } from "../../account/messages.ts";
import { namesOf } from "../../account/operadoras.ts";
import { checkPassword, hashPassword, passwordPlace } from "../../account/password.ts";
import { deleteSession } from "../../account/session.ts";
import { TERMS_VERSION } from "../../account/terms.ts";
import { consumeAttempt, type Limit } from "../../account/throttle.ts";
import type { Deps } from "../../deps.ts";
import { confirmationCode } from "../../mails/account_mails.ts";
import { notifyAddress } from "../../notify/notify.ts";
import { accept, refuse, type Result } from "../../result.ts";
import { keys } from "../../store/keys.ts";
import type { AnonymousSession, LoggedIn, Session } from "../../store/records/session.ts";
import { transact, type Transaction } from "../../store/transact.ts";
import { advance, atStepInCommit } from "../steps.ts";
import { finishInvited } from "./finish.ts";
import { INVITED_CODE, invitedAt, refusalOf } from "./invited.ts";

const QUARTER = 15 * 60_000;
const CODE_MAILS: Limit = { what: "invited_code_mail", attempts: 5, window: QUARTER };
const REGISTRATIONS: Limit = { what: "invited_registration", attempts: 20, window: QUARTER };

type Step = Result<AnonymousSession, AccountCode>;

/** "Aceitar": the terms, and on to e-mail and password. What is granted waits for the last step. */
export async function acceptInvited(
  deps: Deps,
  session: Session | null,
  accepted: boolean,
): Promise<Step> {
  const found = await invitedAt(deps, session, "convite");
  if (!found.ok) return found;
  return await advance(
    deps,
    session,
    "invitation",
    "convite",
    () =>
      accepted ? { step: "cadastro", termsVersion: TERMS_VERSION } : refuse("terms_not_accepted"),
  );
}

/** "Não é comigo": ends invitation and session, and tells whoever invited. */
export async function declineInvited(
  deps: Deps,
  session: Session | null,
): Promise<Result<null, AccountCode>> {
  return await transact(deps.kv, async (tx) => {
    const found = session &&
      await atStepInCommit(deps, tx, session, "invitation", "convite");
    if (!found) return refuse<AccountCode>("session_ended");
    if (!found.ok) return found;
    const { anonymous, onboarding } = found.data;
    const { operadora, id } = onboarding.invitation;
    const invitation = await tx.get(keys.invitation(operadora, id));
    const refusal = refusalOf(onboarding, invitation, deps.now());
    if (refusal) return refusal;
    deleteSession(tx, anonymous);
    await declineInCommit(deps, tx, invitation!, null);
    return accept(null);
  });
}

export interface InvitedForm {
  email: string;
  password: string;
  repeated: string;
}

/**
 * Takes e-mail and password. The invited address was read for its provisional password: it needs no
 * code, and the first access ends here. To any other one a code is sent, whether it is an account's or
 * not.
 *
 * @returns the session, logged in or at the step of the code
 */
export async function submitInvited(
  deps: Deps,
  session: Session | null,
  form: InvitedForm,
): Promise<Result<Session<LoggedIn> | AnonymousSession, AccountCode>> {
  const found = await invitedAt(deps, session, "cadastro");
  if (!found.ok) return found;
  const { invitation, operadora } = found.data;
  const email = parseEmail(form.email);
  if (!email) return refuse("email_invalid");
  if (form.password !== form.repeated) return refuse("passwords_differ");
  const owner = { ...invitation, companies: namesOf([operadora]) };
  const checked = await checkPassword(deps.config.passwordPolicy, form.password, owner);
  if (!checked.ok) return checked;
  using place = passwordPlace();
  const counted = await consumeAttempt(deps, REGISTRATIONS, invitation.id);
  if (!counted.ok) return counted;
  const isInvited = email === invitation.email;
  const mailing = isInvited ? accept(null) : await consumeAttempt(deps, CODE_MAILS, invitation.id);
  if (!mailing.ok) return mailing;
  const passwordHash = await hashPassword(deps, invitation.cpf, form.password, place);
  const draft = { email, passwordHash };
  if (isInvited) {
    return await transact(deps.kv, async (tx) => {
      const again = await atStepInCommit(deps, tx, session, "invitation", "cadastro");
      return again.ok ? await finishInvited(deps, tx, again.data, draft) : again;
    });
  }
  return await advance(deps, session, "invitation", "cadastro", async ({ anonymous }, tx) => {
    await sendCode(deps, tx, anonymous.id, email);
    return { step: "confirmar", draft };
  });
}

/** Sends another code to the address given before. */
export async function resendInvitedCode(deps: Deps, session: Session | null): Promise<Step> {
  const found = await invitedAt(deps, session, "confirmar");
  if (!found.ok) return found;
  const mailing = await consumeAttempt(deps, CODE_MAILS, found.data.invitation.id);
  if (!mailing.ok) return mailing;
  return await advance(deps, session, "invitation", "confirmar", async (current, tx) => {
    await sendCode(deps, tx, current.anonymous.id, current.onboarding.draft!.email);
    return {};
  });
}

/** Goes back from the code to the address. */
export function changeInvitedEmail(deps: Deps, session: Session | null): Promise<Step> {
  return advance(
    deps,
    session,
    "invitation",
    "confirmar",
    () => ({ step: "cadastro", draft: null }),
  );
}

async function sendCode(deps: Deps, tx: Transaction, owner: string, email: string): Promise<void> {
  const code = makeCode();
  await storeCode(deps, tx, { purpose: INVITED_CODE, owner, code });
  notifyAddress(deps, tx, email, confirmationCode(code, CODE_MINUTES));
}
