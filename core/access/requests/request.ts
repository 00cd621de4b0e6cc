import type { Portal } from "../../portal.ts";
import { getEstablishments } from "../../registry/establishment.ts";
import { keys } from "../keys.ts";
import type { Profile } from "../membership.ts";
import type { RequestState } from "./steps.ts";

export type { RequestState, Step } from "./steps.ts";

/** Who may decide a request: those who administer the establishment, its operadora's representative. */
export type Decider = "administradores" | "representante";

interface Common {
  /** ULID. */
  id: string;
  cnes: string;
  cpf: string;
  /** The profile that is asked for; of a computer, the one it will be used with. */
  profile: Profile;
  state: RequestState;
  to: readonly Decider[];
  /** CNPJ of the operadora that the establishment was bound to, whose representative may decide. */
  operadora: string | null;
  createdAt: number;
  decidedAt: number | null;
  /** Id and name of the person who decided. */
  decidedBy: { id: string; name: string } | null;
  /** `cnes`: at once, because the CNES names the person as director. */
  via: "portal" | "telegram" | "cnes" | null;
  /** Why it was rejected. */
  reason: string | null;
}

/** Step one: to work for an establishment. Decided with the profile, or before it. */
export interface EstablishmentRequest extends Common {
  step: "estabelecimento";
  /** Id of the request for a profile that was made with it. */
  profileRequest: string;
}

/** Step two: a profile at an establishment. */
export interface ProfileRequest extends Common {
  step: "perfil";
  /** Id of the request of step one made with it; null when that step was approved before. */
  establishmentRequest: string | null;
}

/** Step three: to use a profile on a computer. */
export interface ComputerRequest extends Common {
  step: "computador";
  computer: AskedComputer;
}

export interface AskedComputer {
  /** Of its public key: SHA-256 as in RFC 7638, base64url. */
  thumbprint: string;
  /** Asset tag, as typed. */
  label: string;
  place: string;
  /** An approved computer that will not be used any more, its key being gone. */
  replaces: { thumbprint: string; label: string } | null;
}

export type AccessRequest = EstablishmentRequest | ProfileRequest | ComputerRequest;

export async function getRequest(portal: Portal, id: string): Promise<AccessRequest | null> {
  return (await portal.kv.get<AccessRequest>(keys.request(id))).value;
}

/**
 * What waits for the administrators of these establishments, oldest first. The request for an
 * establishment is not listed beside that for the profile which was made with it.
 * @param after id of the last request of the page before
 */
export async function listPending(
  portal: Portal,
  cnesNumbers: readonly string[],
  { limit = 50, after = "" }: { limit?: number; after?: string } = {},
): Promise<AccessRequest[]> {
  const ids = await Promise.all(
    cnesNumbers.map((cnes) => listIds(portal, keys.requestsPending(cnes), limit, after)),
  );
  // ULIDs sort by time.
  return await getRequests(portal, ids.flat().sort().slice(0, limit));
}

/**
 * What waits for the legal representative of an operadora, oldest first. What was asked at an
 * establishment that is the operadora's no more is not theirs to see.
 */
export async function listPendingOfOperadora(
  portal: Portal,
  cnpj: string,
  { limit = 50, after = "" }: { limit?: number; after?: string } = {},
): Promise<AccessRequest[]> {
  const found: AccessRequest[] = [];
  for (let last = after;;) {
    const ids = await listIds(portal, keys.requestsOfRepresentative(cnpj), limit, last);
    const requests = await getRequests(portal, ids);
    const places = await getEstablishments(portal, requests.map(({ cnes }) => cnes));
    found.push(...requests.filter((_, i) => places[i]?.operadora === cnpj));
    if (found.length >= limit || ids.length < limit) return found.slice(0, limit);
    last = ids.at(-1)!;
  }
}

async function listIds(
  portal: Portal,
  prefix: Deno.KvKey,
  limit: number,
  after: string,
): Promise<string[]> {
  // The least key after that of `after`: strings sort by their bytes.
  const list = portal.kv.list({ prefix, start: [...prefix, `${after}\0`] }, { limit });
  return (await Array.fromAsync(list)).map(({ key }) => key.at(-1) as string);
}

/** What was decided at these establishments, the newest first. */
export async function listDecided(
  portal: Portal,
  cnesNumbers: readonly string[],
  limit = 10,
): Promise<AccessRequest[]> {
  const found = await Promise.all(cnesNumbers.map(async (cnes) => {
    const prefix = keys.requestsDecided(cnes);
    return await Array.fromAsync(portal.kv.list({ prefix }, { limit, reverse: true }));
  }));
  const newest = found.flat().sort((a, b) => (b.key[2] as number) - (a.key[2] as number));
  return await getRequests(portal, newest.slice(0, limit).map(({ key }) => key[3] as string));
}

/** A person's own requests of every step, newest first. */
export async function listRequestsOf(
  portal: Portal,
  cpf: string,
  limit = 20,
): Promise<AccessRequest[]> {
  const prefix = keys.requestsOfPerson(cpf);
  const list = portal.kv.list({ prefix }, { limit, reverse: true });
  const ids = (await Array.fromAsync(list)).map(({ key }) => key[2] as string);
  return await getRequests(portal, ids);
}

async function getRequests(portal: Portal, ids: readonly string[]): Promise<AccessRequest[]> {
  const reads = await Promise.all(ids.map((id) => getRequest(portal, id)));
  return reads.filter((request) => request !== null);
}
