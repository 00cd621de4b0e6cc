import type { Deps } from "../../deps.ts";
import type { Result } from "../../result.ts";
import type { Person, TelegramLink } from "../../store/records/account.ts";
import type { LoggedIn, Session } from "../../store/records/session.ts";
import type { AccountCode } from "../messages.ts";
import { type Proof, proofAsked, reauthenticate } from "../reauthenticate.ts";
import { confirmLink } from "./link.ts";

/** How long after a login a link can be confirmed without another proof: 10 minutes. */
export const RECENT_LOGIN = 10 * 60_000;

/**
 * What the confirmation of a link asks for: a Telegram account that is linked decides in the person's
 * name, and an open session on an unguarded computer is not enough for that (ASVS 7.5.1).
 */
export function linkProof(
  deps: Deps,
  person: Person,
  session: Session<LoggedIn>,
): Proof | "recent" {
  const recent = deps.now() - session.state.authenticatedAt <= RECENT_LOGIN;
  return recent ? "recent" : proofAsked(deps, person, session);
}

/** The final confirmation, by somebody who has logged in lately or proves again who they are. */
export async function confirmLinkInSession(
  deps: Deps,
  person: Person,
  session: Session<LoggedIn>,
  proof: { password: string; address: string },
): Promise<Result<TelegramLink, AccountCode>> {
  if (linkProof(deps, person, session) !== "recent") {
    const proven = await reauthenticate(deps, session, proof);
    if (!proven.ok) return proven;
  }
  return await confirmLink(deps, person);
}
