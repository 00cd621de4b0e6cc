import type { Portal } from "../portal.ts";
import type { Person } from "../store/records/account.ts";
import type { Place } from "./places.ts";
import type { Asker } from "./requests/create.ts";
import { vouchesFor } from "./users/tie.ts";
import { getTie } from "./users/user.ts";

/**
 * What the CNES naming somebody as director is worth to them: ADMINISTRADOR at once, or not yet
 * because nobody has said whose CPF this is. Null for everybody else. To be shown beforehand;
 * `createRequest` decides by the same rule in its commit.
 */
export async function directorAt(
  portal: Portal,
  person: Person,
  { establishment, standing }: Place,
  { provenByGovbr = false }: Asker,
): Promise<"atOnce" | "unproven" | null> {
  const { cpf } = person;
  if (establishment?.directorCpf !== cpf || standing.membership) return null;
  const { operadora } = establishment;
  const proven = provenByGovbr ||
    (operadora !== null && vouchesFor(await getTie(portal, operadora, cpf), person));
  return proven ? "atOnce" : "unproven";
}
