import { isIdentified } from "../../account/identification.ts";
import { chooseOperadora } from "../../account/session.ts";
import type { Deps } from "../../deps.ts";
import { normaliseName } from "../../registry/name.ts";
import { getOperadoras } from "../../registry/operadora.ts";
import { keys } from "../../store/keys.ts";
import { list, read, readMany } from "../../store/read.ts";
import type { UserOfOperadora } from "../../store/records/access.ts";
import type { Person } from "../../store/records/account.ts";
import type { Operadora } from "../../store/records/registry.ts";
import type { LoggedIn, Session } from "../../store/records/session.ts";
import type { Transaction } from "../../store/transact.ts";

/** Does a person work for an operadora now? */
export function isActiveTie(tie: UserOfOperadora | null): tie is UserOfOperadora {
  return tie !== null && !tie.deactivated;
}

/**
 * Does an operadora answer for a record being of the person whose CPF it has? Of one that another
 * operadora has made it can only say so when it knows the person at the same address.
 */
export function confirmsIdentity(tie: UserOfOperadora | null, person: Person): boolean {
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

/** A person of this operadora by their id; null for all other people. */
export async function getUser(deps: Deps, cnpj: string, id: string): Promise<Person | null> {
  const cpf = await read(deps.kv, keys.personById(id));
  if (!cpf) return null;
  const [person, user] = await readMany(deps.kv, [
    keys.person(cpf),
    keys.userOfOperadora(cnpj, cpf),
  ]);
  return user && person;
}

/** CNPJs of the operadoras a person works for: not of those that have deactivated them. */
export async function listOperadorasOfUser(deps: Deps, cpf: string): Promise<string[]> {
  const entries = await Array.fromAsync(list(deps.kv, keys.operadoraOfUser.under(cpf)));
  return entries.filter(({ value: active }) => active).map(({ rest: [cnpj] }) => cnpj);
}

/** What an operadora has on record of a person; null when it has never registered them. */
export async function getTie(
  deps: Deps,
  cnpj: string,
  cpf: string,
): Promise<UserOfOperadora | null> {
  return await read(deps.kv, keys.userOfOperadora(cnpj, cpf));
}

/** Does a person work for an operadora now? */
export async function isActiveUserOf(deps: Deps, cnpj: string, cpf: string): Promise<boolean> {
  return isActiveTie(await getTie(deps, cnpj, cpf));
}

/** The operadoras a person works for, as far as CADOP still has them. */
export async function operadorasOf(deps: Deps, cpf: string): Promise<Operadora[]> {
  const found = await getOperadoras(deps, await listOperadorasOfUser(deps, cpf));
  return found.filter((operadora) => operadora !== null);
}

/** The two names of operadoras: a password must hold none of them. */
export function namesOf(operadoras: readonly (Operadora | null)[]): string[] {
  return operadoras.flatMap((one) => one ? [one.razaoSocial, one.nomeFantasia] : []);
}

/** Names of the operadoras a person works for. */
export async function companiesOfPerson(deps: Deps, cpf: string): Promise<string[]> {
  return namesOf(await operadorasOf(deps, cpf));
}

/**
 * At a sign-in: a person who works for one operadora has no choice to make (J8).
 * @param session as it was opened
 * @returns the session to go on with: a new one when the only operadora was chosen for it
 */
export async function chooseOnlyOperadora(
  deps: Deps,
  session: Session<LoggedIn>,
): Promise<Session<LoggedIn>> {
  if (session.state.operadora) return session;
  const [only, ...others] = await operadorasOf(deps, session.state.cpf);
  if (!only || others.length > 0) return session;
  return await chooseOperadora(deps, session, only.cnpj) ?? session;
}
