import type { ComputerRecord } from "../access/computers.ts";
import { keys as accessKeys } from "../access/keys.ts";
import { isActiveMembership, type Membership, type Profile } from "../access/membership.ts";
import { keys as accountKeys } from "../account/keys.ts";
import type { Person } from "../account/person.ts";

/** Who, where and from which computer (its thumbprint). */
export interface HandoffHolder {
  cpf: string;
  cnes: string;
  thumbprint: string;
}

type Stored = readonly [Person | null, Membership | null, ComputerRecord | null];

/** What a hand-off rests on, to be read in the commit that it is written in. */
export function powerKeys(
  { cpf, cnes, thumbprint }: HandoffHolder,
): [Deno.KvKey, Deno.KvKey, Deno.KvKey] {
  return [
    accountKeys.person(cpf),
    accessKeys.membership(cnes, cpf),
    accessKeys.computer(cnes, cpf, thumbprint),
  ];
}

/** The person and their profile; null when anything of it does not hold (any more). */
export function powersOf(
  [person, membership, computer]: Stored,
): { person: Person; profile: Profile } | null {
  if (!person?.active || !isActiveMembership(membership) || !computer) return null;
  return membership.profile && { person, profile: membership.profile };
}
