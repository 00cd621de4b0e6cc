import type { Deps } from "../deps.ts";
import type { Person } from "../store/records/account.ts";
import type { EstablishmentAccess } from "./establishment_access.ts";
import type { RequesterProof } from "./requests/create.ts";
import { confirmsIdentity } from "./users/tie.ts";
import { getTie } from "./users/user.ts";

/**
 * What the CNES naming somebody as director is worth to them: ADMINISTRADOR at once, or not yet
 * because nobody has said whose CPF this is. Null for everybody else. To be shown beforehand;
 * `createRequest` decides by the same rule in its commit.
 */
export async function directorAt(
  deps: Deps,
  person: Person,
  { establishment, status }: EstablishmentAccess,
  { provenByGovbr = false }: RequesterProof,
): Promise<"atOnce" | "unproven" | null> {
  const { cpf } = person;
  if (establishment?.directorCpf !== cpf || status.membership) return null;
  const { operadora } = establishment;
  const proven = provenByGovbr ||
    (operadora !== null && confirmsIdentity(await getTie(deps, operadora, cpf), person));
  return proven ? "atOnce" : "unproven";
}
