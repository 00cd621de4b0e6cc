import { appendAudit } from "../../audit/append.ts";
import { enqueue, enqueueDecoy } from "../../outbox/enqueue.ts";
import type { Deps } from "../../deps.ts";
import { maskCpf, parseCns, parseCpf } from "../../registry/numbers.ts";
import { accept, refuse, type Result } from "../../result.ts";
import { keys } from "../../store/keys.ts";
import { read } from "../../store/read.ts";
import type { Person } from "../../store/records/account.ts";
import type { MailMessage } from "../../store/records/outbox.ts";
import type { AnonymousSession, SelfRegistration, Session } from "../../store/records/session.ts";
import { transact } from "../../store/transact.ts";
import { makeCode, storeCode } from "../../account/code.ts";
import { confirmationMail } from "../../account/mails.ts";
import type { AccountCode } from "../../account/messages.ts";
import { reachableEmail } from "../../notify/notify.ts";
import { parseEmail, parseName } from "../../account/person.ts";
import { currentAnonymous } from "../../account/session.ts";
import { consumeAttempt, type Limit } from "../../account/throttle.ts";
import { cpfKnownMail, emailKnownMail } from "./mails.ts";
import { putSelfRegistration, selfRegistrationOf } from "./state.ts";

/** Purpose of the code that goes to the typed address. */
export const SELF_REGISTRATION_CODE = "self_registration";

const HOUR = 60 * 60_000;
/** All that refuse count an address with it: a stranger elsewhere locks nobody out. */
const PER_ADDRESS: Limit = { what: "self_registration", attempts: 30, window: HOUR / 4 };
const PER_CPF: Limit = { what: "self_registration_cpf", attempts: 5, window: HOUR };
const PER_EMAIL: Limit = { what: "self_registration_email", attempts: 5, window: HOUR };
/** Over all addresses, so that nobody's mailbox is filled with warnings; these refuse nothing. */
const WARNINGS: Limit = { what: "self_registration_warning", attempts: 3, window: 24 * HOUR };

export interface SelfRegistrationForm {
  cpf: string;
  cns: string;
  name: string;
  email: string;
}

/**
 * The first form: a code goes to the typed address. When the CPF or the address is somebody's in the
 * portal, that person is told instead, at the address they have, and the typed one gets nothing: the
 * answer, and what is done before it, are the same (ASVS 6.3.8).
 */
export async function beginSelfRegistration(
  deps: Deps,
  anonymous: AnonymousSession,
  form: SelfRegistrationForm,
  { address, returnPath }: { address: string; returnPath: string },
): Promise<Result<null, AccountCode>> {
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
): Promise<Result<null, AccountCode>> {
  const found = await selfRegistrationOf(deps, session, "codigo");
  if (!found.ok) return found;
  return await ask(deps, found.data.anonymous, found.data.registration, address);
}

type Declared = Pick<SelfRegistration, "cpf" | "cns" | "name" | "email" | "returnPath">;

async function ask(
  deps: Deps,
  session: AnonymousSession,
  { cpf, cns, name, email, returnPath }: Declared,
  address: string,
): Promise<Result<null, AccountCode>> {
  const counts: [Limit, string][] = [
    [PER_ADDRESS, address],
    [PER_CPF, `${cpf} ${address}`],
    [PER_EMAIL, `${email} ${address}`],
  ];
  for (const [limit, who] of counts) {
    const throttled = await consumeAttempt(deps, limit, who);
    if (!throttled.ok) return throttled;
  }
  // Counted for whatever was typed, known or not.
  const mayWarn = {
    cpf: (await consumeAttempt(deps, WARNINGS, `cpf ${cpf}`)).ok,
    email: (await consumeAttempt(deps, WARNINGS, `email ${email}`)).ok,
  };
  const code = makeCode();
  return await transact(deps.kv, async (tx) => {
    const anonymous = await currentAnonymous(deps, tx, session);
    if (!anonymous) return refuse<AccountCode>("session_ended");
    const step = { step: "codigo" as const, termsVersion: null };
    putSelfRegistration(deps, tx, anonymous, { cpf, cns, name, email, returnPath, ...step });
    await storeCode(deps, tx, { purpose: SELF_REGISTRATION_CODE, owner: anonymous.id, code });
    const [known, holderCpf] = await tx.getMany([
      keys.person(cpf),
      keys.personByEmail(email),
    ]);
    // Outside the commit, which would not ask twice: one round trip whoever it is.
    const holder = await read(deps.kv, keys.person(holderCpf ?? cpf));
    const warning = known
      ? mayWarn.cpf && warn(known, (to) => cpfKnownMail(to, known, deps.config.origin))
      : holder && mayWarn.email &&
        warn(holder, (to) => emailKnownMail(to, holder.name, deps.config.origin));
    const isFree = !known && !holder;
    const message = isFree ? confirmationMail(email, code) : warning;
    if (message) enqueue(deps, tx, message);
    else enqueueDecoy(tx, anonymous.id, confirmationMail(email, code));
    await appendAudit(deps, tx, {
      stream: "portal",
      event: "self_registration.asked",
      actor: "unknown",
      subject: (known ?? holder)?.id ?? maskCpf(cpf),
    });
    return accept(null);
  });
}

function warn(person: Person, write: (to: string) => MailMessage): MailMessage | null {
  const to = reachableEmail(person);
  return to ? write(to) : null;
}
