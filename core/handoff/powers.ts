import type { Values } from "../store/key.ts";
import { isActiveMembership } from "../access/membership.ts";
import { keys } from "../store/keys.ts";
import type { Profile } from "../store/records/access.ts";
import type { Person } from "../store/records/account.ts";
import type { HandoffSubject } from "../store/records/handoff.ts";

/** What a hand-off rests on, to be read in the commit that it is written in. */
export function powerKeys({ cpf, cnes, thumbprint }: HandoffSubject) {
  return [
    keys.person(cpf),
    keys.membership(cnes, cpf),
    keys.computer(cnes, cpf, thumbprint),
  ] as const;
}

/** The person and their profile; null when anything of it does not hold (any more). */
export function powersOf(
  [person, membership, computer]: Values<ReturnType<typeof powerKeys>>,
): { person: Person; profile: Profile } | null {
  if (!person?.active || !isActiveMembership(membership) || !computer) return null;
  return membership.profile && { person, profile: membership.profile };
}
