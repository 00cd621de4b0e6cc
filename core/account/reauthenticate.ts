import { isRecent } from "../clock.ts";
import type { Deps } from "../deps.ts";
import { accept, refuse, type Result } from "../result.ts";
import type { Account } from "../store/records/account.ts";
import type { LoggedIn, Session } from "../store/records/session.ts";
import type { Place } from "../work_queue.ts";
import { auditFailure, countSignIn, refundSignIn } from "./throttle.ts";
import type { AccountCode } from "./messages.ts";
import { passwordPlace, verifyPassword } from "./password.ts";
import { getAccount } from "./account.ts";

/** How long a login with gov.br stands for the password that a person does not have: 10 minutes. */
export const FRESH_GOVBR = 10 * 60_000;

/** What a sensitive change asks for: the password, nothing more, or a new login with gov.br. */
export type Proof = "password" | "govbr" | "govbr_again";

/**
 * A person with a password is asked for it (ASVS 6.2.3), however they came in. One who has none
 * came in with gov.br: that counts while it is recent.
 */
export function proofAsked(
  deps: Deps,
  { password }: Account,
  { state }: Session<LoggedIn>,
): Proof {
  if (password) return "password";
  const fresh = state.govbr && isRecent(state.authenticatedAt, deps.now(), FRESH_GOVBR);
  return fresh ? "govbr" : "govbr_again";
}

/**
 * Asks for a proof before a sensitive change (ASVS 7.5.1): an open session alone, on an unguarded
 * computer, does not suffice. A password is counted like a login.
 *
 * @param place among the passwords that are worked on, when the caller holds one
 * @returns the person who proved it; the change has to see to it that their password stayed the same
 */
export async function reauthenticate(
  deps: Deps,
  session: Session<LoggedIn>,
  { password, address, place = null }: {
    password: string;
    address: string | null;
    place?: Place | null;
  },
): Promise<Result<Account, AccountCode>> {
  const { account } = session.state;
  const person = await getAccount(deps, account);
  const proof = person?.active ? proofAsked(deps, person, session) : "password";
  if (proof === "govbr_again") return refuse("govbr_again");
  if (proof === "govbr") return accept(person!);
  using own = place ? null : passwordPlace();
  // Who is at the portal already is told apart by the session where the network is not known.
  const network = address ?? session.id;
  const attempt = { handle: account, accounts: person ? [person] : [], network };
  const counted = await countSignIn(deps, attempt);
  if (!counted.ok) return counted;
  if (!await verifyPassword(deps, person, password, place ?? own!) || !person?.active) {
    if (person) await auditFailure(deps, person, person);
    return refuse("password_refused");
  }
  await refundSignIn(deps, attempt, account);
  return accept(person);
}
