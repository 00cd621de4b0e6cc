import { enqueue } from "../outbox/enqueue.ts";
import type { Portal } from "../portal.ts";
import { accept, type Refusal, refuse, type Result } from "../result.ts";
import type { FirstAccess, FirstAccessStep, Session, Visit } from "../store/records/session.ts";
import { transact, type Transaction } from "../store/transact.ts";
import { makeCode, storeCode } from "./code.ts";
import { confirmationMail } from "./mails.ts";
import type { AccountCode } from "./messages.ts";
import { hashPassword } from "./password.ts";
import { checkRegistration, credentialOf, type RegistrationForm } from "./registration.ts";
import { advanceSession, currentVisit, isVisit } from "./session.ts";
import { TERMS_VERSION } from "./terms.ts";
import { type Limit, takeAttempt } from "./throttle.ts";

/** Purpose of the code that confirms the e-mail address. */
export const EMAIL_CODE = "first_access_email";
export const CODE_MAILS: Limit = { what: "code_mail", attempts: 5, window: 15 * 60_000 };

type Step = Result<Visit, AccountCode>;

/**
 * The first access a session is in, if its certificate is still good.
 * @param step the step that is asked for; another one is out of order
 */
export function firstAccessOf(
  portal: Portal,
  visit: Session | null,
  step: FirstAccessStep,
): Result<{ visit: Visit; firstAccess: FirstAccess }, AccountCode> {
  if (!visit) return refuse("session_ended");
  if (!isVisit(visit) || visit.state.firstAccess?.step !== step) {
    return refuse("step_out_of_order");
  }
  const { certificate, firstAccess } = visit.state;
  if (certificate && certificate.notAfter < portal.now()) {
    return refuse("certificate_expired_meanwhile");
  }
  return accept({ visit, firstAccess });
}

/** "Acessar": the representative says that the name shown is theirs. */
export function confirmName(portal: Portal, session: Session | null): Promise<Step> {
  return advance(portal, session, "usuario", (firstAccess) => ({ ...firstAccess, step: "termos" }));
}

export function acceptFirstTerms(
  portal: Portal,
  session: Session | null,
  accepted: boolean,
): Promise<Step> {
  return advance(
    portal,
    session,
    "termos",
    (firstAccess) =>
      accepted
        ? { ...firstAccess, step: "cadastro", termsVersion: TERMS_VERSION }
        : refuse("terms_not_accepted"),
  );
}

/** Takes e-mail and password, and sends the confirmation code to the address. */
export async function submitRegistration(
  portal: Portal,
  session: Session | null,
  form: RegistrationForm,
): Promise<Step> {
  const found = firstAccessOf(portal, session, "cadastro");
  if (!found.ok) return found;
  const { visit, firstAccess } = found.data;
  const checked = await checkRegistration(portal, visit, firstAccess, form);
  if (!checked.ok) return checked;
  const { cpf, email, password } = checked.data;
  const throttled = await takeAttempt(portal, CODE_MAILS, credentialOf(visit));
  if (!throttled.ok) return throttled;
  const passwordHash = await hashPassword(password);
  const code = makeCode();
  return await advance(portal, session, "cadastro", async (current, tx) => {
    await sendCode(portal, tx, visit.id, email, code);
    return { ...current, step: "confirmar", draft: { cpf, email, passwordHash } };
  });
}

/** Sends another code to the address given before. */
export async function resendCode(portal: Portal, session: Session | null): Promise<Step> {
  const found = firstAccessOf(portal, session, "confirmar");
  if (!found.ok) return found;
  const throttled = await takeAttempt(portal, CODE_MAILS, credentialOf(found.data.visit));
  if (!throttled.ok) return throttled;
  const code = makeCode();
  return await advance(portal, session, "confirmar", async (current, tx) => {
    await sendCode(portal, tx, found.data.visit.id, current.draft!.email, code);
    return current;
  });
}

/** Goes back from the code to the address, to mend a typing error. */
export function changeEmail(portal: Portal, session: Session | null): Promise<Step> {
  return advance(
    portal,
    session,
    "confirmar",
    (current) => ({ ...current, step: "cadastro", draft: null }),
  );
}

export async function sendCode(
  portal: Portal,
  tx: Transaction,
  owner: string,
  email: string,
  code: string,
): Promise<void> {
  await storeCode(portal, tx, { purpose: EMAIL_CODE, owner, code });
  enqueue(portal, tx, confirmationMail(email, code));
}

type Next = FirstAccess | Refusal<AccountCode>;

/** Makes one step: the session is read again in the commit, so no step is made twice or skipped. */
export async function advance(
  portal: Portal,
  session: Session | null,
  step: FirstAccessStep,
  next: (current: FirstAccess, tx: Transaction) => Next | Promise<Next>,
): Promise<Step> {
  if (!session) return refuse("session_ended");
  return await transact(portal.kv, async (tx) => {
    const found = firstAccessOf(portal, await currentVisit(portal, tx, session), step);
    if (!found.ok) return found;
    const outcome = await next(found.data.firstAccess, tx);
    if ("ok" in outcome) return outcome;
    const { visit } = found.data;
    return accept(advanceSession(portal, tx, visit, { ...visit.state, firstAccess: outcome }));
  });
}
