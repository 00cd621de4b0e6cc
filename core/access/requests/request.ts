import { getAccounts } from "../../account/account.ts";
import { describeCpf } from "../../account/proof_texts.ts";
import type { Deps } from "../../deps.ts";
import { type Establishment, getEstablishments } from "../../registry/establishment.ts";
import type { Key, Prefix } from "../../store/key.ts";
import { keys } from "../../store/keys.ts";
import { list, read, readMany } from "../../store/read.ts";
import type {
  AccessRequest,
  EstablishmentRequest,
  UserOfOperadora,
} from "../../store/records/access.ts";
import type { Account, AccountId } from "../../store/records/account.ts";
import type { Page } from "../users/find_users.ts";
import { isActiveTie } from "../users/user_of_operadora.ts";

/** A request by its id, a ULID; null when there is none. */
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
    const establishments = await getEstablishments(deps, requests.map(({ cnes }) => cnes));
    found.push(...requests.filter((_, i) => establishments[i]?.operadora === cnpj));
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
  account: AccountId,
  limit = 20,
): Promise<AccessRequest[]> {
  const entries = list(deps.kv, keys.requestOfAccount.under(account), { limit, reverse: true });
  return await getRequests(deps, await Array.fromAsync(entries, ({ rest: [id] }) => id));
}

async function getRequests(deps: Deps, ids: readonly string[]): Promise<AccessRequest[]> {
  const reads = await Promise.all(ids.map((id) => getRequest(deps, id)));
  return reads.filter((request) => request !== null);
}

/** A request that waits, with what helps to decide it. */
export interface RequestDetails {
  request: AccessRequest;
  person: Account | null;
  /** What stands behind the person's CPF, in words (`describeCpf`); null when they are not found. */
  cpf: string | null;
  establishment: Establishment | null;
  /** The request for the establishment made with it, as long as that waits too. */
  first: EstablishmentRequest | null;
  /** What the person asked for at this establishment before and was decided, the newest first. */
  earlier: AccessRequest[];
}

/** Whose requests a person decides: of what they administer, of the operadora they represent. */
export interface ReviewScope {
  /** CNES numbers. */
  administers: readonly string[];
  /** CNPJ. */
  represents: string | null;
}

/** Requests of a person among which earlier ones are looked for. */
export const LOOKED_AT = 50;
/** Earlier requests shown with one that waits. */
const SHOWN = 5;

/**
 * What waits for the decision of a person, oldest first, `limit` a page. The cursor is the id of the last
 * request looked at.
 */
export async function listToDecide(
  deps: Deps,
  { administers, represents }: ReviewScope,
  { limit = 20, after = "" }: { limit?: number; after?: string } = {},
): Promise<Page<RequestDetails>> {
  const page = { limit: limit + 1, after };
  const pages = await Promise.all([
    listPending(deps, administers, page),
    represents ? listPendingOfOperadora(deps, represents, page) : [],
  ]);
  // The computer of an ADMINISTRADOR waits for both.
  const all = [...new Map(pages.flat().map((request) => [request.id, request])).values()]
    .sort((a, b) => a.id < b.id ? -1 : 1);
  const requests = all.slice(0, limit);
  return {
    items: await detailsOf(deps, requests),
    cursor: all.length > limit ? requests.at(-1)!.id : null,
  };
}

async function detailsOf(
  deps: Deps,
  requests: readonly AccessRequest[],
): Promise<RequestDetails[]> {
  const numbers = [...new Set(requests.map(({ cnes }) => cnes))];
  const ids = [...new Set(requests.map(({ account }) => account))];
  const [establishments, ties, people, firsts, histories] = await Promise.all([
    getEstablishments(deps, numbers),
    readMany(deps.kv, requests.map(tieKey)),
    getAccounts(deps, ids),
    Promise.all(requests.map((request) => firstOf(deps, request))),
    Promise.all(ids.map((id) => listRequestsOf(deps, id, LOOKED_AT))),
  ]);
  const personOf = ({ account }: AccessRequest) => people.find(({ id }) => id === account) ?? null;
  return requests.map((request, i) => ({
    request,
    person: personOf(request),
    cpf: cpfOf(deps, personOf(request), ties[i]!),
    establishment: establishments[numbers.indexOf(request.cnes)] ?? null,
    first: firsts[i]!,
    earlier: earlierOf(histories[ids.indexOf(request.account)]!, request, { limit: SHOWN }),
  }));
}

/** The tie of the operadora that the establishment of a request was bound to. */
function tieKey({ operadora, account }: AccessRequest): Key<UserOfOperadora> {
  return keys.userOfOperadora(operadora ?? "", account);
}

function cpfOf(
  deps: Deps,
  person: Account | null,
  tie: UserOfOperadora | null,
): string | null {
  return person && describeCpf(deps, person, isActiveTie(tie));
}

/** Who asks, and what stands behind their CPF. One round trip. */
export async function readRequester(
  deps: Deps,
  request: AccessRequest,
): Promise<{ person: Account | null; cpf: string | null }> {
  const [person, tie] = await readMany(deps.kv, [keys.account(request.account), tieKey(request)]);
  return { person, cpf: cpfOf(deps, person, tie) };
}

/**
 * What a person asked for at an establishment before a request, the newest first.
 *
 * @param history the person's latest requests, `LOOKED_AT` of them, as `listRequestsOf` lists them
 * @param waiting also what still waits
 */
export function earlierOf(
  history: readonly AccessRequest[],
  { id, cnes }: AccessRequest,
  { limit, waiting = false }: { limit: number; waiting?: boolean },
): AccessRequest[] {
  return history.filter((one) =>
    one.id !== id && one.cnes === cnes && one.step !== "estabelecimento" &&
    (waiting || one.state !== "pendente")
  ).slice(0, limit);
}

async function firstOf(deps: Deps, request: AccessRequest): Promise<EstablishmentRequest | null> {
  const id = request.step === "perfil" ? request.establishmentRequest : null;
  const first = id ? await getRequest(deps, id) : null;
  return first?.step === "estabelecimento" && first.state === "pendente" ? first : null;
}

/** A request that was decided, with the person who had made it. */
export interface Decided {
  request: AccessRequest;
  person: Account | null;
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
  const requests = await getRequests(deps, shown.map(([, id]) => id));
  const people = await getAccounts(deps, [...new Set(requests.map(({ account }) => account))]);
  const items = requests.map((request) => ({
    request,
    person: people.find(({ id }) => id === request.account) ?? null,
  }));
  return { items, cursor: found.length > limit ? shown.at(-1)!.join("-") : null };
}
