import { enqueue } from "../../outbox/enqueue.ts";
import type { Deps } from "../../deps.ts";
import { refuse, type Result } from "../../result.ts";
import { keys } from "../../store/keys.ts";
import { read } from "../../store/read.ts";
import type {
  AnonymousSession,
  FirstAccess,
  LoggedIn,
  Session,
} from "../../store/records/session.ts";
import { transact } from "../../store/transact.ts";
import { makeCode } from "../../account/code.ts";
import { completePerson, logIn } from "./finish.ts";
import { advance, CODE_MAILS, firstAccessOf, sendCode } from "./steps.ts";
import type { AccountCode } from "../../account/messages.ts";
import { firstAccessDoneMail } from "../../account/mails.ts";
import { parseEmail } from "../../account/person.ts";
import { REGISTRATIONS } from "./registration.ts";
import { currentAnonymous } from "../../account/session.ts";
import { consumeAttempt } from "../../account/throttle.ts";

type WithGovbr = FirstAccess & Required<Pick<FirstAccess, "govbr">>;

/** The first access of somebody who came with gov.br, when it is at the e-mail. */
export function govbrFirstAccessOf(
  deps: Deps,
  session: Session | null,
): Result<{ anonymous: AnonymousSession; firstAccess: WithGovbr }, AccountCode> {
  const found = firstAccessOf(deps, session, "cadastro");
  if (!found.ok) return found;
  return found.data.firstAccess.govbr
    ? found as { ok: true; data: { anonymous: AnonymousSession; firstAccess: WithGovbr } }
    : refuse("step_out_of_order");
}

/**
 * Takes the e-mail and no password. The address that gov.br has verified ends the first access at
 * once; another one has to be confirmed by a code, like everybody's.
 *
 * @returns the session, logged in or at the step of the code
 */
export async function submitGovbrEmail(
  deps: Deps,
  session: Session | null,
  typed: string,
): Promise<Result<Session<LoggedIn> | AnonymousSession, AccountCode>> {
  const found = govbrFirstAccessOf(deps, session);
  if (!found.ok) return found;
  const { anonymous, firstAccess } = found.data;
  const cpf = firstAccess.cpf!;
  const email = parseEmail(typed);
  if (!email) return refuse("email_invalid");
  // The answer tells whether an address is in the portal.
  const throttled = await consumeAttempt(deps, REGISTRATIONS, cpf);
  if (!throttled.ok) return throttled;
  const draft = { cpf, email, passwordHash: null };
  if (email === firstAccess.govbr.email) return await finish(deps, anonymous, draft);

  const holder = await read(deps.kv, keys.personByEmail(email));
  if (holder && holder !== cpf) return refuse("email_taken");
  const mailing = await consumeAttempt(deps, CODE_MAILS, cpf);
  if (!mailing.ok) return mailing;
  const code = makeCode();
  return await advance(deps, anonymous, "cadastro", async (current, tx) => {
    await sendCode(deps, tx, anonymous.id, email, code);
    return { ...current, step: "confirmar", draft };
  });
}

async function finish(
  deps: Deps,
  session: AnonymousSession,
  draft: NonNullable<FirstAccess["draft"]>,
): Promise<Result<Session<LoggedIn>, AccountCode>> {
  return await transact(deps.kv, async (tx) => {
    const found = govbrFirstAccessOf(deps, await currentAnonymous(deps, tx, session));
    if (!found.ok) return found;
    const { anonymous, firstAccess } = found.data;
    const person = await completePerson(deps, tx, { ...firstAccess, draft });
    if (!person.ok) return person;
    const { origin } = deps.config;
    enqueue(deps, tx, firstAccessDoneMail(draft.email, person.data.name, origin));
    return await logIn(deps, tx, anonymous, person.data);
  });
}
