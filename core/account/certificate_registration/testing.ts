import type { Portal } from "../../portal.ts";
import type {
  PresentedCertificate,
  RegistrationStep,
  Session,
  Visiting,
} from "../../store/records/session.ts";
import {
  ALFA,
  ALFA_MAIL,
  certificate,
  codeFor,
  must,
  showCertificate,
  UNKNOWN_CNPJ,
  type WorldPerson,
} from "../../testing_world.ts";
import type { TestPortal } from "../../testing.ts";
import { finishRegistration } from "./finish.ts";
import { acceptDivergence, submitCnpj } from "./steps.ts";

export const ALFA_NAME = "ALFABETA PLANOS LTDA";

/** Another certificate of ALFA than the one of `certificate(portal, ALFA)`, as after a renewal. */
export function renewed(
  portal: Portal,
  options: { letter?: string; life?: number; responsible?: WorldPerson | null } = {},
): PresentedCertificate {
  return { ...certificate(portal, ALFA, { letter: "f", ...options }), companyName: ALFA_NAME };
}

/** A certificate of a company that CADOP does not have, and whose name is another. */
export function foreign(
  portal: Portal,
  options: { letter?: string; life?: number; responsible?: WorldPerson | null } = {},
): PresentedCertificate {
  return certificate(portal, UNKNOWN_CNPJ, { letter: "e", ...options });
}

/** A registration for ALFA, walked until the given step is asked. */
export async function registrationAt(
  portal: Portal,
  step: RegistrationStep,
  seen: PresentedCertificate,
): Promise<Session<Visiting>> {
  const entry = await showCertificate(portal, seen);
  if (entry.next !== "registration") throw new Error(`no registration but ${entry.next}`);
  if (step === "cnpj") return entry.session;
  const found = must(await submitCnpj(portal, entry.session, ALFA));
  if (found.state.registration!.step === step) return found;
  return must(await acceptDivergence(portal, found, ALFA));
}

/** J4 or J5 for ALFA, whole. */
export async function registerFor(portal: TestPortal, seen: PresentedCertificate) {
  // Its code must be the last one sent.
  portal.advance(1);
  const session = await registrationAt(portal, "codigo", seen);
  return must(await finishRegistration(portal, session, await codeFor(portal, ALFA_MAIL)));
}
