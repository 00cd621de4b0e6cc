import { type AccessStatus, readAccessStatus } from "../access/access_status.ts";
import type { System } from "../config/mod.ts";
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

/** Where somebody wants to be handed off to, and in the name of which establishment. */
export interface Destination {
  /** Id of the system. */
  system: string;
  cnes: string;
}

/** All that was found in order. */
export interface OpenGate {
  system: System & { address: string };
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
 * establishment, the three steps, the computer that the session has proven to be, the CNS. The first
 * thing that is missing is the answer. Three round trips.
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
  const { cpf, computer: thumbprint = null } = session.state;
  const [[person, terms], establishment, standing] = await Promise.all([
    readMany(deps.kv, [
      keys.person(cpf),
      keys.termsAccepted(cpf, TERMS_VERSION),
    ]),
    getEstablishment(deps, cnes),
    readAccessStatus(deps, cpf, cnes, thumbprint),
  ]);
  if (!person?.active) return refuse("handoff_person_inactive");
  if (terms === null) return refuse("handoff_terms_missing");
  if (!establishment) return refuse("handoff_establishment_unknown");
  if (!establishment.active) return refuse("handoff_establishment_inactive");
  const { membership, computer } = standing;
  const profile = membership?.profile;
  const missing = missingStep(standing);
  if (missing) return missing;
  if (!profile || !computer) return refuse("handoff_powers_changed");
  if (person.cns?.quality === "baixa") return refuse("handoff_cns_low");
  return accept({ system: { ...system, address }, establishment, profile, computer });
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
