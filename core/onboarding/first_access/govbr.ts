import { makeCode } from "../../account/code.ts";
import type { AccountCode } from "../../account/messages.ts";
import { parseEmail } from "../../account/account.ts";
import { consumeAttempt } from "../../account/throttle.ts";
import type { Deps } from "../../deps.ts";
import { refuse, type Result } from "../../result.ts";
import type {
  AnonymousSession,
  FirstAccess,
  LoggedIn,
  Session,
} from "../../store/records/session.ts";
import { transact } from "../../store/transact.ts";
import { advance, type AtStep, atStep, atStepInCommit } from "../steps.ts";
import { complete } from "./finish.ts";
import { CODE_MAILS, REGISTRATIONS, sendCode } from "./steps.ts";

type WithGovbr = AtStep<"first_access"> & {
  onboarding: Required<Pick<FirstAccess, "govbr">> & { cpf: string };
};

/** The first access of a person who came with gov.br, when it is at the e-mail. */
export function govbrFirstAccessOf(
  deps: Deps,
  session: Session | null,
): Result<WithGovbr, AccountCode> {
  const found = atStep(deps, session, "first_access", "cadastro");
  if (!found.ok) return found;
  return found.data.onboarding.govbr
    ? found as { ok: true; data: WithGovbr }
    : refuse("step_out_of_order");
}

/**
 * Takes the e-mail and no password. The address that gov.br has verified ends the first access at
 * once; another one has to be confirmed by a code, like every address.
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
  const { anonymous, onboarding: { cpf, govbr } } = found.data;
  const email = parseEmail(typed);
  if (!email) return refuse("email_invalid");
  // The answer tells whether an address is in the portal.
  const throttled = await consumeAttempt(deps, REGISTRATIONS, cpf);
  if (!throttled.ok) return throttled;
  const draft = { cpf, email, passwordHash: null };
  if (email === govbr.email) {
    return await transact(deps.kv, async (tx) => {
      const again = await atStepInCommit(deps, tx, anonymous, "first_access", "cadastro");
      if (!again.ok) return again;
      if (!again.data.onboarding.govbr) return refuse("step_out_of_order");
      return await complete(deps, tx, again.data, draft);
    });
  }

  const mailing = await consumeAttempt(deps, CODE_MAILS, cpf);
  if (!mailing.ok) return mailing;
  const code = makeCode();
  return await advance(deps, anonymous, "first_access", "cadastro", async (_, tx) => {
    await sendCode(deps, tx, anonymous.id, email, code);
    return { step: "confirmar", draft };
  });
}
