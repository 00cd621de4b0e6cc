import type { Deps } from "../deps.ts";
import { formatCnpj, maskCpf } from "../registry/numbers.ts";
import { getOperadora } from "../registry/operadora.ts";
import { type Refusal, refuse } from "../result.ts";
import { checkRevocation } from "./crl/revocation.ts";
import { type CheckName, checkNames, type CheckOutcome } from "./diagnose_messages.ts";
import { type CertificateIdentity, readCertificateIdentity, refuseCompany } from "./identity.ts";
import { type CertificateKind, classify, isCompanyKind, kindNames } from "./kind.ts";
import { issuesSeals } from "./login.ts";
import type { CertificateCode } from "./messages.ts";
import { nameText, shortNameText } from "./name.ts";
import { type PathOutcome, validatePath } from "./path.ts";
import type { PathPurpose } from "./path_rules.ts";
import { formatDate } from "./time.ts";
import { fingerprint, loadTrust, type TrustStore } from "./trust.ts";
import { type Certificate, tryParseCertificate } from "./x509.ts";

const CHECKS = Object.keys(checkNames) as CheckName[];

export interface DiagnosedCheck {
  check: CheckName;
  outcome: CheckOutcome;
  /** Why, with `failed` and `attention`. */
  reason: Refusal<CertificateCode> | null;
}

/** What a certificate says about itself, fit to be shown: CPF masked, days as `31/12/2026`. */
export interface DiagnosedCertificate {
  kind: CertificateKind;
  /** `um e-CNPJ` */
  kindName: string;
  subject: string;
  issuer: string;
  companyName: string | null;
  /** With mask. */
  cnpj: string | null;
  responsible: { name: string; cpf: string } | null;
  validFrom: string;
  validUntil: string;
  /** Hex. */
  serial: string;
  sha256: string;
  policies: readonly string[];
  /** Names of the authorities above as far as they are trusted, the root last; empty without a path. */
  authorities: readonly { name: string; validUntil: string }[];
}

export interface Diagnosis {
  /** Whether the certificate itself is enough to sign in. */
  accepted: boolean;
  /** Null when it cannot be read. */
  presented: DiagnosedCertificate | null;
  checks: DiagnosedCheck[];
}

/**
 * Makes every check of the sign-in by certificate that can be made without the key, each for itself:
 * one that fails does not hide the others. Keeps nothing.
 *
 * @param certificates DER, the company's first, others in any order
 */
export async function diagnose(
  deps: Deps,
  certificates: readonly Uint8Array[],
): Promise<Diagnosis> {
  const [der, ...pool] = certificates;
  const leaf = der && tryParseCertificate(der);
  if (!leaf) return unreadable();
  const trust = await loadTrust(deps);
  const path = await findPath(deps, trust, leaf, pool, "any");
  const seals = !path.ok || await issuesSeals(path.path);
  const kind = classify(leaf, seals);
  const identity = await readCertificateIdentity(leaf, { seals });
  const company = identity.ok && isCompanyKind(kind) ? identity.data : null;

  const results: Record<CheckName, Check> = {
    format: PASSED,
    kind: isCompanyKind(kind) ? PASSED : failed(refuseCompany(kind)),
    identity: isCompanyKind(kind) ? judge(identity) : SKIPPED,
    validity: checkValidity(deps, leaf),
    trust: trust.anchors.length > 0 ? PASSED : failed(refuse("trust_store_empty")),
    path: trust.anchors.length > 0 ? judge(path) : SKIPPED,
    key_usage: path.ok ? judge(await findPath(deps, trust, leaf, pool, "clientAuth")) : SKIPPED,
    revocation: await checkRevoked(deps, path),
    cadop: company ? await checkCadop(deps, company) : SKIPPED,
  };
  const checks = CHECKS.map((check) => ({ check, ...results[check] }));
  return {
    accepted: checks.every(({ check, outcome }) =>
      outcome === "passed" || check === "cadop" ||
      (check === "revocation" && deps.config.crl.revocation === "off")
    ),
    presented: await describe(leaf, kind, company, path),
    checks,
  };
}

type Check = Pick<DiagnosedCheck, "outcome" | "reason">;
const PASSED: Check = { outcome: "passed", reason: null };
const SKIPPED: Check = { outcome: "skipped", reason: null };
const failed = (reason: Refusal<CertificateCode>): Check => ({ outcome: "failed", reason });
const judge = (result: { ok: true } | Refusal<CertificateCode>): Check =>
  result.ok ? PASSED : failed(result);

function unreadable(): Diagnosis {
  const checks = CHECKS.map((check) => ({
    check,
    ...(check === "format" ? failed(refuse("certificate_malformed")) : SKIPPED),
  }));
  return { accepted: false, presented: null, checks };
}

/**
 * The path at a time at which the certificate itself is valid, now if it is, so that its own dates
 * and what is above it are judged apart.
 */
async function findPath(
  deps: Deps,
  { anchors, intermediates }: TrustStore,
  leaf: Certificate,
  pool: readonly Uint8Array[],
  purpose: PathPurpose,
): Promise<PathOutcome> {
  return await validatePath({
    leaf: leaf.der,
    intermediates: [...intermediates, ...pool],
    anchors,
    time: Math.max(leaf.notBefore, Math.min(deps.now(), leaf.notAfter)),
    purpose,
  });
}

function checkValidity(deps: Deps, { notAfter, notBefore }: Certificate): Check {
  const now = deps.now();
  if (now > notAfter) return failed(refuse("certificate_expired", { data: formatDate(notAfter) }));
  if (now >= notBefore) return PASSED;
  return failed(refuse("certificate_not_yet_valid", { data: formatDate(notBefore) }));
}

/** Only below a trusted root: no other certificate may make the portal fetch lists. */
async function checkRevoked(deps: Deps, path: PathOutcome): Promise<Check> {
  if (!path.ok || deps.config.crl.revocation === "off") return SKIPPED;
  const refusal = await checkRevocation(deps, path.path);
  return refusal ? failed(refusal) : PASSED;
}

async function checkCadop(deps: Deps, { cnpj }: CertificateIdentity): Promise<Check> {
  if (cnpj && await getOperadora(deps, cnpj)) return PASSED;
  const reason = refuse<CertificateCode>("diagnosis_not_in_cadop", {
    cnpj: formatCnpj(cnpj ?? ""),
  });
  return { outcome: "attention", reason };
}

async function describe(
  { der, extensions, issuer, notAfter, notBefore, serial, subject }: Certificate,
  kind: CertificateKind,
  company: CertificateIdentity | null,
  path: PathOutcome,
): Promise<DiagnosedCertificate> {
  const authorities = path.ok ? path.path.slice(1) : [];
  const responsible = company?.responsible ?? null;
  return {
    kind,
    kindName: kindNames[kind],
    subject: nameText(subject),
    issuer: nameText(issuer),
    companyName: company && company.companyName,
    cnpj: company?.cnpj ? formatCnpj(company.cnpj) : null,
    responsible: responsible && { name: responsible.name, cpf: maskCpf(responsible.cpf) },
    validFrom: formatDate(notBefore),
    validUntil: formatDate(notAfter),
    serial,
    sha256: await fingerprint(der),
    policies: extensions.policies,
    authorities: authorities.map((authority) => ({
      name: shortNameText(authority.subject),
      validUntil: formatDate(authority.notAfter),
    })),
  };
}
