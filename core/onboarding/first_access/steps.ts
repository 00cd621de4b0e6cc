import { enqueue } from "../../outbox/enqueue.ts";
import type { Deps } from "../../deps.ts";
import { accept, type Refusal, refuse, type Result } from "../../result.ts";
import type {
  AnonymousSession,
  FirstAccess,
  FirstAccessStep,
  Session,
} from "../../store/records/session.ts";
import { transact, type Transaction } from "../../store/transact.ts";
import { makeCode, storeCode } from "../../account/code.ts";
import { confirmationMail } from "../../account/mails.ts";
import type { AccountCode } from "../../account/messages.ts";
import { hashPassword } from "../../account/password.ts";
import { checkRegistration, credentialOf, type RegistrationForm } from "./registration.ts";
import { advanceSession, currentAnonymous, isAnonymous } from "../../account/session.ts";
import { TERMS_VERSION } from "../../account/terms.ts";
import { consumeAttempt, type Limit } from "../../account/throttle.ts";

/** Purpose of the code that confirms the e-mail address. */
export const EMAIL_CODE = "first_access_email";
export const CODE_MAILS: Limit = { what: "code_mail", attempts: 5, window: 15 * 60_000 };

type Step = Result<AnonymousSession, AccountCode>;

/**
 * The first access a session is in, if its certificate is still good.
 * @param step the step that is asked for; another one is out of order
 */
export function firstAccessOf(
  deps: Deps,
  anonymous: Session | null,
  step: FirstAccessStep,
): Result<{ anonymous: AnonymousSession; firstAccess: FirstAccess }, AccountCode> {
  if (!anonymous) return refuse("session_ended");
  if (!isAnonymous(anonymous) || anonymous.state.firstAccess?.step !== step) {
    return refuse("step_out_of_order");
  }
  const { certificate, firstAccess } = anonymous.state;
  if (certificate && certificate.notAfter < deps.now()) {
    return refuse("certificate_expired_meanwhile");
  }
  return accept({ anonymous, firstAccess });
}

/** "Acessar": the representative says that the name shown is theirs. */
export function confirmName(deps: Deps, session: Session | null): Promise<Step> {
  return advance(deps, session, "usuario", (firstAccess) => ({ ...firstAccess, step: "termos" }));
}

export function acceptFirstTerms(
  deps: Deps,
  session: Session | null,
  accepted: boolean,
): Promise<Step> {
  return advance(
    deps,
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
  deps: Deps,
  session: Session | null,
  form: RegistrationForm,
): Promise<Step> {
  const found = firstAccessOf(deps, session, "cadastro");
  if (!found.ok) return found;
  const { anonymous, firstAccess } = found.data;
  const checked = await checkRegistration(deps, anonymous, firstAccess, form);
  if (!checked.ok) return checked;
  const { cpf, email, password } = checked.data;
  const throttled = await consumeAttempt(deps, CODE_MAILS, credentialOf(anonymous));
  if (!throttled.ok) return throttled;
  const passwordHash = await hashPassword(password);
  const code = makeCode();
  return await advance(deps, session, "cadastro", async (current, tx) => {
    await sendCode(deps, tx, anonymous.id, email, code);
    return { ...current, step: "confirmar", draft: { cpf, email, passwordHash } };
  });
}

/** Sends another code to the address given before. */
export async function resendCode(deps: Deps, session: Session | null): Promise<Step> {
  const found = firstAccessOf(deps, session, "confirmar");
  if (!found.ok) return found;
  const throttled = await consumeAttempt(deps, CODE_MAILS, credentialOf(found.data.anonymous));
  if (!throttled.ok) return throttled;
  const code = makeCode();
  return await advance(deps, session, "confirmar", async (current, tx) => {
    await sendCode(deps, tx, found.data.anonymous.id, current.draft!.email, code);
    return current;
  });
}

/** Goes back from the code to the address, to mend a typing error. */
export function changeEmail(deps: Deps, session: Session | null): Promise<Step> {
  return advance(
    deps,
    session,
    "confirmar",
    (current) => ({ ...current, step: "cadastro", draft: null }),
  );
}

export async function sendCode(
  deps: Deps,
  tx: Transaction,
  owner: string,
  email: string,
  code: string,
): Promise<void> {
  await storeCode(deps, tx, { purpose: EMAIL_CODE, owner, code });
  enqueue(deps, tx, confirmationMail(email, code));
}

type Next = FirstAccess | Refusal<AccountCode>;

/** Makes one step: the session is read again in the commit, so no step is made twice or skipped. */
export async function advance(
  deps: Deps,
  session: Session | null,
  step: FirstAccessStep,
  next: (current: FirstAccess, tx: Transaction) => Next | Promise<Next>,
): Promise<Step> {
  if (!session) return refuse("session_ended");
  return await transact(deps.kv, async (tx) => {
    const found = firstAccessOf(deps, await currentAnonymous(deps, tx, session), step);
    if (!found.ok) return found;
    const outcome = await next(found.data.firstAccess, tx);
    if ("ok" in outcome) return outcome;
    const { anonymous } = found.data;
    return accept(
      advanceSession(deps, tx, anonymous, { ...anonymous.state, firstAccess: outcome }),
    );
  });
}
