import { findBinding } from "../../account/binding.ts";
import { CODE_MINUTES, makeCode, storeCode } from "../../account/code.ts";
import type { AccountCode } from "../../account/messages.ts";
import { consumeAttempt, type Limit } from "../../account/throttle.ts";
import { appendAudit } from "../../audit/append.ts";
import type { Deps } from "../../deps.ts";
import { notifyAddress } from "../../notify/notify.ts";
import { registrationCode } from "../../mails/onboarding_mails.ts";
import { formatCnpj, parseCnpj } from "../../registry/numbers.ts";
import { getOperadora } from "../../registry/operadora.ts";
import { refuse, type Result } from "../../result.ts";
import type { Operadora } from "../../store/records/registry.ts";
import type {
  AnonymousSession,
  Divergence,
  PresentedCertificate,
  RegistrationStep,
  Session,
} from "../../store/records/session.ts";
import { advance, atStep } from "../steps.ts";
import { normaliseName } from "../../registry/name.ts";

/** Purpose of the code that registers a certificate. */
export const REGISTRATION_CODE = "certificate_registration";

// Counted by certificate: its holder opens as many sessions as they like, but is known.
const CNPJS: Limit = { what: "registration_cnpj", attempts: 10, window: 15 * 60_000 };
const CODE_MAILS: Limit = { what: "registration_mail", attempts: 5, window: 15 * 60_000 };

type Step = Result<AnonymousSession, AccountCode>;

/** As the audit log names the holder of this certificate's key, while no person is known. */
export function certificateActor({ sha256 }: PresentedCertificate): string {
  return `certificate:${sha256}`;
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
  const found = atStep(deps, session, "certificate_registration", "cnpj");
  if (!found.ok) return found;
  const { certificate } = found.data;
  const cnpj = parseCnpj(typed);
  if (!cnpj) return refuse("registration_cnpj_invalid");
  const throttled = await consumeAttempt(deps, CNPJS, certificate.sha256);
  if (!throttled.ok) return throttled;
  const [operadora, binding] = await Promise.all([
    getOperadora(deps, cnpj),
    findBinding(deps, certificate),
  ]);
  if (!operadora) return refuse("registration_cnpj_unknown", { cnpj: formatCnpj(cnpj) });
  const { razaoSocial } = operadora;
  if (!operadora.representante) return refuse("representative_missing", { operadora: razaoSocial });
  if (!operadora.email) return refuse("registration_no_email", { operadora: razaoSocial });
  // Registered meanwhile, in another browser.
  if (binding.certificate?.sha256 === certificate.sha256) {
    return refuse("certificate_already_registered", { operadora: binding.operadora!.razaoSocial });
  }
  const divergences = findDivergences(certificate, operadora);
  if (divergences.length === 0) return await sendCode(deps, session, "cnpj", operadora);
  return await advance(
    deps,
    session,
    "certificate_registration",
    "cnpj",
    () => ({ step: "divergencia", operadora: cnpj, divergences }),
  );
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
  const found = atStep(deps, session, "certificate_registration", "divergencia");
  if (!found.ok) return found;
  if (found.data.onboarding.operadora !== shown) return refuse("step_out_of_order");
  return await sendCode(deps, session, "divergencia", await getOperadora(deps, shown));
}

/** Sends another code to the same operadora; the one sent before ends. */
export async function resendRegistrationCode(
  deps: Deps,
  session: Session | null,
): Promise<Step> {
  const found = atStep(deps, session, "certificate_registration", "codigo");
  if (!found.ok) return found;
  const operadora = await getOperadora(deps, found.data.onboarding.operadora!);
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
    "certificate_registration",
    from,
    () => ({ step: "cnpj", operadora: null, divergences: [], sentTo: null }),
  );
}

/** Sends a code to the operadora's address in CADOP, and to no other. */
async function sendCode(
  deps: Deps,
  session: Session | null,
  from: RegistrationStep,
  operadora: Operadora | null,
): Promise<Step> {
  const found = atStep(deps, session, "certificate_registration", from);
  if (!found.ok) return found;
  if (!operadora?.email) return refuse("registration_data_changed");
  const { cnpj, email } = operadora;
  const throttled = await consumeAttempt(deps, CODE_MAILS, found.data.certificate.sha256);
  if (!throttled.ok) return throttled;
  const code = makeCode();
  return await advance(deps, session, "certificate_registration", from, async (current, tx) => {
    const { anonymous, certificate, onboarding } = current;
    if (from !== "cnpj" && onboarding.operadora !== cnpj) return refuse("step_out_of_order");
    const divergences = findDivergences(certificate, operadora);
    await storeCode(deps, tx, { purpose: REGISTRATION_CODE, owner: anonymous.id, code });
    const facts = { certificate, operadora, divergences };
    notifyAddress(deps, tx, email, registrationCode({ ...facts, code, minutes: CODE_MINUTES }));
    await appendAudit(deps, tx, {
      stream: cnpj,
      event: "certificate.code_sent",
      actor: certificateActor(certificate),
      subject: cnpj,
      detail: { certificateCnpj: certificate.cnpj, divergences: divergences.join(" ") },
    });
    return { step: "codigo", operadora: cnpj, divergences, sentTo: email };
  });
}

/**
 * A common name has 64 characters (RFC 5280, ub-common-name), of which `:` and the CNPJ take 15. A
 * company name of about that length may have been cut; blanks at the cut are gone.
 */
const CUT_FROM = 45;

/**
 * What of a certificate disagrees with CADOP. The root of the CNPJ (8 characters) is the company: the
 * certificate of a branch is the company's.
 */
export function findDivergences(
  { cnpj, companyName }: Pick<PresentedCertificate, "cnpj" | "companyName">,
  operadora: Pick<Operadora, "cnpj" | "razaoSocial">,
): Divergence[] {
  const divergences: Divergence[] = [];
  if (cnpj.slice(0, 8) !== operadora.cnpj.slice(0, 8)) divergences.push("cnpj");
  if (!sameCompany(companyName, operadora.razaoSocial)) divergences.push("razao_social");
  return divergences;
}

/** An empty name agrees with nothing; the certificate's may be cut. */
function sameCompany(certificate: string, cadop: string): boolean {
  const [short, whole] = [normaliseCompany(certificate), normaliseCompany(cadop)];
  if (short === "") return false;
  return short === whole || (certificate.length >= CUT_FROM && whole.startsWith(short));
}

/** `S/A`, `S.A.` and `SA` are one; other punctuation only separates words. */
function normaliseCompany(name: string): string {
  return normaliseName(name.replaceAll("/", "").replace(/[&,;:()]/g, " "));
}
