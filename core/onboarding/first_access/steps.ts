import { CODE_MINUTES, makeCode, storeCode } from "../../account/code.ts";
import type { AccountCode } from "../../account/messages.ts";
import { hashPassword } from "../../account/password.ts";
import { TERMS_VERSION } from "../../account/terms.ts";
import { consumeAttempt, type Limit } from "../../account/throttle.ts";
import type { Deps } from "../../deps.ts";
import { confirmationCode } from "../../notify/account_mails.ts";
import { notifyAddress } from "../../notify/notify.ts";
import { refuse, type Result } from "../../result.ts";
import type { AnonymousSession, Session } from "../../store/records/session.ts";
import type { Transaction } from "../../store/transact.ts";
import { advance, atStep } from "../steps.ts";
import { checkRegistration, credentialOf, type RegistrationForm } from "./registration.ts";

/** Purpose of the code that confirms the e-mail address. */
export const EMAIL_CODE = "first_access_email";
export const CODE_MAILS: Limit = { what: "code_mail", attempts: 5, window: 15 * 60_000 };

type Step = Result<AnonymousSession, AccountCode>;

/** "Acessar": the representative says that the name shown is theirs. */
export function confirmName(deps: Deps, session: Session | null): Promise<Step> {
  return advance(deps, session, "first_access", "usuario", () => ({ step: "termos" }));
}

export function acceptFirstTerms(
  deps: Deps,
  session: Session | null,
  accepted: boolean,
): Promise<Step> {
  return advance(
    deps,
    session,
    "first_access",
    "termos",
    () =>
      accepted ? { step: "cadastro", termsVersion: TERMS_VERSION } : refuse("terms_not_accepted"),
  );
}

/** Takes e-mail and password, and sends the confirmation code to the address. */
export async function submitRegistration(
  deps: Deps,
  session: Session | null,
  form: RegistrationForm,
): Promise<Step> {
  const found = atStep(deps, session, "first_access", "cadastro");
  if (!found.ok) return found;
  const checked = await checkRegistration(deps, found.data, form);
  if (!checked.ok) return checked;
  const { cpf, email, password } = checked.data;
  const throttled = await consumeAttempt(deps, CODE_MAILS, credentialOf(found.data));
  if (!throttled.ok) return throttled;
  const passwordHash = await hashPassword(password);
  const code = makeCode();
  return await advance(deps, session, "first_access", "cadastro", async ({ anonymous }, tx) => {
    await sendCode(deps, tx, anonymous.id, email, code);
    return { step: "confirmar", draft: { cpf, email, passwordHash } };
  });
}

/** Sends another code to the address given before. */
export async function resendCode(deps: Deps, session: Session | null): Promise<Step> {
  const found = atStep(deps, session, "first_access", "confirmar");
  if (!found.ok) return found;
  const throttled = await consumeAttempt(deps, CODE_MAILS, credentialOf(found.data));
  if (!throttled.ok) return throttled;
  const code = makeCode();
  return await advance(deps, session, "first_access", "confirmar", async (current, tx) => {
    await sendCode(deps, tx, current.anonymous.id, current.onboarding.draft!.email, code);
    return {};
  });
}

/** Goes back from the code to the address, to mend a typing error. */
export function changeEmail(deps: Deps, session: Session | null): Promise<Step> {
  return advance(
    deps,
    session,
    "first_access",
    "confirmar",
    () => ({ step: "cadastro", draft: null }),
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
  notifyAddress(deps, tx, email, confirmationCode(code, CODE_MINUTES));
}
