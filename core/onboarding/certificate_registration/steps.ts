import { appendAudit } from "../../audit/append.ts";
import { enqueue } from "../../outbox/enqueue.ts";
import type { Deps } from "../../deps.ts";
import { formatCnpj, parseCnpj } from "../../registry/numbers.ts";
import { getOperadora } from "../../registry/operadora.ts";
import { accept, refuse, type Result } from "../../result.ts";
import type { Operadora } from "../../store/records/registry.ts";
import type {
  AnonymousSession,
  CertificateRegistration,
  RegistrationStep,
  SeenCertificate,
  Session,
} from "../../store/records/session.ts";
import { transact, type Transaction } from "../../store/transact.ts";
import { makeCode, storeCode } from "../../account/code.ts";
import type { AccountCode } from "../../account/messages.ts";
import { findBinding } from "../../account/binding.ts";
import { advanceSession, currentAnonymous, isAnonymous } from "../../account/session.ts";
import { consumeAttempt, type Limit } from "../../account/throttle.ts";
import { certificateActor } from "./actor.ts";
import { findDivergences } from "./divergence.ts";
import { registrationCodeMail } from "./mails.ts";

/** Purpose of the code that registers a certificate. */
export const REGISTRATION_CODE = "certificate_registration";

// Counted by certificate: whoever holds one opens as many sessions as they like, but is known.
const CNPJS: Limit = { what: "registration_cnpj", attempts: 10, window: 15 * 60_000 };
const CODE_MAILS: Limit = { what: "registration_mail", attempts: 5, window: 15 * 60_000 };

type Step = Result<AnonymousSession, AccountCode>;

export interface AtStep {
  anonymous: AnonymousSession;
  certificate: SeenCertificate;
  registration: CertificateRegistration;
}

/**
 * The registration a session is in, if its certificate is still good.
 * @param step the step that is asked for; another one is out of order
 */
export function registrationOf(
  deps: Deps,
  session: Session | null,
  step: RegistrationStep,
): Result<AtStep, AccountCode> {
  if (!session) return refuse("session_ended");
  if (!isAnonymous(session)) return refuse("step_out_of_order");
  const { state } = session;
  if (!state.certificate || state.registration?.step !== step) {
    return refuse("step_out_of_order");
  }
  const { certificate, registration } = state;
  if (certificate.notAfter < deps.now()) return refuse("certificate_expired_meanwhile");
  return accept({ anonymous: session, certificate, registration });
}

/**
 * "Continuar": finds the operadora of the CNPJ typed. When its data agree with the certificate's the
 * code is sent at once, else the difference is shown first.
 */
export async function submitCnpj(
  deps: Deps,
  session: Session | null,
  typed: string,
): Promise<Step> {
  const found = registrationOf(deps, session, "cnpj");
  if (!found.ok) return found;
  const { certificate } = found.data;
  const cnpj = parseCnpj(typed);
  if (!cnpj) return refuse("registration_cnpj_invalid");
  const throttled = await consumeAttempt(deps, CNPJS, certificate.sha256);
  if (!throttled.ok) return throttled;
  const [operadora, door] = await Promise.all([
    getOperadora(deps, cnpj),
    findBinding(deps, certificate),
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
  if (divergences.length === 0) return await sendCode(deps, session, "cnpj", operadora);
  return await advance(deps, session, "cnpj", ({ registration }) =>
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
  deps: Deps,
  session: Session | null,
  shown: string,
): Promise<Step> {
  const found = registrationOf(deps, session, "divergencia");
  if (!found.ok) return found;
  if (found.data.registration.operadora !== shown) return refuse("step_out_of_order");
  return await sendCode(deps, session, "divergencia", await getOperadora(deps, shown));
}

/** Sends another code to the same operadora; the one sent before ends. */
export async function resendRegistrationCode(
  deps: Deps,
  session: Session | null,
): Promise<Step> {
  const found = registrationOf(deps, session, "codigo");
  if (!found.ok) return found;
  const operadora = await getOperadora(deps, found.data.registration.operadora!);
  return await sendCode(deps, session, "codigo", operadora);
}

/** Goes back to the CNPJ. */
export async function changeCnpj(
  deps: Deps,
  session: Session | null,
  from: Exclude<RegistrationStep, "cnpj">,
): Promise<Step> {
  return await advance(
    deps,
    session,
    from,
    ({ registration }) =>
      accept({ ...registration, step: "cnpj", operadora: null, divergences: [], sentTo: null }),
  );
}

/** Sends a code to the operadora's address in CADOP, and to no other. */
async function sendCode(
  deps: Deps,
  session: Session | null,
  from: RegistrationStep,
  operadora: Operadora | null,
): Promise<Step> {
  const found = registrationOf(deps, session, from);
  if (!found.ok) return found;
  if (!operadora?.email) return refuse("registration_data_changed");
  const { cnpj, email } = operadora;
  const throttled = await consumeAttempt(deps, CODE_MAILS, found.data.certificate.sha256);
  if (!throttled.ok) return throttled;
  const code = makeCode();
  return await advance(deps, session, from, async (current, tx) => {
    const { anonymous, certificate, registration } = current;
    if (from !== "cnpj" && registration.operadora !== cnpj) return refuse("step_out_of_order");
    const divergences = findDivergences(certificate, operadora);
    await storeCode(deps, tx, { purpose: REGISTRATION_CODE, owner: anonymous.id, code });
    enqueue(deps, tx, registrationCodeMail(email, { certificate, operadora, divergences, code }));
    await appendAudit(deps, tx, {
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
  deps: Deps,
  session: Session | null,
  step: RegistrationStep,
  next: (current: AtStep, tx: Transaction) => Next | Promise<Next>,
): Promise<Step> {
  if (!session) return refuse("session_ended");
  return await transact(deps.kv, async (tx) => {
    const current = await currentAnonymous(deps, tx, session);
    const found = registrationOf(deps, current, step);
    if (!found.ok) return found;
    const { anonymous } = found.data;
    const outcome = await next(found.data, tx);
    if (!outcome.ok) return outcome;
    return accept(
      advanceSession(deps, tx, anonymous, { ...anonymous.state, registration: outcome.data }),
    );
  });
}
