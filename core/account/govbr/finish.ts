import { enqueue } from "../../outbox/enqueue.ts";
import type { Portal } from "../../portal.ts";
import { refuse, type Result } from "../../result.ts";
import { keys } from "../../store/keys.ts";
import { read } from "../../store/read.ts";
import type { FirstAccess, LoggedIn, Session, Visit } from "../../store/records/session.ts";
import { transact } from "../../store/transact.ts";
import { makeCode } from "../code.ts";
import { completePerson, logIn } from "../finish_first_access.ts";
import { advance, CODE_MAILS, firstAccessOf, sendCode } from "../first_access.ts";
import type { AccountCode } from "../messages.ts";
import { firstAccessDoneMail } from "../mails.ts";
import { parseEmail } from "../person.ts";
import { REGISTRATIONS } from "../registration.ts";
import { currentVisit } from "../session.ts";
import { takeAttempt } from "../throttle.ts";

type WithGovbr = FirstAccess & Required<Pick<FirstAccess, "govbr">>;

/** The first access of somebody who came with gov.br, when it is at the e-mail. */
export function govbrFirstAccessOf(
  portal: Portal,
  session: Session | null,
): Result<{ visit: Visit; firstAccess: WithGovbr }, AccountCode> {
  const found = firstAccessOf(portal, session, "cadastro");
  if (!found.ok) return found;
  return found.data.firstAccess.govbr
    ? found as { ok: true; data: { visit: Visit; firstAccess: WithGovbr } }
    : refuse("step_out_of_order");
}

/**
 * Takes the e-mail and no password. The address that gov.br has verified ends the first access at
 * once; another one has to be confirmed by a code, like everybody's.
 *
 * @returns the session, logged in or at the step of the code
 */
export async function submitGovbrEmail(
  portal: Portal,
  session: Session | null,
  typed: string,
): Promise<Result<Session<LoggedIn> | Visit, AccountCode>> {
  const found = govbrFirstAccessOf(portal, session);
  if (!found.ok) return found;
  const { visit, firstAccess } = found.data;
  const cpf = firstAccess.cpf!;
  const email = parseEmail(typed);
  if (!email) return refuse("email_invalid");
  // The answer tells whether an address is in the portal.
  const throttled = await takeAttempt(portal, REGISTRATIONS, cpf);
  if (!throttled.ok) return throttled;
  const draft = { cpf, email, passwordHash: null };
  if (email === firstAccess.govbr.email) return await finish(portal, visit, draft);

  const holder = await read(portal.kv, keys.personByEmail(email));
  if (holder && holder !== cpf) return refuse("email_taken");
  const mailing = await takeAttempt(portal, CODE_MAILS, cpf);
  if (!mailing.ok) return mailing;
  const code = makeCode();
  return await advance(portal, visit, "cadastro", async (current, tx) => {
    await sendCode(portal, tx, visit.id, email, code);
    return { ...current, step: "confirmar", draft };
  });
}

async function finish(
  portal: Portal,
  session: Visit,
  draft: NonNullable<FirstAccess["draft"]>,
): Promise<Result<Session<LoggedIn>, AccountCode>> {
  return await transact(portal.kv, async (tx) => {
    const found = govbrFirstAccessOf(portal, await currentVisit(portal, tx, session));
    if (!found.ok) return found;
    const { visit, firstAccess } = found.data;
    const person = await completePerson(portal, tx, { ...firstAccess, draft });
    if (!person.ok) return person;
    const { origin } = portal.config;
    enqueue(portal, tx, firstAccessDoneMail(draft.email, person.data.name, origin));
    return await logIn(portal, tx, visit, person.data);
  });
}
