import { formatCnpj } from "../../registry/numbers.ts";
import { accept, refuse, type Result } from "../../result.ts";
import { formatDate } from "../format.ts";
import { readIdentity } from "../identity.ts";
import { type identityMessages, kindNames } from "../identity_messages.ts";
import { shortNameText } from "../name.ts";
import { tryParseCertificate } from "../x509.ts";
import type { A1 } from "./open.ts";

/** What a certificate says, in the words a person reads before signing. */
export interface LeafSummary {
  companyName: string;
  /** With mask. */
  cnpj: string;
  /** Name of the responsible person; null when the certificate names nobody. */
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
export async function describeLeaf(
  a1: A1,
): Promise<Result<LeafSummary, keyof typeof identityMessages>> {
  const leaf = tryParseCertificate(a1.certificates[0]!);
  if (!leaf) return refuse("certificate_malformed");
  const identity = await readIdentity(leaf, { seals: true });
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
