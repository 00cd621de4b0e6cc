import type { Portal } from "../portal.ts";
import { type Establishment, getEstablishment } from "../registry/establishment.ts";
import type { ComputerRecord, Decider, Step } from "../store/records/access.ts";
import { listComputersOf } from "./computers.ts";
import { listAdministrators } from "./membership.ts";
import { STEPS } from "./requests/steps.ts";
import { listPlacesOf, type Standing, standingAt } from "./standing.ts";

/** An establishment as one person stands there. */
export interface Place {
  cnes: string;
  /** Null when the CNES does not have it any more. */
  establishment: Establishment | null;
  standing: Standing;
  /** The person's approved computers there, this one or others. */
  computers: ComputerRecord[];
  /** Does anybody administer the establishment? */
  administered: boolean;
  /** Does anybody but the person? Nobody decides their own requests. */
  administeredByOthers: boolean;
}

/** Who looks, and at which computer: the one that the session has proven to be, or null. */
export interface Onlooker {
  cpf: string;
  computer: string | null;
}

/** Where a person is or was a member, or has asked for something, by number. */
export async function listPlaces(portal: Portal, who: Onlooker): Promise<Place[]> {
  const numbers = await listPlacesOf(portal, who.cpf);
  return await Promise.all(numbers.map((cnes) => getPlace(portal, who, cnes)));
}

/** One establishment, whether the person has asked for it or not. Two round trips. */
export async function getPlace(
  portal: Portal,
  { cpf, computer }: Onlooker,
  cnes: string,
): Promise<Place> {
  const [establishment, standing, computers, administrators] = await Promise.all([
    getEstablishment(portal, cnes),
    standingAt(portal, cpf, cnes, computer),
    listComputersOf(portal, cnes, cpf),
    listAdministrators(portal, cnes),
  ]);
  return {
    cnes,
    establishment,
    standing,
    // They went with the membership; one that was approved meanwhile counts for nothing.
    computers: standing.steps.perfil.state === "aprovada" ? computers : [],
    administered: administrators.length > 0,
    administeredByOthers: administrators.some((person) => person.cpf !== cpf),
  };
}

/** Is there such an establishment, or was there one that the person has asked for? */
export function isKnownPlace({ establishment, standing }: Place): boolean {
  return establishment !== null || standing.membership !== null ||
    STEPS.some((step) => standing.steps[step].request !== null);
}

/** How one step of a place is to be shown; `noutro`: approved, but on another computer. */
export type StepProgress = Standing["steps"][Step]["state"] | "noutro";

export function progressOf({ standing, computers }: Place, step: Step): StepProgress {
  const { state } = standing.steps[step];
  const elsewhere = step === "computador" && computers.length > 0;
  return elsewhere && state !== "aprovada" && state !== "pendente" ? "noutro" : state;
}

/** The first step that is not approved: that waits, or that is to be asked for. */
export function currentStep({ standing }: Place): Step | null {
  return STEPS.find((step) => standing.steps[step].state !== "aprovada") ?? null;
}

/**
 * Who of those a request is for is there to decide it now; nobody when it waits for the next
 * administrator.
 */
export function decidersNow(
  place: Place,
  { to, operadora }: { to: readonly Decider[]; operadora: string | null },
): Decider[] {
  return to.filter((decider) =>
    decider === "administradores" ? place.administeredByOthers : operadora !== null
  );
}
