import type { Person } from "../account/person.ts";
import { appendAudit } from "../audit/append.ts";
import type { Portal } from "../portal.ts";
import { type Establishment, getEstablishment } from "../registry/establishment.ts";
import { keys } from "../registry/keys.ts";
import { parseCnes } from "../registry/numbers.ts";
import { getOperadora } from "../registry/operadora.ts";
import { accept, refuse, type Result } from "../result.ts";
import { transact } from "../store/transact.ts";
import type { AccessCode } from "./messages.ts";

/**
 * The legal representative says that an establishment whose CNPJ is no operadora's belongs to theirs.
 * One that is bound to another operadora stays there: by CNPJ as long as the CNES says so, by another
 * representative as long as their operadora is in CADOP.
 *
 * @param typed the number as typed
 */
export async function bindEstablishment(
  portal: Portal,
  actor: Person,
  cnpj: string,
  typed: string,
): Promise<Result<Establishment, AccessCode>> {
  const cnes = parseCnes(typed);
  if (!cnes) return refuse("establishment_invalid");
  const establishment = await getEstablishment(portal, cnes);
  if (!establishment) return refuse("establishment_not_found");
  const { operadora, nome } = establishment;
  if (operadora === cnpj) return refuse("establishment_already_yours", { nome });
  if (operadora) return refuse("establishment_of_other", { nome });
  if (!establishment.active) return refuse("establishment_inactive");
  return await transact(portal.kv, async (tx) => {
    const binding = await tx.get<string>(keys.establishmentBinding(cnes));
    if (binding === cnpj) return refuse<AccessCode>("establishment_already_yours", { nome });
    if (binding) {
      if (await getOperadora(portal, binding)) {
        return refuse<AccessCode>("establishment_of_other", { nome });
      }
      tx.delete(keys.establishmentByBinding(binding, cnes));
    }
    tx.set(keys.establishmentBinding(cnes), cnpj);
    tx.set(keys.establishmentByBinding(cnpj, cnes), true);
    await appendAudit(portal, tx, {
      stream: cnes,
      event: "establishment.bound",
      actor: actor.id,
      subject: cnes,
      detail: { operadora: cnpj },
    });
    return accept({ ...establishment, operadora: cnpj });
  });
}
