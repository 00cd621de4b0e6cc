import { type Challenge, issueChallenge, redeemChallenge } from "../challenge.ts";
import type { Deps } from "../deps.ts";
import { accept, refuse, type Result } from "../result.ts";
import { checkRevocation } from "./crl/revocation.ts";
import { type Bytes, equalBytes } from "./der.ts";
import { type CertificateIdentity, readCertificateIdentity } from "./identity.ts";
import { type CompanyKind, isCompanyKind, kindNames } from "./kind.ts";
import type { CertificateCode } from "./messages.ts";
import { type CertificatePath, validatePath } from "./path.ts";
import { decodeBase64 } from "./pem.ts";
import { CHALLENGE_ALGORITHMS, type ChallengeAlgorithm, checkPossession } from "./signature.ts";
import { fingerprint, loadTrust } from "./trust.ts";

/** What the signature of a company's key is good for, with the words the signer reads. */
const PURPOSES = {
  login: "entrar no portal com o certificado da empresa",
  register: "registrar o certificado da empresa no portal",
} as const;

export type ChallengePurpose = keyof typeof PURPOSES;

/**
 * Makes a text to be signed with a company's key.
 *
 * @example
 * const { id, text } = await createChallenge(deps, { purpose: "login", sessionId });
 */
export function createChallenge(
  deps: Deps,
  { purpose, sessionId }: { purpose: ChallengePurpose; sessionId: string },
): Challenge {
  return issueChallenge(deps, { purpose, words: PURPOSES[purpose], sessionId });
}

/** Uses up a challenge and answers the text that must have been signed. */
async function redeemCertificateChallenge(
  deps: Deps,
  challenge: { id: string; purpose: ChallengePurpose; sessionId: string },
): Promise<Result<string, CertificateCode>> {
  const text = await redeemChallenge(deps, challenge);
  return text.ok ? text : refuse(`challenge_${text.code}`);
}

/** The identity in a company's certificate that has passed every check. */
export type CompanyIdentity = CertificateIdentity & {
  readonly kind: CompanyKind;
  readonly cnpj: string;
};

/** The fields of the form that the signing page posts, as they arrive. */
export interface SignedLogin {
  /** Id of the challenge. */
  challenge: string;
  /** Base64 of the DER of each certificate, the company's first, joined by commas. */
  certificates: string;
  /** Base64; for ECDSA r and s side by side. */
  signature: string;
  /** One of CHALLENGE_ALGORITHMS. */
  algorithm: string;
  sessionId: string;
  purpose: ChallengePurpose;
}

/** AC Raiz Brasileira v5 is older than the seals: their policies mean nothing below it. */
const ROOTS_WITHOUT_SEALS = new Set([
  "caa53fc6091c6951887c976e378f6ef89aa6377c55d97b6475422b71ed7e9b17",
]);

const MAX_CERTIFICATES = 10;
const MAX_FORM_CHARACTERS = 200_000;

/**
 * Identifies a company by a signed challenge. The order is fixed: the challenge is used up, then the
 * certificate is validated, then possession of its key is checked, then that it has not been revoked,
 * and only then is it read.
 *
 * @example
 * const company = await identifyByCertificate(deps, { ...form, sessionId, purpose: "login" });
 * if (!company.ok) return page(certificateMessages[company.code]);
 */
export async function identifyByCertificate(
  deps: Deps,
  login: SignedLogin,
): Promise<Result<CompanyIdentity, CertificateCode>> {
  const { purpose, sessionId } = login;
  const text = await redeemCertificateChallenge(deps, {
    id: login.challenge,
    purpose,
    sessionId,
  });
  if (!text.ok) return text;

  const signature = decodeSignature(login);
  if (!signature) return refuse("signature_malformed");
  const [leaf, ...intermediates] = decodeCertificates(login.certificates);
  if (!leaf) return refuse("certificate_malformed");

  const path = await validate(deps, leaf, intermediates);
  if (!path.ok) return path;
  const signed = new TextEncoder().encode(text.data);
  if (!await checkPossession(path.data[0], signature.algorithm, signature.bytes, signed)) {
    return refuse("signature_mismatch");
  }
  return await readUnrevoked(deps, path.data);
}

/**
 * Checks a certificate whose key the other side has already proved to hold (a TLS handshake), and
 * reads the company in it.
 *
 * @param presented DER of the certificate and of others that came with it, in any order
 */
export async function checkCertificate(
  deps: Deps,
  presented: { leaf: Uint8Array; intermediates: readonly Uint8Array[] },
): Promise<Result<CompanyIdentity, CertificateCode>> {
  const path = await validate(deps, presented.leaf, presented.intermediates);
  return path.ok ? await readUnrevoked(deps, path.data) : path;
}

async function validate(
  deps: Deps,
  leaf: Uint8Array,
  presented: readonly Uint8Array[],
): Promise<Result<CertificatePath, CertificateCode>> {
  const { anchors, intermediates } = await loadTrust(deps);
  if (anchors.length === 0) return refuse("trust_store_empty");
  // Files bring the authorities along; those that are known have been read and checked already.
  const others = presented.slice(0, MAX_CERTIFICATES)
    .filter((der) => !intermediates.some((known) => equalBytes(known.der, der)));
  const outcome = await validatePath({
    leaf,
    intermediates: [...intermediates, ...others],
    anchors,
    time: deps.now(),
    purpose: "clientAuth",
  });
  return outcome.ok ? accept(outcome.path) : outcome;
}

/** Whether policies of electronic seals mean what they say below the root of this path. */
export async function issuesSeals(path: CertificatePath): Promise<boolean> {
  return !ROOTS_WITHOUT_SEALS.has(await fingerprint(path.at(-1)!.der));
}

/**
 * Revocation comes last of the checks: lists are fetched only for certificates of a trusted authority
 * whose key the other side holds.
 */
async function readUnrevoked(
  deps: Deps,
  path: CertificatePath,
): Promise<Result<CompanyIdentity, CertificateCode>> {
  const refusal = await checkRevocation(deps, path);
  if (refusal) return refusal;
  const identity = await readCertificateIdentity(path[0], { seals: await issuesSeals(path) });
  if (!identity.ok) return identity;
  const { kind, cnpj } = identity.data;
  if (!isCompanyKind(kind) || cnpj === null) {
    return refuse("not_company_certificate", { apresentado: kindNames[kind] });
  }
  return accept({ ...identity.data, kind, cnpj });
}

function decodeSignature(
  { algorithm, signature }: SignedLogin,
): { algorithm: ChallengeAlgorithm; bytes: Bytes } | null {
  const known = CHALLENGE_ALGORITHMS.find((name) => name === algorithm);
  const bytes = signature.length < MAX_FORM_CHARACTERS ? decodeBase64(signature) : null;
  return known && bytes ? { algorithm: known, bytes } : null;
}

/** Base64 of DER, joined by commas; empty when there are too many or one is not base64. */
export function decodeCertificates(text: string): Bytes[] {
  if (text.length > MAX_FORM_CHARACTERS) return [];
  const certificates = text.split(",").map(decodeBase64);
  const whole = certificates.length <= MAX_CERTIFICATES && !certificates.includes(null);
  return whole ? certificates.filter((der) => der !== null) : [];
}
