import type { Deps } from "../deps.ts";
import { type Establishment, getEstablishment } from "../registry/establishment.ts";
import type { ApproverRole, ComputerRecord, Step } from "../store/records/access.ts";
import { listComputersOf } from "./computers.ts";
import { listAdministrators } from "./membership.ts";
import { STEPS } from "./requests/steps.ts";
import { type AccessStatus, listCnesOf, readAccessStatus } from "./access_status.ts";

/** An establishment as one person stands there. */
export interface EstablishmentAccess {
  cnes: string;
  /** Null when the CNES does not have it any more. */
  establishment: Establishment | null;
  status: AccessStatus;
  /** The person's approved computers there, this one or others. */
  computers: ComputerRecord[];
  /** Does anybody administer the establishment? */
  administered: boolean;
  /** Does anybody but the person? Nobody decides their own requests. */
  administeredByOthers: boolean;
}

/** Who looks, and at which computer: the one that the session has proven to be, or null. */
export interface AccessSubject {
  cpf: string;
  computer: string | null;
}

/** Where a person is or was a member, or has asked for something, by number. */
export async function listEstablishmentAccess(
  deps: Deps,
  who: AccessSubject,
): Promise<EstablishmentAccess[]> {
  const numbers = await listCnesOf(deps, who.cpf);
  return await Promise.all(numbers.map((cnes) => getEstablishmentAccess(deps, who, cnes)));
}

/** One establishment, whether the person has asked for it or not. Two round trips. */
export async function getEstablishmentAccess(
  deps: Deps,
  { cpf, computer }: AccessSubject,
  cnes: string,
): Promise<EstablishmentAccess> {
  const [establishment, status, computers, administrators] = await Promise.all([
    getEstablishment(deps, cnes),
    readAccessStatus(deps, cpf, cnes, computer),
    listComputersOf(deps, cnes, cpf),
    listAdministrators(deps, cnes),
  ]);
  return {
    cnes,
    establishment,
    status,
    // They went with the membership; one that was approved meanwhile counts for nothing.
    computers: status.steps.perfil.state === "aprovada" ? computers : [],
    administered: administrators.length > 0,
    administeredByOthers: administrators.some((person) => person.cpf !== cpf),
  };
}

/** Is there such an establishment, or was there one that the person has asked for? */
export function isKnownEstablishment({ establishment, status }: EstablishmentAccess): boolean {
  return establishment !== null || status.membership !== null ||
    STEPS.some((step) => status.steps[step].request !== null);
}

/** How one step of a place is to be shown; `noutro`: approved, but on another computer. */
export type StepProgress = AccessStatus["steps"][Step]["state"] | "noutro";

export function progressOf({ status, computers }: EstablishmentAccess, step: Step): StepProgress {
  const { state } = status.steps[step];
  const elsewhere = step === "computador" && computers.length > 0;
  return elsewhere && state !== "aprovada" && state !== "pendente" ? "noutro" : state;
}

/** The first step that is not approved: that waits, or that is to be asked for. */
export function currentStep({ status }: EstablishmentAccess): Step | null {
  return STEPS.find((step) => status.steps[step].state !== "aprovada") ?? null;
}

/**
 * Who of those a request is for is there to decide it now; nobody when it waits for the next
 * administrator.
 */
export function approversNow(
  place: EstablishmentAccess,
  { to, operadora }: { to: readonly ApproverRole[]; operadora: string | null },
): ApproverRole[] {
  return to.filter((decider) =>
    decider === "administradores" ? place.administeredByOthers : operadora !== null
  );
}
