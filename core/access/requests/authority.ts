import type { Values } from "../../store/key.ts";
import { keys } from "../../store/keys.ts";
import type { Person } from "../../store/records/account.ts";
import type { Transaction } from "../../store/transact.ts";
import { isAdministrator } from "../membership.ts";

/** Somebody who wants to act at an establishment. */
export interface Actor {
  cpf: string;
  /**
   * CNPJ of the operadora that they represent in this session, which they opened with its
   * certificate; the caller has looked (`isRepresentative`).
   */
  represents?: string | null;
}

/** The powers of an actor at an establishment, as of the commit that uses them. */
export interface ApproverPowers {
  /** Null when there is no such person, or they were deactivated: then there are no powers. */
  person: Person | null;
  administers: boolean;
  represents: boolean;
}

/** The keys of what `authorityFrom` needs; they cost a commit three checks. */
export function authorityKeys({ cpf, represents }: Actor, cnes: string) {
  return [
    keys.person(cpf),
    keys.membership(cnes, cpf),
    keys.representative(represents ?? ""),
  ] as const;
}

/** @param operadora CNPJ that the establishment is bound to */
export function authorityFrom(
  actor: Actor,
  operadora: string | null,
  [person, membership, representative]: Values<ReturnType<typeof authorityKeys>>,
): ApproverPowers {
  if (!person?.active) return { person: null, administers: false, represents: false };
  return {
    person,
    administers: isAdministrator(membership),
    represents: Boolean(actor.represents) && actor.represents === operadora &&
      representative?.cpf === actor.cpf,
  };
}

export async function readAuthority(
  tx: Transaction,
  actor: Actor,
  { cnes, operadora }: { cnes: string; operadora: string | null },
): Promise<ApproverPowers> {
  const found = await tx.getMany(authorityKeys(actor, cnes));
  return authorityFrom(actor, operadora, found);
}
