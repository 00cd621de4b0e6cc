/**
 * Opening an A1 file and signing with it, in the browser. Only what WebCrypto and small pure modules
 * can do: no Deno, no Node. Loaded when a file has been chosen, never before.
 */
import { formatCnpj, formatCpf } from "../../registry/numbers.ts";
import { accept, type Refusal, refuse, type Result } from "../../result.ts";
import {
  type CertificateIdentity,
  type IdentityCode,
  identityMessages,
  readCertificateIdentity,
  refuseCompany,
} from "../identity.ts";
import { kindNames, signatureTypeOf } from "../kind.ts";
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
  /** Whose it is, who issued it, how long it is good: names and values for people, in their order. */
  facts: readonly (readonly [name: string, value: string])[];
  /** Day, `31/12/2026`. */
  validUntil: string;
  /** By the clock of this computer. */
  expired: boolean;
}

/** Whose certificate a page asks for: a company's, or a person's e-CPF. */
export type Holder = "company" | "person";

/**
 * The summary of the opened file's certificate; refused when it is not of the holder that is asked for.
 * Nothing in it has been checked against an authority yet; the portal does that with what is sent.
 */
export async function describeLeaf(
  a1: A1,
  asked: Holder = "company",
): Promise<Result<LeafSummary, IdentityCode>> {
  const leaf = tryParseCertificate(a1.certificates[0]!);
  if (!leaf) return refuse("certificate_malformed");
  const identity = await readCertificateIdentity(leaf, { seals: true });
  if (!identity.ok) return identity;
  const { notAfter, notBefore } = identity.data;
  const whose = asked === "company" ? companyFacts(identity.data) : personFacts(identity.data);
  if (!whose.ok) return whose;
  const validUntil = formatDate(notAfter);
  return accept({
    facts: [
      ...whose.data,
      ["Emitido por", shortNameText(leaf.issuer)],
      ["Validade", `de ${formatDate(notBefore)} a ${validUntil}`],
    ],
    validUntil,
    expired: notAfter < Date.now(),
  });
}

type Facts = Result<LeafSummary["facts"], IdentityCode>;

function companyFacts({ cnpj, companyName, kind, responsible }: CertificateIdentity): Facts {
  if (!cnpj) return refuseCompany(kind);
  return accept([
    ["Razão social", companyName],
    ["CNPJ", formatCnpj(cnpj)],
    ["Responsável", responsible?.name ?? "Não informado no certificado"],
  ]);
}

function personFacts({ holder, kind, policies }: CertificateIdentity): Facts {
  if (!holder) return refuse("not_person_certificate", { apresentado: kindNames[kind] });
  return accept([
    ["Nome", holder.name],
    ["CPF", formatCpf(holder.cpf)],
    ["Tipo", `e-CPF ${signatureTypeOf(policies) ?? ""}`],
  ]);
}
