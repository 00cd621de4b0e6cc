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

/** Has the operadora registered the person? Its representative is tied by the certificate alone. */
export function isRegistered(tie: UserOfOperadora | null): tie is UserOfOperadora {
  return tie !== null && tie.how !== "certificado";
}

/**
 * Does an operadora answer, for its own purposes, for an account being of the person it named? Who has
 * come with its certificate it answers for.
 */
export function confirmsIdentity(
  tie: UserOfOperadora | null,
  { cpf }: Pick<Account, "cpf">,
): tie is UserOfOperadora {
  return isActiveTie(tie) && tie.cpf === cpf;
}

/**
 * Writes a tie inside a commit, and keeps in step how it is found from either side.
 * @param before the tie that this one takes the place of, as the commit has read it
 */
export function putTie(
  tx: Transaction,
  cnpj: string,
  account: AccountId,
  tie: UserOfOperadora,
  before: UserOfOperadora | null,
): void {
  if (before && before.name !== tie.name) {
    const former = normaliseName(before.name);
    for (const word of wordsOf(former)) tx.delete(keys.userByWord(cnpj, word, former, account));
  }
  if (before && before.cpf !== tie.cpf) tx.delete(keys.userByCpf(cnpj, before.cpf, account));
  tx.set(keys.userOfOperadora(cnpj, account), tie);
  tx.set(keys.operadoraOfUser(account, cnpj), isActiveTie(tie));
  tx.set(keys.userByCpf(cnpj, tie.cpf, account), true);
  const name = normaliseName(tie.name);
  for (const word of wordsOf(name)) tx.set(keys.userByWord(cnpj, word, name, account), true);
}

/** The different words of a normalised name, in the order of the index. */
export function wordsOf(name: string): string[] {
  return [...new Set(name.split(" "))].sort();
}

/** A person of an operadora, with what it has on record of them. */
export interface User {
  person: Account;
  tie: UserOfOperadora;
}

/** A person of this operadora by their id; null for all other people. */
export async function getUser(deps: Deps, cnpj: string, id: AccountId): Promise<User | null> {
  const [person, tie] = await readMany(deps.kv, [
    keys.account(id),
    keys.userOfOperadora(cnpj, id),
  ]);
  return person && isRegistered(tie) ? { person, tie } : null;
}

/** What an operadora has on record of a person; null when it has no tie to them. */
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
