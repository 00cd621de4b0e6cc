import { appendAudit } from "../../audit/append.ts";
import type { System } from "../../config/mod.ts";
import type { Deps } from "../../deps.ts";
import { notify } from "../../notify/notify.ts";
import { systemsChanged } from "../../mails/user_mails.ts";
import { getOperadora } from "../../registry/operadora.ts";
import { accept, refuse, type Result } from "../../result.ts";
import { keys } from "../../store/keys.ts";
import { list } from "../../store/read.ts";
import type { Account, AccountId } from "../../store/records/account.ts";
import { transact } from "../../store/transact.ts";
import type { AccessCode } from "../messages.ts";

/** Is this the id of a system of the portal? */
export function isSystem(systems: readonly System[], id: string): boolean {
  return systems.some((system) => system.id === id);
}

/** The origins that people are handed off to, each once: where a form may go. */
export function handoffOrigins(systems: readonly System[]): string[] {
  const origins = systems.flatMap(({ access, address }) =>
    access === "steps" && address ? [new URL(address).origin] : []
  );
  return [...new Set(origins)];
}

/** Ids of the systems a person was granted at an operadora. */
export async function listGrants(
  deps: Deps,
  cnpj: string,
  account: AccountId,
): Promise<string[]> {
  const entries = list(deps.kv, keys.grant.under(cnpj, account));
  return await Array.fromAsync(entries, ({ rest: [system] }) => system);
}

/**
 * Makes the granted systems of a person exactly these. A grant for a system that is not in the list
 * of the portal any more stays: no one chose to take it. The person is told by e-mail.
 *
 * @param systems ids
 * @returns refused for an unknown system, and for a person whom the operadora has not registered
 */
export async function setGrants(
  deps: Deps,
  actor: Account,
  cnpj: string,
  person: Account,
  systems: readonly string[],
): Promise<Result<null, AccessCode>> {
  const known = deps.config.systems;
  if (!systems.every((id) => isSystem(known, id))) return refuse("system_unknown");
  const operadora = (await getOperadora(deps, cnpj))?.razaoSocial ?? `CNPJ ${cnpj}`;
  return await transact(deps.kv, async (tx) => {
    const key = keys.userOfOperadora(cnpj, person.id);
    const [user, stored] = await tx.getMany([key, keys.account(person.id)]);
    if (!user || !stored) return refuse("user_not_found");
    const before = await listGrants(deps, cnpj, person.id);
    const taken = before.filter((system) => isSystem(known, system) && !systems.includes(system));
    const added = [...new Set(systems)].filter((system) => !before.includes(system));
    if (taken.length + added.length === 0) return accept(null);
    // Written unchanged: a change of the same person's grants at the same moment has to look again.
    tx.set(key, user);
    for (const system of taken) tx.delete(keys.grant(cnpj, person.id, system));
    for (const system of added) tx.set(keys.grant(cnpj, person.id, system), deps.now());
    await appendAudit(deps, tx, {
      stream: cnpj,
      event: "user.grants_changed",
      actor: actor.id,
      subject: person.id,
      detail: { added: added.join(" "), taken: taken.join(" ") },
    });
    const names = known.filter(({ id }) => systems.includes(id)).map(({ name }) => name);
    notify(deps, tx, stored, systemsChanged(names, { operadora, origin: deps.config.origin }));
    return accept(null);
  });
}
