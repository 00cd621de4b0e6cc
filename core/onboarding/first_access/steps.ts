import { CODE_MINUTES, makeCode, storeCode } from "../../account/code.ts";
import type { AccountCode } from "../../account/messages.ts";
import { checkPassword, hashPassword, passwordPlace } from "../../account/password.ts";
import { TERMS_VERSION } from "../../account/terms.ts";
import { consumeAttempt, type Limit } from "../../account/throttle.ts";
import type { Deps } from "../../deps.ts";
import { confirmationCode } from "../../mails/account_mails.ts";
import { notifyAddress } from "../../notify/notify.ts";
import { accept, refuse, type Result } from "../../result.ts";
import type { AnonymousSession, Session } from "../../store/records/session.ts";
import type { Transaction } from "../../store/transact.ts";
import { advance, type AtStep, atStep } from "../steps.ts";
import { parseCpf } from "../../registry/numbers.ts";
import { getOperadora } from "../../registry/operadora.ts";
import { parseEmail } from "../../account/account.ts";

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
  using place = passwordPlace();
  const checked = await checkRegistration(deps, found.data, form);
  if (!checked.ok) return checked;
  const { cpf, email, password } = checked.data;
  const throttled = await consumeAttempt(deps, CODE_MAILS, credentialOf(found.data));
  if (!throttled.ok) return throttled;
  const passwordHash = await hashPassword(deps, cpf, password, place);
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

/** Goes back from the code, or from the account that has the address, to give another address. */
export function changeEmail(
  deps: Deps,
  session: Session | null,
  from: "confirmar" | "conta" = "confirmar",
): Promise<Step> {
  return advance(
    deps,
    session,
    "first_access",
    from,
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

/** A form answers whether a CPF is in the portal: not to be asked in bulk. */
export const REGISTRATIONS: Limit = { what: "registration", attempts: 20, window: 15 * 60_000 };

export interface RegistrationForm {
  /** Ignored when the CPF is known already. */
  cpf: string;
  email: string;
  password: string;
  repeated: string;
}

/** Attempts are counted over all visits that the same certificate or gov.br account opened. */
export function credentialOf({ certificate, onboarding }: AtStep<"first_access">): string {
  return certificate?.sha256 ?? onboarding.cpf!;
}

/** What step `cadastro` takes, checked; the password still in clear. */
export async function checkRegistration(
  deps: Deps,
  current: AtStep<"first_access">,
  form: RegistrationForm,
): Promise<Result<{ cpf: string; email: string; password: string }, AccountCode>> {
  const { onboarding: firstAccess } = current;
  const cpf = firstAccess.cpf ?? parseCpf(form.cpf);
  if (!cpf) return refuse("cpf_invalid");
  const email = parseEmail(form.email);
  if (!email) return refuse("email_invalid");
  if (form.password !== form.repeated) return refuse("passwords_differ");
  const throttled = await consumeAttempt(deps, REGISTRATIONS, credentialOf(current));
  if (!throttled.ok) return throttled;
  const companies = await companiesOf(deps, current.anonymous);
  const owner = {
    name: firstAccess.name,
    cpf,
    companies,
  };
  const password = await checkPassword(deps.config.passwordPolicy, form.password, owner);
  if (!password.ok) return password;
  return accept({ cpf, email, password: form.password });
}

async function companiesOf(deps: Deps, { state }: AnonymousSession): Promise<string[]> {
  const cnpj = state.certificate?.operadora;
  const operadora = cnpj ? await getOperadora(deps, cnpj) : null;
  return operadora ? [operadora.razaoSocial, operadora.nomeFantasia] : [];
}
