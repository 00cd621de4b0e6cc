import { appendAudit } from "../audit/append.ts";
import type { Deps } from "../deps.ts";
import { establishmentBound } from "../mails/access_mails.ts";
import { notify } from "../notify/notify.ts";
import { type Establishment, getEstablishment } from "../registry/establishment.ts";
import { parseCnes } from "../registry/numbers.ts";
import { getOperadora } from "../registry/operadora.ts";
import { accept, refuse, type Result } from "../result.ts";
import { keys } from "../store/keys.ts";
import type { Account } from "../store/records/account.ts";
import { transact, type Transaction } from "../store/transact.ts";
import { listAdministrators } from "./membership.ts";
import type { AccessCode } from "./messages.ts";

/**
 * An establishment that access can be asked for.
 * @param typed the number as typed
 * @returns refused for what is no CNES number, for one that no establishment has, and for an inactive one
 */
export async function findEstablishment(
  deps: Deps,
  typed: string,
): Promise<Result<Establishment, AccessCode>> {
  const found = await findByNumber(deps, typed);
  return !found.ok || found.data.active ? found : refuse("establishment_inactive");
}

/** Does it belong to its operadora because a representative said so, and not by a CNPJ of the CNES? */
export function isBoundByHand({ operadora, cnpj, cnpjMantenedora }: Establishment): boolean {
  return operadora !== null && operadora !== cnpj && operadora !== cnpjMantenedora;
}

/**
 * The legal representative says that an establishment whose CNPJ is no operadora's belongs to theirs.
 * One that is bound to another operadora stays there: by CNPJ as long as the CNES says so, by another
 * representative as long as their operadora is in CADOP. Those who administer it are told by e-mail.
 *
 * @param typed the number as typed
 */
export async function bindEstablishment(
  deps: Deps,
  actor: Account,
  cnpj: string,
  typed: string,
): Promise<Result<Establishment, AccessCode>> {
  const found = await findByNumber(deps, typed);
  if (!found.ok) return found;
  const establishment = found.data;
  const { cnes, operadora, nome } = establishment;
  if (operadora === cnpj) return refuse("establishment_already_yours", { nome });
  if (operadora) return refuse("establishment_of_other", { nome });
  if (!establishment.active) return refuse("establishment_inactive");
  // Only to be told: a person who joins them in this moment finds it so.
  const [administrators, own] = await Promise.all([
    listAdministrators(deps, cnes),
    getOperadora(deps, cnpj),
  ]);
  return await transact(deps.kv, async (tx) => {
    const binding = await tx.get(keys.establishmentBinding(cnes));
    if (binding === cnpj) return refuse<AccessCode>("establishment_already_yours", { nome });
    if (binding) {
      if (await getOperadora(deps, binding)) {
        return refuse<AccessCode>("establishment_of_other", { nome });
      }
      tx.delete(keys.establishmentByBinding(binding, cnes));
    }
    tx.set(keys.establishmentBinding(cnes), cnpj);
    tx.set(keys.establishmentByBinding(cnpj, cnes), true);
    const where = { establishment: `${nome} (CNES ${cnes})`, origin: deps.config.origin };
    const text = establishmentBound(own?.razaoSocial ?? `CNPJ ${cnpj}`, where);
    for (const person of administrators) notify(deps, tx, person, text);
    await auditBinding(deps, tx, "establishment.bound", { actor, cnes, cnpj });
    return accept({ ...establishment, operadora: cnpj });
  });
}

/**
 * The representative takes back what `bindEstablishment` did; what the CNES says by CNPJ only the CNES
 * can change. Requests and memberships at the establishment stay: its administrators go on deciding.
 * What ends is what the operadora's representative could do there.
 *
 * @param typed the number as typed
 */
export async function unbindEstablishment(
  deps: Deps,
  actor: Account,
  cnpj: string,
  typed: string,
): Promise<Result<Establishment, AccessCode>> {
  const cnes = parseCnes(typed);
  if (!cnes) return refuse("establishment_invalid");
  const establishment = await getEstablishment(deps, cnes);
  if (establishment?.operadora !== cnpj) return refuse("establishment_not_yours");
  const { nome } = establishment;
  if (!isBoundByHand(establishment)) return refuse("establishment_bound_by_cnpj", { nome });
  return await transact(deps.kv, async (tx) => {
    if (await tx.get(keys.establishmentBinding(cnes)) !== cnpj) {
      return refuse<AccessCode>("establishment_not_yours");
    }
    tx.delete(keys.establishmentBinding(cnes));
    tx.delete(keys.establishmentByBinding(cnpj, cnes));
    await auditBinding(deps, tx, "establishment.unbound", { actor, cnes, cnpj });
    return accept({ ...establishment, operadora: null });
  });
}

async function auditBinding(
  deps: Deps,
  tx: Transaction,
  event: "establishment.bound" | "establishment.unbound",
  { actor, cnes, cnpj }: { actor: Account; cnes: string; cnpj: string },
): Promise<void> {
  const detail = { operadora: cnpj };
  await appendAudit(deps, tx, { stream: cnes, event, actor: actor.id, subject: cnes, detail });
}

async function findByNumber(
  deps: Deps,
  typed: string,
): Promise<Result<Establishment, AccessCode>> {
  const cnes = parseCnes(typed);
  if (!cnes) return refuse("establishment_invalid");
  const establishment = await getEstablishment(deps, cnes);
  return establishment ? accept(establishment) : refuse("establishment_not_found");
}
