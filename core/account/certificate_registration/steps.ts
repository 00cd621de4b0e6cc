import { appendAudit } from "../../audit/append.ts";
import { enqueue } from "../../outbox/enqueue.ts";
import type { Portal } from "../../portal.ts";
import { formatCnpj, parseCnpj } from "../../registry/numbers.ts";
import { getOperadora } from "../../registry/operadora.ts";
import { accept, refuse, type Result } from "../../result.ts";
import type { Operadora } from "../../store/records/registry.ts";
import type {
  CertificateRegistration,
  RegistrationStep,
  SeenCertificate,
  Session,
  Visit,
} from "../../store/records/session.ts";
import { transact, type Transaction } from "../../store/transact.ts";
import { makeCode, storeCode } from "../code.ts";
import type { AccountCode } from "../messages.ts";
import { findDoor } from "../registered_certificate.ts";
import { advanceSession, currentVisit, isVisit } from "../session.ts";
import { type Limit, takeAttempt } from "../throttle.ts";
import { certificateActor } from "./actor.ts";
import { findDivergences } from "./divergence.ts";
import { registrationCodeMail } from "./mails.ts";

/** Purpose of the code that registers a certificate. */
export const REGISTRATION_CODE = "certificate_registration";

// Counted by certificate: whoever holds one opens as many sessions as they like, but is known.
const CNPJS: Limit = { what: "registration_cnpj", attempts: 10, window: 15 * 60_000 };
const CODE_MAILS: Limit = { what: "registration_mail", attempts: 5, window: 15 * 60_000 };

type Step = Result<Visit, AccountCode>;

export interface AtStep {
  visit: Visit;
  certificate: SeenCertificate;
  registration: CertificateRegistration;
}

/**
 * The registration a session is in, if its certificate is still good.
 * @param step the step that is asked for; another one is out of order
 */
export function registrationOf(
  portal: Portal,
  session: Session | null,
  step: RegistrationStep,
): Result<AtStep, AccountCode> {
  if (!session) return refuse("session_ended");
  if (!isVisit(session)) return refuse("step_out_of_order");
  const { state } = session;
  if (!state.certificate || state.registration?.step !== step) {
    return refuse("step_out_of_order");
  }
  const { certificate, registration } = state;
  if (certificate.notAfter < portal.now()) return refuse("certificate_expired_meanwhile");
  return accept({ visit: session, certificate, registration });
}

/**
 * "Continuar": finds the operadora of the CNPJ typed. When its data agree with the certificate's the
 * code is sent at once, else the difference is shown first.
 */
export async function submitCnpj(
  portal: Portal,
  session: Session | null,
  typed: string,
): Promise<Step> {
  const found = registrationOf(portal, session, "cnpj");
  if (!found.ok) return found;
  const { certificate } = found.data;
  const cnpj = parseCnpj(typed);
  if (!cnpj) return refuse("registration_cnpj_invalid");
  const throttled = await takeAttempt(portal, CNPJS, certificate.sha256);
  if (!throttled.ok) return throttled;
  const [operadora, door] = await Promise.all([
    getOperadora(portal, cnpj),
    findDoor(portal, certificate),
  ]);
  if (!operadora) return refuse("registration_cnpj_unknown", { cnpj: formatCnpj(cnpj) });
  const { razaoSocial } = operadora;
  if (!operadora.representante) return refuse("representative_missing", { operadora: razaoSocial });
  if (!operadora.email) return refuse("registration_no_email", { operadora: razaoSocial });
  // Registered meanwhile, in another browser.
  if (door.certificate?.sha256 === certificate.sha256) {
    return refuse("certificate_already_registered", { operadora: door.operadora!.razaoSocial });
  }
  const divergences = findDivergences(certificate, operadora);
  if (divergences.length === 0) return await sendCode(portal, session, "cnpj", operadora);
  return await advance(portal, session, "cnpj", ({ registration }) =>
    accept({
      ...registration,
      step: "divergencia",
      operadora: cnpj,
      divergences,
    }));
}

/**
 * "Continuar assim mesmo": the difference was seen, and is stated in the e-mail with the code.
 * @param shown CNPJ of the operadora on the page, which another tab may have changed since
 */
export async function acceptDivergence(
  portal: Portal,
  session: Session | null,
  shown: string,
): Promise<Step> {
  const found = registrationOf(portal, session, "divergencia");
  if (!found.ok) return found;
  if (found.data.registration.operadora !== shown) return refuse("step_out_of_order");
  return await sendCode(portal, session, "divergencia", await getOperadora(portal, shown));
}

/** Sends another code to the same operadora; the one sent before ends. */
export async function resendRegistrationCode(
  portal: Portal,
  session: Session | null,
): Promise<Step> {
  const found = registrationOf(portal, session, "codigo");
  if (!found.ok) return found;
  const operadora = await getOperadora(portal, found.data.registration.operadora!);
  return await sendCode(portal, session, "codigo", operadora);
}

/** Goes back to the CNPJ. */
export async function changeCnpj(
  portal: Portal,
  session: Session | null,
  from: Exclude<RegistrationStep, "cnpj">,
): Promise<Step> {
  return await advance(
    portal,
    session,
    from,
    ({ registration }) =>
      accept({ ...registration, step: "cnpj", operadora: null, divergences: [], sentTo: null }),
  );
}

/** Sends a code to the operadora's address in CADOP, and to no other. */
async function sendCode(
  portal: Portal,
  session: Session | null,
  from: RegistrationStep,
  operadora: Operadora | null,
): Promise<Step> {
  const found = registrationOf(portal, session, from);
  if (!found.ok) return found;
  if (!operadora?.email) return refuse("registration_data_changed");
  const { cnpj, email } = operadora;
  const throttled = await takeAttempt(portal, CODE_MAILS, found.data.certificate.sha256);
  if (!throttled.ok) return throttled;
  const code = makeCode();
  return await advance(portal, session, from, async (current, tx) => {
    const { visit, certificate, registration } = current;
    if (from !== "cnpj" && registration.operadora !== cnpj) return refuse("step_out_of_order");
    const divergences = findDivergences(certificate, operadora);
    await storeCode(portal, tx, { purpose: REGISTRATION_CODE, owner: visit.id, code });
    enqueue(portal, tx, registrationCodeMail(email, { certificate, operadora, divergences, code }));
    await appendAudit(portal, tx, {
      stream: cnpj,
      event: "certificate.code_sent",
      actor: certificateActor(certificate),
      subject: cnpj,
      detail: { certificateCnpj: certificate.cnpj, divergences: divergences.join(" ") },
    });
    return accept({ ...registration, step: "codigo", operadora: cnpj, divergences, sentTo: email });
  });
}

type Next = Result<CertificateRegistration, AccountCode>;

/** Makes one step: the session is read again in the commit, so no step is made twice or skipped. */
async function advance(
  portal: Portal,
  session: Session | null,
  step: RegistrationStep,
  next: (current: AtStep, tx: Transaction) => Next | Promise<Next>,
): Promise<Step> {
  if (!session) return refuse("session_ended");
  return await transact(portal.kv, async (tx) => {
    const current = await currentVisit(portal, tx, session);
    const found = registrationOf(portal, current, step);
    if (!found.ok) return found;
    const { visit } = found.data;
    const outcome = await next(found.data, tx);
    if (!outcome.ok) return outcome;
    return accept(
      advanceSession(portal, tx, visit, { ...visit.state, registration: outcome.data }),
    );
  });
}
