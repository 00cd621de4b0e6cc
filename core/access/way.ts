import { type GovbrLevel, reaches } from "../account/govbr/level.ts";
import type { CnsQuality } from "../account/cns/person_cns.ts";
import type { Person } from "../account/person.ts";
import type { Portal } from "../portal.ts";
import { listEstablishmentsOfOperadora } from "../registry/establishment.ts";
import type { Place } from "./places.ts";

/**
 * The six prerequisites of the ministry for CadSUS Web (J19), ticked from what the portal knows.
 * `readWayFacts` reads, `wayFrom` is pure.
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
 * - `outros`: somebody else has to.
 * - `depois`: another prerequisite comes first.
 */
export type WayState = "feito" | "voce" | "outros" | "depois";

/** Why a prerequisite is in its state; each has its own text and its own next thing to do. */
export type Situation =
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

export interface WayStep {
  state: WayState;
  situation: Situation;
}

export type Way = Record<Prerequisite, WayStep>;

/** What the way is made of. */
export interface WayFacts {
  /** The establishment that it leads to; null when the person has asked for none. */
  place: Place | null;
  /** Has the person's operadora an active establishment? Null when the person has no operadora. */
  operadoraInCnes: boolean | null;
  director: "atOnce" | "unproven" | null;
  /** Level of the gov.br account at its last use here, and the one that is needed. */
  govbr: GovbrLevel | null;
  /** Null where the portal is not at gov.br and cannot see it. */
  neededLevel: GovbrLevel | null;
  cns: CnsQuality | null;
}

/** Reads what is not of the place itself. One round trip. */
export async function readWayFacts(
  portal: Portal,
  person: Person,
  { place, director, operadora }: {
    place: Place | null;
    director: WayFacts["director"];
    /** CNPJ of the operadora that the person works for in this session. */
    operadora: string | null;
  },
): Promise<WayFacts> {
  const found = operadora && await listEstablishmentsOfOperadora(portal, operadora);
  return {
    place,
    director,
    operadoraInCnes: found ? found.items.some(({ active }) => active) : null,
    govbr: person.govbr?.level ?? null,
    neededLevel: portal.config.govbr?.level ?? null,
    cns: person.cns?.quality ?? null,
  };
}

export function wayFrom(facts: WayFacts): Way {
  return {
    operadora: inCnes(facts),
    pessoa: boundTo(facts),
    qualidade: quality(facts),
    administrador: administered(facts),
    pedido: decided(facts),
    acesso: access(facts),
  };
}

const step = (state: WayState, situation: Situation): WayStep => ({ state, situation });
const LATER = step("depois", "later");

function inCnes({ place, operadoraInCnes }: WayFacts): WayStep {
  if (place) {
    return place.establishment?.active
      ? step("feito", "operadora_found")
      : step("outros", place.establishment ? "operadora_closed" : "operadora_missing");
  }
  if (operadoraInCnes === null) return step("voce", "place_unnamed");
  return operadoraInCnes ? step("feito", "operadora_found") : step("outros", "operadora_missing");
}

/** The person is in the portal already; what is asked is whether they named the number. */
function boundTo({ place }: WayFacts): WayStep {
  if (!place) return step("voce", "unbound");
  const { state } = place.standing.steps.estabelecimento;
  if (state === "aprovada") return step("feito", "bound");
  return state === "pendente" ? step("outros", "bound_waiting") : step("voce", "unbound");
}

function quality({ govbr, neededLevel, cns }: WayFacts): WayStep {
  if (cns === null) return step("voce", "cns_missing");
  if (cns === "baixa") return step("voce", "cns_low");
  if (neededLevel && !govbr) return step("voce", "govbr_missing");
  if (neededLevel && govbr && !reaches(govbr, neededLevel)) return step("voce", "govbr_low");
  if (cns === "desconhecida") return step("voce", "cns_unknown");
  return neededLevel ? step("feito", "quality_proven") : step("voce", "govbr_unseen");
}

function administered({ place, director }: WayFacts): WayStep {
  if (!place) return LATER;
  if (place.administered) return step("feito", "administered");
  if (director === "atOnce") return step("voce", "director_you");
  if (director === "unproven") return step("voce", "director_unproven");
  const { state, request } = place.standing.steps.perfil;
  const asked = state === "pendente" && request?.profile === "ADMINISTRADOR";
  return step("outros", asked ? "administrator_asked" : "administrator_missing");
}

function decided({ place }: WayFacts): WayStep {
  if (!place) return LATER;
  const { state } = place.standing.steps.perfil;
  if (state === "aprovada") return step("feito", "profile_held");
  if (state === "pendente") return step("outros", "profile_waiting");
  return place.establishment?.active ? step("voce", "profile_ask") : LATER;
}

function access({ place }: WayFacts): WayStep {
  if (!place || place.standing.steps.perfil.state !== "aprovada") return LATER;
  const { state } = place.standing.steps.computador;
  if (state === "aprovada") return step("feito", "access_here");
  if (state === "pendente") return step("outros", "computer_waiting");
  if (place.computers.length > 0) return step("feito", "access_elsewhere");
  return place.establishment?.active ? step("voce", "computer_ask") : LATER;
}
