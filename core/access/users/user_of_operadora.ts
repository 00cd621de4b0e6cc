import { isIdentified } from "../../account/identification.ts";
import type { Deps } from "../../deps.ts";
import { normaliseName } from "../../registry/name.ts";
import { keys } from "../../store/keys.ts";
import { read, readMany } from "../../store/read.ts";
import type { UserOfOperadora } from "../../store/records/access.ts";
import type { Account, AccountId } from "../../store/records/account.ts";
import type { Transaction } from "../../store/transact.ts";

/** Does a person work for an operadora now? */
export function isActiveTie(tie: UserOfOperadora | null): tie is UserOfOperadora {
  return tie !== null && !tie.deactivated;
}

/**
 * Does an operadora answer for a record being of the person whose CPF it has? Of one that another
 * operadora has made it can only say so when it knows the person at the same address.
 */
export function confirmsIdentity(tie: UserOfOperadora | null, person: Account): boolean {
  return isActiveTie(tie) && !tie.otherAddress && isIdentified(person);
}

/** Writes a tie inside a commit, and keeps in step how it is found from either side. */
export function putTie(
  tx: Transaction,
  cnpj: string,
  { id, cpf, name: written }: Pick<Account, "id" | "cpf" | "name">,
  tie: UserOfOperadora,
): void {
  tx.set(keys.userOfOperadora(cnpj, id), tie);
  tx.set(keys.operadoraOfUser(id, cnpj), isActiveTie(tie));
  tx.set(keys.userByCpf(cnpj, cpf, id), true);
  const name = normaliseName(written);
  for (const word of wordsOf(name)) tx.set(keys.userByWord(cnpj, word, name, id), true);
}

/** The different words of a normalised name, in the order of the index. */
export function wordsOf(name: string): string[] {
  return [...new Set(name.split(" "))].sort();
}

/** A person of this operadora by their id; null for all other people. */
export async function getUser(deps: Deps, cnpj: string, id: AccountId): Promise<Account | null> {
  const [person, user] = await readMany(deps.kv, [
    keys.account(id),
    keys.userOfOperadora(cnpj, id),
  ]);
  return user && person;
}

/** What an operadora has on record of a person; null when it has never registered them. */
export async function getTie(
  deps: Deps,
  cnpj: string,
  account: AccountId,
): Promise<UserOfOperadora | null> {
  return await read(deps.kv, keys.userOfOperadora(cnpj, account));
}

/** Does a person work for an operadora now? */
export async function isActiveUserOf(
  deps: Deps,
  cnpj: string,
  account: AccountId,
): Promise<boolean> {
  return isActiveTie(await getTie(deps, cnpj, account));
}
