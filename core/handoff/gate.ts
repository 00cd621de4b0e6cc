import { type AccessStatus, readAccessStatus } from "../access/establishment_access.ts";
import { cpfProofOf } from "../account/proof.ts";
import { BY_GOVBR, reachesAcr, type System } from "../config/mod.ts";
import { TERMS_VERSION } from "../account/terms.ts";
import type { Deps } from "../deps.ts";
import { type Establishment, getEstablishment } from "../registry/establishment.ts";
import { parseCnes } from "../registry/numbers.ts";
import { accept, type Refusal, refuse, type Result } from "../result.ts";
import { keys } from "../store/keys.ts";
import { readMany } from "../store/read.ts";
import type { ComputerRecord, Profile, Step } from "../store/records/access.ts";
import type { LoggedIn, Session } from "../store/records/session.ts";
import type { HandoffCode } from "./messages.ts";
import type { Values } from "../store/key.ts";
import { isActiveMembership, opensMembership } from "../access/membership.ts";
import type { Account } from "../store/records/account.ts";
import type { HandoffRecord, HandoffSubject } from "../store/records/handoff.ts";
import type { Transaction } from "../store/transact.ts";

/** Where a person wants to be handed off to, and in the name of which establishment. */
export interface Destination {
  /** Id of the system. */
  system: string;
  cnes: string;
}

/** All that was found in order. */
export interface OpenGate {
  system: System & { address: string };
  person: Account;
  establishment: Establishment;
  profile: Profile;
  computer: ComputerRecord;
}

const STEP_NAMES: Record<Step, string> = {
  estabelecimento: "acesso ao estabelecimento",
  perfil: "perfil",
  computador: "computador",
};

/**
 * May this session be handed off, as of now? Everything is looked up anew: the person, the terms, the
 * establishment, the three steps, the computer that the session has proven to be, the CNS, and the
 * system's minimum. The first thing that is missing is the answer. Three round trips.
 */
export async function checkGate(
  deps: Deps,
  session: Session<LoggedIn>,
  { system: id, cnes }: Destination,
): Promise<Result<OpenGate, HandoffCode>> {
  const system = deps.config.systems.find((one) => one.id === id && one.access === "steps");
  if (!system) return refuse("handoff_system_unknown");
  if (parseCnes(cnes) !== cnes) return refuse("handoff_establishment_unknown");
  const { address } = system;
  if (!address) return refuse("handoff_not_configured", { sistema: system.name });
  const { account, computer: thumbprint = null } = session.state;
  const [[person, terms], establishment, status] = await Promise.all([
    readMany(deps.kv, [keys.account(account), keys.termsAccepted(account, TERMS_VERSION)]),
    getEstablishment(deps, cnes),
    readAccessStatus(deps, account, cnes, thumbprint),
  ]);
  if (!person?.active) return refuse("handoff_person_inactive");
  if (terms === null) return refuse("handoff_terms_missing");
  if (!establishment) return refuse("handoff_establishment_unknown");
  if (!establishment.active) return refuse("handoff_establishment_inactive");
  const { membership, computer } = status;
  const profile = membership?.profile;
  const missing = missingStep(status);
  if (missing) return missing;
  if (!profile || !computer) return refuse("handoff_powers_changed");
  if (!opensMembership(deps, membership, person, session.state)) {
    return refuse("handoff_session_limited");
  }
  if (person.cns?.quality === "baixa") return refuse("handoff_cns_low");
  const below = belowMinimum(deps, system, session.state, person);
  if (below) return below;
  return accept({ system: { ...system, address }, person, establishment, profile, computer });
}

/** What the system asks for beyond the three steps, and this person or session does not have. */
function belowMinimum(
  deps: Deps,
  system: System,
  { acr }: LoggedIn,
  person: Account,
): Refusal<HandoffCode> | null {
  const sistema = system.name;
  if (!reachesCpfMinimum(deps, system, person)) return refuse("handoff_cpf_unproved", { sistema });
  const required = system.minimum.acr;
  if (reachesAcr(acr, required)) return null;
  if (required === BY_GOVBR) return refuse("handoff_govbr_missing", { sistema });
  const ways = ["com o certificado da empresa e a senha"];
  if (deps.config.govbr) ways.unshift("com gov.br");
  return refuse("handoff_second_factor_missing", { sistema, modo: ways.join(" ou ") });
}

/** Is the account's CPF proved, where the system asks for that? */
export function reachesCpfMinimum(
  deps: Pick<Deps, "config">,
  { minimum }: System,
  person: Account,
): boolean {
  return minimum.cpf === "any" || cpfProofOf(deps, person) !== null;
}

const MISSING: Record<Step, HandoffCode> = {
  estabelecimento: "handoff_establishment_missing",
  perfil: "handoff_profile_missing",
  computador: "handoff_computer_missing",
};

/** The first of the three steps that is not approved. */
function missingStep({ steps }: AccessStatus): Refusal<HandoffCode> | null {
  for (const step of ["estabelecimento", "perfil", "computador"] as const) {
    const { state } = steps[step];
    if (state === "pendente") return refuse("handoff_waiting", { passo: STEP_NAMES[step] });
    if (state !== "aprovada") return refuse(MISSING[step]);
  }
  return null;
}

/** What a hand-off rests on, to be read in the commit that it is written in. */
export function powerKeys({ account, cnes, thumbprint }: HandoffSubject) {
  return [
    keys.account(account),
    keys.membership(cnes, account),
    keys.computer(cnes, account, thumbprint),
  ] as const;
}

/** The person and their profile; null when anything of it does not hold (any more). */
export function powersOf(
  [person, membership, computer]: Values<ReturnType<typeof powerKeys>>,
): { person: Account; profile: Profile } | null {
  if (!person?.active || !isActiveMembership(membership) || !computer) return null;
  return membership.profile && { person, profile: membership.profile };
}

/** Longer than any token lives, so that a replay is known as one (ms). */
const KEPT_FOR = 60 * 60_000;

/** Writes a hand-off inside a commit. */
export function putHandoff(tx: Transaction, jti: string, record: HandoffRecord): void {
  tx.set(keys.handoff(jti), record, { expireIn: KEPT_FOR });
}
