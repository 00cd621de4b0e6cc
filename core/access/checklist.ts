import { reaches } from "../config/choices.ts";
import type { Deps } from "../deps.ts";
import { listEstablishmentsOfOperadora } from "../registry/establishment.ts";
import type { Account, CnsQuality, GovbrLevel } from "../store/records/account.ts";
import type { EstablishmentAccess } from "./establishment_access.ts";

/**
 * The six prerequisites of the ministry for CadSUS Web (J19), ticked from what the portal knows.
 * `readChecklistFacts` reads, `checklistFrom` is pure.
 */
export const PREREQUISITES = [
  "operadora",
  "pessoa",
  "qualidade",
  "administrador",
  "pedido",
  "acesso",
] as const;
export type Prerequisite = typeof PREREQUISITES[number];

/**
 * - `feito`: fulfilled.
 * - `voce`: the person can do something about it now.
 * - `outros`: another person has to.
 * - `depois`: another prerequisite comes first.
 */
export type ChecklistState = "feito" | "voce" | "outros" | "depois";

/** Why a prerequisite is in its state; each has its own text and its own next thing to do. */
export type ChecklistReason =
  | "operadora_found"
  | "operadora_closed"
  | "operadora_missing"
  | "place_unnamed"
  | "bound"
  | "bound_waiting"
  | "unbound"
  | "quality_proven"
  | "govbr_missing"
  | "govbr_low"
  | "govbr_unseen"
  | "cns_missing"
  | "cns_low"
  | "cns_unknown"
  | "administered"
  | "director_you"
  | "director_unproven"
  | "administrator_asked"
  | "administrator_missing"
  | "profile_held"
  | "profile_waiting"
  | "profile_ask"
  | "access_here"
  | "access_elsewhere"
  | "computer_waiting"
  | "computer_ask"
  | "later";

export interface ChecklistItem {
  state: ChecklistState;
  reason: ChecklistReason;
}

export type Checklist = Record<Prerequisite, ChecklistItem>;

/** What the checklist is made of. */
export interface ChecklistFacts {
  /** The establishment that the checklist leads to; null when the person has asked for none. */
  access: EstablishmentAccess | null;
  /** Has the person's operadora an active establishment? Null when the person has no operadora. */
  operadoraInCnes: boolean | null;
  director: "atOnce" | "unproven" | null;
  /** Level of the gov.br account at its last use here, and the one that is needed. */
  govbr: GovbrLevel | null;
  /** Null where the portal is not at gov.br and cannot see it. */
  neededLevel: GovbrLevel | null;
  cns: CnsQuality | null;
}

/**
 * Reads what is not of the establishment itself. One round trip.
 * @param access the establishment that the checklist leads to
 */
export async function readChecklistFacts(
  deps: Deps,
  person: Account,
  { access, director, operadora }: {
    access: EstablishmentAccess | null;
    director: ChecklistFacts["director"];
    /** CNPJ of the operadora that the person works for in this session. */
    operadora: string | null;
  },
): Promise<ChecklistFacts> {
  const found = operadora && await listEstablishmentsOfOperadora(deps, operadora);
  return {
    access,
    director,
    operadoraInCnes: found ? found.items.some(({ active }) => active) : null,
    govbr: person.govbr?.level ?? null,
    neededLevel: deps.config.govbr?.level ?? null,
    cns: person.cns?.quality ?? null,
  };
}

/** The checklist that follows from the facts. Pure. */
export function checklistFrom(facts: ChecklistFacts): Checklist {
  return {
    operadora: inCnes(facts),
    pessoa: boundTo(facts),
    qualidade: quality(facts),
    administrador: administered(facts),
    pedido: decided(facts),
    acesso: opened(facts),
  };
}

const step = (state: ChecklistState, reason: ChecklistReason): ChecklistItem => ({ state, reason });
const LATER = step("depois", "later");

function inCnes({ access, operadoraInCnes }: ChecklistFacts): ChecklistItem {
  if (access) {
    return access.establishment?.active
      ? step("feito", "operadora_found")
      : step("outros", access.establishment ? "operadora_closed" : "operadora_missing");
  }
  if (operadoraInCnes === null) return step("voce", "place_unnamed");
  return operadoraInCnes ? step("feito", "operadora_found") : step("outros", "operadora_missing");
}

/** The person is in the portal already; what is asked is whether they named the number. */
function boundTo({ access }: ChecklistFacts): ChecklistItem {
  if (!access) return step("voce", "unbound");
  const { state } = access.status.steps.estabelecimento;
  if (state === "aprovada") return step("feito", "bound");
  return state === "pendente" ? step("outros", "bound_waiting") : step("voce", "unbound");
}

function quality({ govbr, neededLevel, cns }: ChecklistFacts): ChecklistItem {
  if (cns === null) return step("voce", "cns_missing");
  if (cns === "baixa") return step("voce", "cns_low");
  if (neededLevel && !govbr) return step("voce", "govbr_missing");
  if (neededLevel && govbr && !reaches(govbr, neededLevel)) return step("voce", "govbr_low");
  if (cns === "desconhecida") return step("voce", "cns_unknown");
  return neededLevel ? step("feito", "quality_proven") : step("voce", "govbr_unseen");
}

function administered({ access, director }: ChecklistFacts): ChecklistItem {
  if (!access) return LATER;
  if (access.administered) return step("feito", "administered");
  if (director === "atOnce") return step("voce", "director_you");
  if (director === "unproven") return step("voce", "director_unproven");
  const { state, request } = access.status.steps.perfil;
  const asked = state === "pendente" && request?.profile === "ADMINISTRADOR";
  return step("outros", asked ? "administrator_asked" : "administrator_missing");
}

function decided({ access }: ChecklistFacts): ChecklistItem {
  if (!access) return LATER;
  const { state } = access.status.steps.perfil;
  if (state === "aprovada") return step("feito", "profile_held");
  if (state === "pendente") return step("outros", "profile_waiting");
  return access.establishment?.active ? step("voce", "profile_ask") : LATER;
}

function opened({ access }: ChecklistFacts): ChecklistItem {
  if (!access || access.status.steps.perfil.state !== "aprovada") return LATER;
  const { state } = access.status.steps.computador;
  if (state === "aprovada") return step("feito", "access_here");
  if (state === "pendente") return step("outros", "computer_waiting");
  if (access.computers.length > 0) return step("feito", "access_elsewhere");
  return access.establishment?.active ? step("voce", "computer_ask") : LATER;
}
