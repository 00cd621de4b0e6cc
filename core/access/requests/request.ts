import type { Prefix } from "../../store/key.ts";
import type { Deps } from "../../deps.ts";
import { getEstablishments } from "../../registry/establishment.ts";
import { keys } from "../../store/keys.ts";
import { list, read } from "../../store/read.ts";
import type { AccessRequest } from "../../store/records/access.ts";

export async function getRequest(deps: Deps, id: string): Promise<AccessRequest | null> {
  return await read(deps.kv, keys.request(id));
}

/**
 * What waits for the administrators of these establishments, oldest first. The request for an
 * establishment is not listed beside that for the profile which was made with it.
 * @param after id of the last request of the page before
 */
export async function listPending(
  deps: Deps,
  cnesNumbers: readonly string[],
  { limit = 50, after = "" }: { limit?: number; after?: string } = {},
): Promise<AccessRequest[]> {
  const ids = await Promise.all(
    cnesNumbers.map((cnes) => listIds(deps, keys.requestPending.under(cnes), limit, after)),
  );
  // ULIDs sort by time.
  return await getRequests(deps, ids.flat().sort().slice(0, limit));
}

/**
 * What waits for the legal representative of an operadora, oldest first. What was asked at an
 * establishment that is the operadora's no more is not theirs to see.
 */
export async function listPendingOfOperadora(
  deps: Deps,
  cnpj: string,
  { limit = 50, after = "" }: { limit?: number; after?: string } = {},
): Promise<AccessRequest[]> {
  const found: AccessRequest[] = [];
  for (let last = after;;) {
    const ids = await listIds(deps, keys.requestOfRepresentative.under(cnpj), limit, last);
    const requests = await getRequests(deps, ids);
    const places = await getEstablishments(deps, requests.map(({ cnes }) => cnes));
    found.push(...requests.filter((_, i) => places[i]?.operadora === cnpj));
    if (found.length >= limit || ids.length < limit) return found.slice(0, limit);
    last = ids.at(-1)!;
  }
}

async function listIds(
  deps: Deps,
  prefix: Prefix<number, [id: string]>,
  limit: number,
  after: string,
): Promise<string[]> {
  const entries = list(deps.kv, prefix, { after, limit });
  return await Array.fromAsync(entries, ({ rest: [id] }) => id);
}

/** What was decided at these establishments, the newest first. */
export async function listDecided(
  deps: Deps,
  cnesNumbers: readonly string[],
  limit = 10,
): Promise<AccessRequest[]> {
  const found = await Promise.all(cnesNumbers.map(async (cnes) => {
    const entries = list(deps.kv, keys.requestDecided.under(cnes), { limit, reverse: true });
    return await Array.fromAsync(entries, ({ rest }) => rest);
  }));
  const newest = found.flat().sort(([a], [b]) => b - a);
  return await getRequests(deps, newest.slice(0, limit).map(([, id]) => id));
}

/** A person's own requests of every step, newest first. */
export async function listRequestsOf(
  deps: Deps,
  cpf: string,
  limit = 20,
): Promise<AccessRequest[]> {
  const entries = list(deps.kv, keys.requestByPerson.under(cpf), { limit, reverse: true });
  return await getRequests(deps, await Array.fromAsync(entries, ({ rest: [id] }) => id));
}

async function getRequests(deps: Deps, ids: readonly string[]): Promise<AccessRequest[]> {
  const reads = await Promise.all(ids.map((id) => getRequest(deps, id)));
  return reads.filter((request) => request !== null);
}
