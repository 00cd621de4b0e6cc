import type { Deps } from "../deps.ts";
import { getOperadoras } from "../registry/operadora.ts";
import { keys } from "../store/keys.ts";
import { list, readMany } from "../store/read.ts";
import type { Account, AccountId } from "../store/records/account.ts";
import type { Operadora } from "../store/records/registry.ts";
import type { Standing } from "../store/records/session.ts";
import { opensTie } from "./credentials.ts";

/** CNPJs of the operadoras a person works for: not of those that have deactivated them. One round trip. */
export async function listOperadorasOfUser(deps: Deps, account: AccountId): Promise<string[]> {
  const entries = await Array.fromAsync(list(deps.kv, keys.operadoraOfUser.under(account)));
  return entries.filter(({ value: active }) => active).map(({ rest: [cnpj] }) => cnpj);
}

/** The operadoras a person works for, as far as CADOP still has them. Two round trips. */
export async function operadorasOf(deps: Deps, account: AccountId): Promise<Operadora[]> {
  const found = await getOperadoras(deps, await listOperadorasOfUser(deps, account));
  return found.filter((operadora) => operadora !== null);
}

/**
 * The operadoras a person works for, as far as CADOP still has them: those that a session opens, and
 * those that it does not. Three round trips.
 */
export async function operadorasIn(
  deps: Deps,
  person: Account,
  standing: Standing,
): Promise<{ opened: Operadora[]; closed: Operadora[] }> {
  const known = await listOperadorasOfUser(deps, person.id);
  const [operadoras, ties] = await Promise.all([
    getOperadoras(deps, known),
    readMany(deps.kv, known.map((cnpj) => keys.userOfOperadora(cnpj, person.id))),
  ]);
  const all = operadoras.flatMap((operadora, i) => {
    const tie = ties[i];
    return operadora && tie ? [{ operadora, opens: opensTie(deps, tie, person, standing) }] : [];
  });
  const where = (opens: boolean) =>
    all.filter((one) => one.opens === opens).map(({ operadora }) => operadora);
  return { opened: where(true), closed: where(false) };
}

/** CNPJ of the operadora of a person who works for one, and so has no choice to make (J8). */
export async function onlyOperadoraOf(deps: Deps, account: AccountId): Promise<string | null> {
  const [only, ...others] = await operadorasOf(deps, account);
  return only && others.length === 0 ? only.cnpj : null;
}

/** The two names of operadoras: a password must hold none of them. */
export function namesOf(operadoras: readonly (Operadora | null)[]): string[] {
  return operadoras.flatMap((one) => one ? [one.razaoSocial, one.nomeFantasia] : []);
}

/** Names of the operadoras a person works for. */
export async function companiesOfPerson(deps: Deps, account: AccountId): Promise<string[]> {
  return namesOf(await operadorasOf(deps, account));
}
