import { getPeople } from "../../account/person.ts";
import type { Deps } from "../../deps.ts";
import { type Establishment, getEstablishments } from "../../registry/establishment.ts";
import type { AccessRequest, EstablishmentRequest } from "../../store/records/access.ts";
import type { Person } from "../../store/records/account.ts";
import type { Page } from "../users/find_users.ts";
import { getRequest, listPending, listPendingOfOperadora, listRequestsOf } from "./request.ts";

/** A request that waits, with what one wants to know before deciding it. */
export interface RequestDetails {
  request: AccessRequest;
  person: Person | null;
  establishment: Establishment | null;
  /** The request for the establishment made with it, as long as that waits too. */
  first: EstablishmentRequest | null;
  /** What the person asked for at this place before, the newest first. */
  earlier: AccessRequest[];
}

/** Whose requests: of establishments that one administers, of the operadora that one represents. */
export interface ReviewScope {
  /** CNES numbers. */
  administers: readonly string[];
  /** CNPJ. */
  represents: string | null;
}

/** Requests of a person among which earlier ones are looked for, and how many are shown. */
const LOOKED_AT = 50;
const SHOWN = 5;

/**
 * What waits for somebody's decision, oldest first, `limit` a page. The cursor is the id of the last
 * request looked at.
 */
export async function listToDecide(
  deps: Deps,
  { administers, represents }: ReviewScope,
  { limit = 20, after = "" }: { limit?: number; after?: string } = {},
): Promise<Page<RequestDetails>> {
  const pages = await Promise.all([
    listPending(deps, administers, { limit: limit + 1, after }),
    represents ? listPendingOfOperadora(deps, represents, { limit: limit + 1, after }) : [],
  ]);
  // The computer of an ADMINISTRADOR waits for both.
  const all = [...new Map(pages.flat().map((request) => [request.id, request])).values()]
    .sort((a, b) => a.id < b.id ? -1 : 1);
  const requests = all.slice(0, limit);
  return {
    items: await open(deps, requests),
    cursor: all.length > limit ? requests.at(-1)!.id : null,
  };
}

async function open(deps: Deps, requests: readonly AccessRequest[]): Promise<RequestDetails[]> {
  const numbers = [...new Set(requests.map(({ cnes }) => cnes))];
  const cpfs = [...new Set(requests.map(({ cpf }) => cpf))];
  const [establishments, people, firsts, histories] = await Promise.all([
    getEstablishments(deps, numbers),
    getPeople(deps, cpfs),
    Promise.all(requests.map((request) => firstOf(deps, request))),
    Promise.all(cpfs.map((cpf) => listRequestsOf(deps, cpf, LOOKED_AT))),
  ]);
  return requests.map((request, i) => ({
    request,
    person: people.find(({ cpf }) => cpf === request.cpf) ?? null,
    establishment: establishments[numbers.indexOf(request.cnes)] ?? null,
    first: firsts[i]!,
    earlier: histories[cpfs.indexOf(request.cpf)]!
      .filter((one) => one.cnes === request.cnes && one.state !== "pendente")
      .filter(({ step }) => step !== "estabelecimento")
      .slice(0, SHOWN),
  }));
}

async function firstOf(
  deps: Deps,
  request: AccessRequest,
): Promise<EstablishmentRequest | null> {
  const id = request.step === "perfil" ? request.establishmentRequest : null;
  const first = id ? await getRequest(deps, id) : null;
  return first?.step === "estabelecimento" && first.state === "pendente" ? first : null;
}
