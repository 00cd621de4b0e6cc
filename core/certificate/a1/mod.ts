/**
 * Opening an A1 file and signing with it, in the browser. Only what WebCrypto and small pure modules
 * can do: no Deno, no Node. Loaded when a file has been chosen, never before.
 */
import { formatCnpj } from "../../registry/numbers.ts";
import { accept, type Refusal, refuse, type Result } from "../../result.ts";
import { type IdentityCode, identityMessages, readCertificateIdentity } from "../identity.ts";
import { kindNames } from "../kind.ts";
import { shortNameText } from "../name.ts";
import { encodeBase64 } from "../pem.ts";
import { formatDate } from "../time.ts";
import { tryParseCertificate } from "../x509.ts";
import { a1Messages } from "./failure.ts";
import { sign } from "./key.ts";
import type { A1 } from "./open.ts";

export { type A1, openA1 } from "./open.ts";

/** The fields of the form that enters the portal. */
export interface SignedForm {
  certificates: string;
  signature: string;
  algorithm: string;
}

/** Signs the text of a challenge, as UTF-8. */
export async function signWithCertificate(a1: A1, text: string): Promise<SignedForm> {
  const signature = await sign(a1, new TextEncoder().encode(text));
  return {
    certificates: publicCertificates(a1),
    signature: encodeBase64(signature),
    algorithm: a1.algorithm,
  };
}

/** What of the file may be sent: its certificates, without the key. */
export function publicCertificates({ certificates }: A1): string {
  return certificates.map(encodeBase64).join();
}

const messages = { ...identityMessages, ...a1Messages };

/** What a refusal to open or to describe a file says to the person. */
export function explainA1({ code, detail }: Refusal<keyof typeof messages>): string {
  return messages[code].replace(/\{(\w+)\}/g, (_, name: string) => String(detail?.[name] ?? ""));
}

/** What a certificate says, in the words a person reads before signing. */
export interface LeafSummary {
  companyName: string;
  /** With mask. */
  cnpj: string;
  /** Name of the responsible person; null when the certificate names none. */
  responsible: string | null;
  /** Name of the authority that issued it. */
  issuer: string;
  /** Days, `31/12/2026`. */
  validFrom: string;
  validUntil: string;
  /** By the clock of this computer. */
  expired: boolean;
}

/**
 * The summary of the opened file's certificate. Nothing in it has been checked against an authority
 * yet; the portal does that with what is sent.
 */
export async function describeLeaf(a1: A1): Promise<Result<LeafSummary, IdentityCode>> {
  const leaf = tryParseCertificate(a1.certificates[0]!);
  if (!leaf) return refuse("certificate_malformed");
  const identity = await readCertificateIdentity(leaf, { seals: true });
  if (!identity.ok) return identity;
  const { cnpj, companyName, kind, notAfter, notBefore, responsible } = identity.data;
  if (!cnpj) return refuse("not_company_certificate", { apresentado: kindNames[kind] });
  return accept({
    companyName,
    cnpj: formatCnpj(cnpj),
    responsible: responsible && responsible.name,
    issuer: shortNameText(leaf.issuer),
    validFrom: formatDate(notBefore),
    validUntil: formatDate(notAfter),
    expired: notAfter < Date.now(),
  });
}
