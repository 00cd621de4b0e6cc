import type { Deps } from "../../deps.ts";
import type {
  Anonymous,
  PresentedCertificate,
  RegistrationStep,
  Session,
} from "../../store/records/session.ts";
import {
  ALFA,
  ALFA_MAIL,
  certificate,
  codeFor,
  must,
  onboardingIn,
  showCertificate,
  UNKNOWN_CNPJ,
  type WorldPerson,
} from "../../testing_world.ts";
import type { TestDeps } from "../../testing.ts";
import { finishRegistration } from "./finish.ts";
import { acceptDivergence, submitCnpj } from "./steps.ts";

export const ALFA_NAME = "ALFABETA PLANOS LTDA";

/** Another certificate of ALFA than the one of `certificate(portal, ALFA)`, as after a renewal. */
export function renewed(
  deps: Deps,
  options: { letter?: string; life?: number; responsible?: WorldPerson | null } = {},
): PresentedCertificate {
  return { ...certificate(deps, ALFA, { letter: "f", ...options }), companyName: ALFA_NAME };
}

/** A certificate of a company that CADOP does not have, and whose name is another. */
export function foreign(
  deps: Deps,
  options: { letter?: string; life?: number; responsible?: WorldPerson | null } = {},
): PresentedCertificate {
  return certificate(deps, UNKNOWN_CNPJ, { letter: "e", ...options });
}

/** A registration for ALFA, walked until the given step is asked. */
export async function registrationAt(
  deps: Deps,
  step: RegistrationStep,
  seen: PresentedCertificate,
): Promise<Session<Anonymous>> {
  const entry = await showCertificate(deps, seen);
  if (entry.next !== "registration") throw new Error(`no registration but ${entry.next}`);
  if (step === "cnpj") return entry.session;
  const found = must(await submitCnpj(deps, entry.session, ALFA));
  if (onboardingIn(found, "certificate_registration")!.step === step) return found;
  return must(await acceptDivergence(deps, found, ALFA));
}

/** J4 or J5 for ALFA, whole. */
export async function registerFor(deps: TestDeps, seen: PresentedCertificate) {
  // Its code must be the last one sent.
  deps.advance(1);
  const session = await registrationAt(deps, "codigo", seen);
  return must(await finishRegistration(deps, session, await codeFor(deps, ALFA_MAIL)));
}
