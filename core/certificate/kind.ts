import type { EcpfType } from "../store/records/account.ts";
import type { Certificate } from "./x509.ts";

/** Names of the kinds for `{apresentado}`. */
export const kindNames = {
  "e-CNPJ": "um e-CNPJ",
  "SE-S": "um selo eletrônico (SE-S)",
  "SE-H": "um selo eletrônico (SE-H)",
  "e-CPF": "um e-CPF, que é de uma pessoa",
  "ssl": "um certificado de site ou equipamento (SSL)",
  "code-signing": "um certificado para assinar programas",
  "time-stamping": "um certificado de carimbo do tempo",
  "ca": "o de uma autoridade certificadora",
  "unknown": "de um tipo que o portal não reconhece",
} as const;

/**
 * What a certificate was issued as. `e-CNPJ`, `SE-S` and `SE-H` are a company's and let it sign in;
 * `ca` issues others; `unknown` is anything the rules below do not recognise.
 */
export type CertificateKind = keyof typeof kindNames;

export type CompanyKind = "e-CNPJ" | "SE-S" | "SE-H";

export function isCompanyKind(kind: CertificateKind): kind is CompanyKind {
  return kind === "e-CNPJ" || kind === "SE-S" || kind === "SE-H";
}

const EXTENDED_KEY_USAGE = {
  serverAuth: "1.3.6.1.5.5.7.3.1",
  codeSigning: "1.3.6.1.5.5.7.3.3",
  timeStamping: "1.3.6.1.5.5.7.3.8",
} as const;

/** The otherNames of ICP-Brasil (DOC-ICP-04, 7.1.2.3) that decide who a certificate belongs to. */
export const OTHER_NAME = {
  /** Of an e-CPF: birth date, CPF and other numbers of the holder. */
  person: "2.16.76.1.3.1",
  responsibleName: "2.16.76.1.3.2",
  cnpj: "2.16.76.1.3.3",
  /** The responsible person's data, laid out like `person`. */
  responsible: "2.16.76.1.3.4",
} as const;

/** Policies of signature certificates: A1 to A4 are the arcs .1 to .4 (DOC-ICP-04.01). */
const SIGNATURE_POLICY = /^2\.16\.76\.1\.2\.[1-4]\.\d/;
/** Electronic seals, in software and in hardware (Resolução CG ICP-Brasil 211/2024). */
const SEAL_POLICIES = { "SE-S": /^2\.16\.76\.1\.2\.201\.\d/, "SE-H": /^2\.16\.76\.1\.2\.202\.\d/ };

/**
 * What rules a certificate out comes first: an equipment certificate also carries the CNPJ of its
 * owner, so a CNPJ alone never makes a company's certificate.
 */
export function classify({ extensions }: Certificate, seals: boolean): CertificateKind {
  const { basicConstraints, extendedKeyUsage, hasDnsName, otherNames, policies } = extensions;
  const mayBeUsedFor = (use: string) => extendedKeyUsage?.includes(use) ?? false;
  if (basicConstraints?.ca) return "ca";
  if (hasDnsName || mayBeUsedFor(EXTENDED_KEY_USAGE.serverAuth)) return "ssl";
  if (mayBeUsedFor(EXTENDED_KEY_USAGE.codeSigning)) return "code-signing";
  if (mayBeUsedFor(EXTENDED_KEY_USAGE.timeStamping)) return "time-stamping";

  const names = (oid: string) => otherNames.some((name) => name.oid === oid);
  const under = (policy: RegExp) => policies.some((oid) => policy.test(oid));
  if (names(OTHER_NAME.person)) {
    return names(OTHER_NAME.cnpj) || !under(SIGNATURE_POLICY) ? "unknown" : "e-CPF";
  }
  if (seals && under(SEAL_POLICIES["SE-S"])) return "SE-S";
  if (seals && under(SEAL_POLICIES["SE-H"])) return "SE-H";
  return names(OTHER_NAME.cnpj) && under(SIGNATURE_POLICY) ? "e-CNPJ" : "unknown";
}

/**
 * The type of a signature certificate, by its policy; null when it has none of the four. One in the
 * cloud is of type A3 or A4 (DOC-ICP-04.01 asks for hardware there too). Of several the weakest counts.
 */
export function signatureTypeOf(policies: readonly string[]): EcpfType | null {
  const types = ["A1", "A2", "A3", "A4"] as const;
  return types.find((_, i) =>
    policies.some((oid) => oid.startsWith(`2.16.76.1.2.${i + 1}.`) && SIGNATURE_POLICY.test(oid))
  ) ?? null;
}
