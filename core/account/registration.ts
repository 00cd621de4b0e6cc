import type { Portal } from "../portal.ts";
import { parseCpf } from "../registry/numbers.ts";
import { getOperadora } from "../registry/operadora.ts";
import { accept, type Refusal, refuse, type Result } from "../result.ts";
import { keys } from "../store/keys.ts";
import { read } from "../store/read.ts";
import type { Person } from "../store/records/account.ts";
import type { FirstAccess, Visit } from "../store/records/session.ts";
import { isIdentified } from "./identification.ts";
import type { AccountCode } from "./messages.ts";
import { checkPassword } from "./password.ts";
import { getPerson, parseEmail } from "./person.ts";
import { type Limit, takeAttempt } from "./throttle.ts";

/** A form answers whether a CPF or an e-mail address is in the portal: not to be asked in bulk. */
export const REGISTRATIONS: Limit = { what: "registration", attempts: 20, window: 15 * 60_000 };

export interface RegistrationForm {
  /** Ignored when the CPF is known already. */
  cpf: string;
  email: string;
  password: string;
  repeated: string;
}

/** Attempts are counted over all visits that the same certificate or provisional password opened. */
export function credentialOf({ state }: Visit): string {
  return state.certificate?.sha256 ?? state.firstAccess!.cpf!;
}

/** What step `cadastro` takes, checked; the password still in clear. */
export async function checkRegistration(
  portal: Portal,
  visit: Visit,
  firstAccess: FirstAccess,
  form: RegistrationForm,
): Promise<Result<{ cpf: string; email: string; password: string }, AccountCode>> {
  const cpf = firstAccess.cpf ?? parseCpf(form.cpf);
  if (!cpf) return refuse("cpf_invalid");
  const email = parseEmail(form.email);
  if (!email) return refuse("email_invalid");
  if (form.password !== form.repeated) return refuse("passwords_differ");
  const throttled = await takeAttempt(portal, REGISTRATIONS, credentialOf(visit));
  if (!throttled.ok) return throttled;
  const [person, holder, companies] = await Promise.all([
    getPerson(portal, cpf),
    read(portal.kv, keys.personByEmail(email)),
    companiesOf(portal, visit),
  ]);
  const owner = {
    name: firstAccess.name,
    cpf,
    companies: [...companies, ...person?.provisional?.companies ?? []],
  };
  const password = await checkPassword(portal.config.passwordPolicy, form.password, owner);
  if (!password.ok) return password;
  const refusal = whyNotRegister(firstAccess, person, portal.now());
  if (refusal) return refusal;
  if (holder && holder !== cpf) return refuse("email_taken");
  return accept({ cpf, email, password: form.password });
}

async function companiesOf(portal: Portal, { state }: Visit): Promise<string[]> {
  const cnpj = state.certificate?.operadora;
  const operadora = cnpj ? await getOperadora(portal, cnpj) : null;
  return operadora ? [operadora.razaoSocial, operadora.nomeFantasia] : [];
}

/** Why the person in the store, if there is one, cannot be the one of this first access. */
export function whyNotRegister(
  firstAccess: FirstAccess,
  stored: Person | null,
  now: number,
): Refusal<AccountCode> | null {
  if (firstAccess.govbr) {
    if (!stored) return null;
    if (!stored.active) return refuse("person_inactive");
    return stored.email ? refuse("govbr_already_in") : null;
  }
  if (firstAccess.role === "usuario") {
    // Somebody finished with the same provisional password, or a newer one was sent.
    if (!stored?.provisional || stored.provisional.hash !== firstAccess.provisionalHash) {
      return refuse("provisional_spent");
    }
    if (!stored.active) return refuse("person_inactive");
    return stored.provisional.expiresAt <= now ? refuse("provisional_expired") : null;
  }
  if (!stored) return null;
  // Registered by an operadora as its usuário and never seen since, or declared by whoever it was:
  // the certificate proves the CPF, a typed one proves nothing.
  const isSettled = stored.passwordHash && isIdentified(stored);
  if (isSettled || firstAccess.cpf === null) return refuse("first_access_cpf_taken");
  return stored.active ? null : refuse("person_inactive");
}
