import { getPeople, getPersonById } from "../account/person.ts";
import type { Deps } from "../deps.ts";
import type { ComputerRecord } from "../store/records/access.ts";
import type { Person } from "../store/records/account.ts";
import { listComputersAt } from "./computers.ts";
import type { Page } from "./users/find_users.ts";

export interface FoundComputer {
  computer: ComputerRecord;
  person: Person;
}

/**
 * The approved computers of an establishment, by person. The cursor goes into addresses: the id of
 * the last one's person and its thumbprint, never a CPF.
 */
export async function findComputers(
  deps: Deps,
  cnes: string,
  { limit = 20, cursor = null }: { limit?: number; cursor?: string | null } = {},
): Promise<Page<FoundComputer>> {
  const [id, thumbprint] = cursor?.split(".") ?? [];
  const last = id && thumbprint ? await getPersonById(deps, id) : null;
  const after = last ? `${last.cpf} ${thumbprint}` : "";
  const found = await listComputersAt(deps, cnes, { limit: limit + 1, after });
  const computers = found.slice(0, limit);
  const people = await getPeople(deps, [...new Set(computers.map(({ cpf }) => cpf))]);
  const items = computers.flatMap((computer) => {
    const person = people.find(({ cpf }) => cpf === computer.cpf);
    return person ? [{ computer, person }] : [];
  });
  const end = items.at(-1);
  const more = found.length > limit && end;
  return { items, cursor: more ? `${end.person.id}.${end.computer.thumbprint}` : null };
}
