import type { Portal } from "../portal.ts";
import type { ComputerRecord } from "./computers.ts";
import { keys } from "./keys.ts";
import { isActiveMembership, type Membership } from "./membership.ts";
import type { AccessRequest } from "./requests/request.ts";
import { nextStep, type RequestState, type Step, STEPS } from "./requests/steps.ts";

/** How far one step is. */
export interface StepView {
  /** `nenhum`: nothing was asked for, or what was given has ended. */
  state: "nenhum" | RequestState;
  /** The last request of this step, whatever became of it. */
  request: AccessRequest | null;
}

/** How far a person is at an establishment, as of now. */
export interface Standing {
  cnes: string;
  /** Null when the person never was a member. */
  membership: Membership | null;
  steps: Record<Step, StepView>;
  /** The approved computer that was asked about. */
  computer: ComputerRecord | null;
  /** What the person may ask for; null while something waits, or when all is approved. */
  next: Step | null;
}

/**
 * The three steps of a person at an establishment. Two round trips.
 * @param thumbprint of the computer that the session has proven to be; the third step is about it
 */
export async function standingAt(
  portal: Portal,
  cpf: string,
  cnes: string,
  thumbprint: string | null = null,
): Promise<Standing> {
  const [membership, computer, ...ids] = (await portal.kv.getMany<
    [Membership, ComputerRecord, string, string, string]
  >([
    keys.membership(cnes, cpf),
    keys.computer(cnes, cpf, thumbprint ?? ""),
    keys.requestLatest(cpf, cnes, "estabelecimento"),
    keys.requestLatest(cpf, cnes, "perfil"),
    keys.requestLatest(cpf, cnes, "computador"),
  ])).map(({ value }) => value) as [
    Membership | null,
    ComputerRecord | null,
    ...(string | null)[],
  ];
  const requests = (await portal.kv.getMany<AccessRequest[]>(
    ids.map((id) => keys.request(id ?? "")),
  )).map(({ value }) => value);
  const active = isActiveMembership(membership);
  const reached = { establishment: active, profile: active && membership.profile !== null };
  const approved = [reached.establishment, reached.profile, reached.profile && computer !== null];
  const views = STEPS.map((_, i) => view(approved[i]!, requests[i] ?? null));
  const waits = views.some(({ state }) => state === "pendente");
  const done = approved.every(Boolean);
  return {
    cnes,
    membership,
    computer: active ? computer : null,
    steps: { estabelecimento: views[0]!, perfil: views[1]!, computador: views[2]! },
    next: done || waits ? null : nextStep(reached),
  };
}

function view(approved: boolean, request: AccessRequest | null): StepView {
  if (approved) return { state: "aprovada", request };
  // What was approved once and holds no more is as good as never asked for.
  if (!request || request.state === "aprovada") return { state: "nenhum", request };
  return { state: request.state, request };
}

/** CNES numbers where a person is or was a member, or has asked for something. */
export async function listPlacesOf(portal: Portal, cpf: string): Promise<string[]> {
  const found = await Promise.all(
    [keys.membershipsOfPerson(cpf), keys.requestsLatestOf(cpf)].map(async (prefix) =>
      (await Array.fromAsync(portal.kv.list({ prefix }))).map(({ key }) => key[2] as string)
    ),
  );
  return [...new Set(found.flat())].sort();
}
