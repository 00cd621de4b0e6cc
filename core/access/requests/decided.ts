import { getPeople } from "../../account/person.ts";
import type { Deps } from "../../deps.ts";
import { keys } from "../../store/keys.ts";
import { list } from "../../store/read.ts";
import type { AccessRequest } from "../../store/records/access.ts";
import type { Person } from "../../store/records/account.ts";
import type { Page } from "../users/find_users.ts";
import { getRequest } from "./request.ts";

export interface Decided {
  request: AccessRequest;
  person: Person | null;
}

/**
 * What was decided at an establishment, the newest first, a page at a time. The cursor is
 * `<time>-<id>` of the last one of the page before.
 */
export async function findDecided(
  deps: Deps,
  cnes: string,
  { limit = 20, cursor = null }: { limit?: number; cursor?: string | null } = {},
): Promise<Page<Decided>> {
  const [, at, id] = /^(\d{1,15})-(\w{26})$/.exec(cursor ?? "") ?? [];
  // The key of the last one is the end of the range, which is not in it.
  const before = at && id ? { end: [Number(at), id] } : {};
  const options = { ...before, limit: limit + 1, reverse: true };
  const entries = list(deps.kv, keys.requestDecided.under(cnes), options);
  const found = await Array.fromAsync(entries, ({ rest }) => rest);
  const shown = found.slice(0, limit);
  const requests = await Promise.all(shown.map(([, id]) => getRequest(deps, id)));
  const cpfs = [...new Set(requests.flatMap((request) => request ? [request.cpf] : []))];
  const people = await getPeople(deps, cpfs);
  const last = shown.at(-1);
  return {
    items: requests.flatMap((request) =>
      request ? [{ request, person: people.find(({ cpf }) => cpf === request.cpf) ?? null }] : []
    ),
    cursor: last && found.length > limit ? last.join("-") : null,
  };
}
