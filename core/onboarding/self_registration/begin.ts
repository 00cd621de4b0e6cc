import { CODE_MINUTES, makeCode, storeCode } from "../../account/code.ts";
import type { AccountCode } from "../../account/messages.ts";
import { NOBODY, parseEmail, parseName } from "../../account/account.ts";
import { advanceSession, currentAnonymous } from "../../account/session.ts";
import { consumeAttempt, consumeAttempts, type Limit } from "../../account/throttle.ts";
import { appendAudit } from "../../audit/append.ts";
import type { Deps } from "../../deps.ts";
import { confirmationCode } from "../../mails/account_mails.ts";
import { mailTo, mailToPerson } from "../../notify/notify.ts";
import { cpfKnown, emailKnown } from "../../mails/onboarding_mails.ts";
import { enqueue, enqueueDecoy } from "../../outbox/enqueue.ts";
import { maskCpf, parseCns, parseCpf } from "../../registry/numbers.ts";
import { accept, refuse, type Result } from "../../result.ts";
import { keys } from "../../store/keys.ts";
import { readMany } from "../../store/read.ts";
import type { AnonymousSession, SelfRegistration, Session } from "../../store/records/session.ts";
import { transact } from "../../store/transact.ts";
import { atStep } from "../steps.ts";

/** Purpose of the code that goes to the typed address. */
export const SELF_REGISTRATION_CODE = "self_registration";

const HOUR = 60 * 60_000;
/** All that refuse count an address with it: a stranger elsewhere locks no person out. */
const PER_ADDRESS: Limit = { what: "self_registration", attempts: 30, window: HOUR / 4 };
const PER_CPF: Limit = { what: "self_registration_cpf", attempts: 5, window: HOUR };
const PER_EMAIL: Limit = { what: "self_registration_email", attempts: 5, window: HOUR };
/** Over all addresses, so that no mailbox is filled with warnings; these refuse nothing. */
const WARNINGS: Limit = { what: "self_registration_warning", attempts: 3, window: 24 * HOUR };

export interface SelfRegistrationForm {
  cpf: string;
  cns: string;
  name: string;
  email: string;
}

/**
 * The first form: a code goes to the typed address. When the CPF or the address is a person's in the
 * portal, that person is told instead, at the address they have, and the typed one gets nothing: the
 * answer, and what is done before it, are the same (ASVS 6.3.8).
 *
 * @returns the session, at the step of the code
 */
export async function beginSelfRegistration(
  deps: Deps,
  anonymous: AnonymousSession,
  form: SelfRegistrationForm,
  { address, returnPath }: { address: string; returnPath: string },
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
  address: string,
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
  address: string,
): Promise<Result<AnonymousSession, AccountCode>> {
  const throttled = await consumeAttempts(deps, [
    [PER_ADDRESS, address],
    [PER_CPF, `${cpf} ${address}`],
    [PER_EMAIL, `${email} ${address}`],
  ]);
  if (!throttled.ok) return throttled;
  // Counted for whatever was typed, known or not.
  const mayWarn = {
    cpf: (await consumeAttempt(deps, WARNINGS, `cpf ${cpf}`)).ok,
    email: (await consumeAttempt(deps, WARNINGS, `email ${email}`)).ok,
  };
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
    const owners = await tx.getMany([keys.accountByCpf(cpf), keys.accountByEmail(email)]);
    // Two round trips for whatever was typed, known or not.
    const [known, holder] = await readMany(
      deps.kv,
      owners.map((owner) => keys.account(owner ?? NOBODY)),
    );
    const { origin } = deps.config;
    const warning = known
      ? mayWarn.cpf && mailToPerson(known, cpfKnown(known, origin))
      : holder && mayWarn.email && mailToPerson(holder, emailKnown(origin));
    const confirmation = mailTo(email, confirmationCode(code, CODE_MINUTES));
    const message = known || holder ? warning : confirmation;
    if (message) enqueue(deps, tx, message);
    else enqueueDecoy(deps, tx, anonymous.id, confirmation);
    await appendAudit(deps, tx, {
      stream: "portal",
      event: "self_registration.asked",
      actor: "unknown",
      subject: (known ?? holder)?.id ?? maskCpf(cpf),
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
