import { getAccount } from "../account/account.ts";
import type { Deps } from "../deps.ts";
import { type Establishment, getEstablishment } from "../registry/establishment.ts";
import type { Prefix } from "../store/key.ts";
import { keys } from "../store/keys.ts";
import { list, readMany } from "../store/read.ts";
import type {
  AccessRequest,
  ApproverRole,
  ComputerRecord,
  Membership,
  RequestState,
  Step,
} from "../store/records/access.ts";
import type { AccountId } from "../store/records/account.ts";
import { listComputersOf } from "./computers.ts";
import { isActiveMembership, listAdministrators } from "./membership.ts";
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
  account: AccountId,
  cnes: string,
  thumbprint: string | null = null,
): Promise<AccessStatus> {
  const [membership, computer, ...ids] = await readMany(deps.kv, [
    keys.membership(cnes, account),
    keys.computer(cnes, account, thumbprint ?? ""),
    keys.requestLatest(account, cnes, "estabelecimento"),
    keys.requestLatest(account, cnes, "perfil"),
    keys.requestLatest(account, cnes, "computador"),
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
export async function listCnesOf(deps: Deps, account: AccountId): Promise<string[]> {
  const prefixes: Prefix<unknown, [cnes: string, ...Deno.KvKeyPart[]]>[] = [
    keys.membershipOfAccount.under(account),
    keys.requestLatest.under(account),
  ];
  const found = await Promise.all(
    prefixes.map((prefix) => Array.fromAsync(list(deps.kv, prefix), ({ rest: [cnes] }) => cnes)),
  );
  return [...new Set(found.flat())].sort();
}

/** An establishment, and how far one person is there. */
export interface EstablishmentAccess {
  cnes: string;
  /** Null when the CNES does not have it any more. */
  establishment: Establishment | null;
  status: AccessStatus;
  /** The person's approved computers there, this one or others. */
  computers: ComputerRecord[];
  /** Has the establishment an ADMINISTRADOR? */
  administered: boolean;
  /** Has it one besides the person? No person decides their own requests. */
  administeredByOthers: boolean;
}

/** Who looks, and at which computer: the one that the session has proven to be, or null. */
export interface AccessSubject {
  account: AccountId;
  computer: string | null;
}

/** Where a person is or was a member, or has asked for something, by number. */
export async function listEstablishmentAccess(
  deps: Deps,
  who: AccessSubject,
): Promise<EstablishmentAccess[]> {
  const numbers = await listCnesOf(deps, who.account);
  return await Promise.all(numbers.map((cnes) => getEstablishmentAccess(deps, who, cnes)));
}

/** One establishment, whether the person has asked for it or not. Two round trips. */
export async function getEstablishmentAccess(
  deps: Deps,
  { account, computer }: AccessSubject,
  cnes: string,
): Promise<EstablishmentAccess> {
  const [person, establishment, status, computers, administrators] = await Promise.all([
    getAccount(deps, account),
    getEstablishment(deps, cnes),
    readAccessStatus(deps, account, cnes, computer),
    listComputersOf(deps, cnes, account),
    listAdministrators(deps, cnes),
  ]);
  return {
    cnes,
    establishment,
    status,
    // They went with the membership; one that was approved meanwhile counts for nothing.
    computers: status.steps.perfil.state === "aprovada" ? computers : [],
    administered: administrators.length > 0,
    administeredByOthers: administrators.some(({ cpf }) => cpf !== person?.cpf),
  };
}

/** Is there such an establishment, or was there one that the person has asked for? */
export function isKnownEstablishment({ establishment, status }: EstablishmentAccess): boolean {
  return establishment !== null || status.membership !== null ||
    STEPS.some((step) => status.steps[step].request !== null);
}

/** How one step at an establishment is to be shown; `noutro`: approved, but on another computer. */
export type StepProgress = AccessStatus["steps"][Step]["state"] | "noutro";

/** How a step is to be shown. */
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
 * Which of those that a request is for are there to decide it now; empty when it waits for the next
 * administrator.
 */
export function approversNow(
  { administeredByOthers }: EstablishmentAccess,
  { to, operadora }: { to: readonly ApproverRole[]; operadora: string | null },
): ApproverRole[] {
  return to.filter((role) =>
    role === "administradores" ? administeredByOthers : operadora !== null
  );
}
