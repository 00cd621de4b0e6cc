import { CODE_MINUTES, makeCode, storeCode } from "../../account/code.ts";
import type { AccountCode } from "../../account/messages.ts";
import { parseEmail, parseName } from "../../account/account.ts";
import { advanceSession, currentAnonymous } from "../../account/session.ts";
import { consumeAttempt, type Limit, mayMailCode } from "../../account/throttle.ts";
import { appendAudit } from "../../audit/append.ts";
import type { Deps } from "../../deps.ts";
import { confirmationCode } from "../../mails/account_mails.ts";
import { notifyAddress } from "../../notify/notify.ts";
import { maskCpf, parseCns, parseCpf } from "../../registry/numbers.ts";
import { accept, refuse, type Result } from "../../result.ts";
import type { AnonymousSession, SelfRegistration, Session } from "../../store/records/session.ts";
import { transact } from "../../store/transact.ts";
import { atStep } from "../steps.ts";

/** Purpose of the code that goes to the typed address. */
export const SELF_REGISTRATION_CODE = "self_registration";

/** Of one network, whatever is typed; only where the network is known. */
const PER_NETWORK: Limit = { what: "self_registration", attempts: 30, window: 15 * 60_000 };

export interface SelfRegistrationForm {
  cpf: string;
  cns: string;
  name: string;
  email: string;
}

/**
 * The first form: a code goes to the typed address, whoever has it and whatever else is typed. Only who
 * reads it learns that there is an account with it (ASVS 6.3.8). A CPF may be several accounts'.
 *
 * @param address network of the browser; null when it is not known whose it is
 * @returns the session, at the step of the code
 */
export async function beginSelfRegistration(
  deps: Deps,
  anonymous: AnonymousSession,
  form: SelfRegistrationForm,
  { address, returnPath }: { address: string | null; returnPath: string },
): Promise<Result<AnonymousSession, AccountCode>> {
  const cpf = parseCpf(form.cpf);
  if (!cpf) return refuse("cpf_invalid");
  const cns = parseCns(form.cns);
  if (!cns) return refuse("cns_invalid");
  const name = parseName(form.name);
  if (!name) return refuse("name_invalid");
  const email = parseEmail(form.email);
  if (!email) return refuse("email_invalid");
  return await ask(deps, anonymous, { cpf, cns, name, email, returnPath }, address);
}

/** Another code to the address typed before, counted like the first. */
export async function resendSelfRegistrationCode(
  deps: Deps,
  session: Session | null,
  address: string | null,
): Promise<Result<AnonymousSession, AccountCode>> {
  const found = await atStep(deps, session, "self_registration", "codigo");
  if (!found.ok) return found;
  const asked = await ask(deps, found.data.anonymous, found.data.onboarding, address);
  return !asked.ok && asked.code === "session_ended" ? refuse("self_registration_missing") : asked;
}

type Declared = Pick<SelfRegistration, "cpf" | "cns" | "name" | "email" | "returnPath">;

async function ask(
  deps: Deps,
  session: AnonymousSession,
  { cpf, cns, name, email, returnPath }: Declared,
  network: string | null,
): Promise<Result<AnonymousSession, AccountCode>> {
  const throttled = await consumeAttempt(deps, PER_NETWORK, network);
  if (!throttled.ok) return throttled;
  const may = await mayMailCode(deps, { mailbox: email, network });
  const code = makeCode();
  return await transact(deps.kv, async (tx) => {
    const anonymous = await currentAnonymous(deps, tx, session);
    if (!anonymous) return refuse<AccountCode>("session_ended");
    const onboarding: SelfRegistration = {
      flow: "self_registration",
      step: "codigo",
      cpf,
      cns,
      name,
      email,
      termsVersion: null,
      returnPath,
    };
    const next = advanceSession(deps, tx, anonymous, { ...anonymous.state, onboarding });
    await storeCode(deps, tx, { purpose: SELF_REGISTRATION_CODE, owner: anonymous.id, code });
    if (may) notifyAddress(deps, tx, email, confirmationCode(code, CODE_MINUTES));
    await appendAudit(deps, tx, {
      stream: "portal",
      event: "self_registration.asked",
      actor: "unknown",
      subject: maskCpf(cpf),
    });
    return accept(next);
  });
}

/** Where a self-registration leads unless it was begun elsewhere. */
const DEFAULT = "/solicitar";

/** Pages that send people here and want them back; nothing else is taken for an address. */
const KNOWN = /^\/(solicitar(\/\d{7})?|caminho)$/;

/** The page to go on to in the end; whatever else was asked for is the usual one. */
export function parseReturnPath(text: string | null): string {
  return text !== null && KNOWN.test(text) ? text : DEFAULT;
}
