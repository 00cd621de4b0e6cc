import { isIdentified } from "../../account/identification.ts";
import type { Person } from "../../account/person.ts";
import { normaliseName } from "../../registry/name.ts";
import type { Transaction } from "../../store/transact.ts";
import { keys } from "../keys.ts";

/** Ties a person to an operadora they work for. */
export interface UserOfOperadora {
  /** Id of the person who registered them. */
  by: string;
  since: number;
  /**
   * The person was in the portal already, at another address than the one given here. Whoever made
   * that record, this operadora does not know it for the person it means.
   */
  otherAddress?: true;
  /** Set while the representative has switched the tie off: of this operadora alone. */
  deactivated?: { by: string; at: number };
}

/** Does a person work for an operadora now? */
export function isActiveTie(tie: UserOfOperadora | null): tie is UserOfOperadora {
  return tie !== null && !tie.deactivated;
}

/**
 * Does an operadora answer for a record being of the person whose CPF it has? Of one that another
 * operadora has made it can only say so when it knows the person at the same address.
 */
export function vouchesFor(tie: UserOfOperadora | null, person: Person): boolean {
  return isActiveTie(tie) && !tie.otherAddress && isIdentified(person);
}

/** Writes a tie inside a commit, and keeps in step how it is found from either side. */
export function putTie(
  tx: Transaction,
  cnpj: string,
  person: Pick<Person, "cpf" | "name">,
  tie: UserOfOperadora,
): void {
  tx.set(keys.userOfOperadora(cnpj, person.cpf), tie);
  tx.set(keys.operadoraOfUser(person.cpf, cnpj), isActiveTie(tie));
  const name = normaliseName(person.name);
  for (const word of wordsOf(name)) tx.set(keys.userByWord(cnpj, word, name, person.cpf), true);
}

/** The different words of a normalised name, in the order of the index. */
export function wordsOf(name: string): string[] {
  return [...new Set(name.split(" "))].sort();
}
