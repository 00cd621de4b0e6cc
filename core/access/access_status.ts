import type { Prefix } from "../store/key.ts";
import type { Deps } from "../deps.ts";
import { keys } from "../store/keys.ts";
import { list, readMany } from "../store/read.ts";
import type {
  AccessRequest,
  ComputerRecord,
  Membership,
  RequestState,
  Step,
} from "../store/records/access.ts";
import { isActiveMembership } from "./membership.ts";
import { nextStep, STEPS } from "./requests/steps.ts";

/** How far one step is. */
export interface StepView {
  /** `nenhum`: nothing was asked for, or what was given has ended. */
  state: "nenhum" | RequestState;
  /** The last request of this step, whatever became of it. */
  request: AccessRequest | null;
}

/** How far a person is at an establishment, as of now. */
export interface AccessStatus {
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
export async function readAccessStatus(
  deps: Deps,
  cpf: string,
  cnes: string,
  thumbprint: string | null = null,
): Promise<AccessStatus> {
  const [membership, computer, ...ids] = await readMany(deps.kv, [
    keys.membership(cnes, cpf),
    keys.computer(cnes, cpf, thumbprint ?? ""),
    keys.requestLatest(cpf, cnes, "estabelecimento"),
    keys.requestLatest(cpf, cnes, "perfil"),
    keys.requestLatest(cpf, cnes, "computador"),
  ]);
  const requests = await readMany(deps.kv, ids.map((id) => keys.request(id ?? "")));
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
export async function listCnesOf(deps: Deps, cpf: string): Promise<string[]> {
  const prefixes: Prefix<unknown, [cnes: string, ...Deno.KvKeyPart[]]>[] = [
    keys.membershipByPerson.under(cpf),
    keys.requestLatest.under(cpf),
  ];
  const found = await Promise.all(
    prefixes.map((prefix) => Array.fromAsync(list(deps.kv, prefix), ({ rest: [cnes] }) => cnes)),
  );
  return [...new Set(found.flat())].sort();
}
