import type { Portal } from "../portal.ts";
import { getOperadoras } from "../registry/operadora.ts";
import type { Operadora } from "../store/records/registry.ts";
import { listOperadorasOfUser } from "./users/user.ts";

/** The two names of operadoras: a password must hold none of them. */
export function namesOf(operadoras: readonly (Operadora | null)[]): string[] {
  return operadoras.flatMap((one) => one ? [one.razaoSocial, one.nomeFantasia] : []);
}

/** Names of the operadoras a person works for. */
export async function companiesOfPerson(portal: Portal, cpf: string): Promise<string[]> {
  return namesOf(await getOperadoras(portal, await listOperadorasOfUser(portal, cpf)));
}
