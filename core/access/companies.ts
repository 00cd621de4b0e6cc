import { chooseOperadora } from "../account/session.ts";
import type { Deps } from "../deps.ts";
import { getOperadoras } from "../registry/operadora.ts";
import type { Operadora } from "../store/records/registry.ts";
import type { LoggedIn, Session } from "../store/records/session.ts";
import { listOperadorasOfUser } from "./users/user.ts";

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
