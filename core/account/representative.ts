import type { Deps } from "../deps.ts";
import { sameName } from "../registry/name.ts";
import { getOperadora } from "../registry/operadora.ts";
import { keys } from "../store/keys.ts";
import { readMany } from "../store/read.ts";
import type { RegisteredCertificate, Representative } from "../store/records/account.ts";
import type { Operadora } from "../store/records/registry.ts";
import type { SeenCertificate } from "../store/records/session.ts";
import type { Transaction } from "../store/transact.ts";

/** What is known of an operadora's door. */
export interface Binding {
  /** Null when CADOP does not have it. */
  operadora: Operadora | null;
  representative: Representative | null;
  certificate: RegisteredCertificate | null;
}

/** Two round trips side by side. */
export async function getBinding(deps: Deps, cnpj: string): Promise<Binding> {
  const [operadora, [representative, certificate]] = await Promise.all([
    getOperadora(deps, cnpj),
    readMany(deps.kv, [
      keys.representative(cnpj),
      keys.certificateOfOperadora(cnpj),
    ]),
  ]);
  return { operadora, representative, certificate };
}

/**
 * The operadora as of a commit: when a new edition of CADOP takes over in the middle, the work is
 * done again. Costs one check.
 */
export async function operadoraInCommit(
  deps: Deps,
  tx: Transaction,
  cnpj: string,
): Promise<Operadora | null> {
  await tx.get(keys.cadopEdition());
  return await getOperadora(deps, cnpj);
}

/** Does CADOP still name the person who was bound? A new edition may have changed that. */
export function stillRepresents(
  representative: Representative | null,
  operadora: Operadora | null,
): representative is Representative {
  return representative !== null && operadora !== null && operadora.representante !== null &&
    sameName(representative.name, operadora.representante);
}

/**
 * Has a session the representative's powers? Only when it was opened with the certificate that is
 * registered now, by the person who is bound, and CADOP still names them.
 */
export function hasRepresentativePowers(
  cpf: string,
  seen: SeenCertificate | null,
  door: Binding,
  now: number,
): boolean {
  return seen !== null && now <= seen.notAfter &&
    door.operadora !== null && door.operadora.cnpj === seen.operadora &&
    door.certificate?.sha256 === seen.sha256 &&
    stillRepresents(door.representative, door.operadora) &&
    door.representative.cpf === cpf;
}
