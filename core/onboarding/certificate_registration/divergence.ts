import { normaliseName } from "../../registry/name.ts";
import type { Operadora } from "../../store/records/registry.ts";
import type { Divergence, PresentedCertificate } from "../../store/records/session.ts";

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
