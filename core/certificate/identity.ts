import { parseCnpj } from "../registry/numbers.ts";
import { accept, type Refusal, refuse, type Result } from "../result.ts";
import { toHex } from "./der.ts";
import { type CertificatePerson, readHolder, readResponsible } from "./holder.ts";
import { type CertificateKind, classify, isCompanyKind, kindNames, OTHER_NAME } from "./kind.ts";
import { ATTRIBUTE, nameText } from "./name.ts";
import type { Certificate } from "./x509.ts";

/** What a certificate says. Says, not proves: believe it only after `validatePath`. */
export interface CertificateIdentity {
  readonly kind: CertificateKind;
  /** 14 characters without mask; null unless the certificate is a company's. */
  readonly cnpj: string | null;
  /** As in the common name: without accents and cut at 64 characters together with the CNPJ. */
  readonly companyName: string;
  /** The person responsible for the company's certificate; seals (SE-S, SE-H) may have none. */
  readonly responsible: CertificatePerson | null;
  /** The holder; null unless the certificate is an e-CPF. */
  readonly holder: CertificatePerson | null;
  readonly subject: string;
  readonly issuer: string;
  /** Hex. */
  readonly serial: string;
  /** Milliseconds since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** Object identifiers of the certificate policies. */
  readonly policies: readonly string[];
  /** Of the DER, lower-case hex. */
  readonly sha256: string;
}

/** What is said about a certificate whose content is at fault; also in the browser, before signing. */
export const identityMessages = {
  certificate_malformed:
    "O certificado está danificado ou não é um certificado. Use o arquivo recebido da certificadora.",
  not_company_certificate:
    "O certificado apresentado é {apresentado}. Para entrar, use o certificado da empresa: e-CNPJ ou " +
    "selo eletrônico (SE-S, SE-H).",
  person_certificate:
    "Este certificado é um e-CPF: é de uma pessoa, não representa nenhuma empresa e por isso não abre " +
    "esta entrada. Ele serve para comprovar o seu CPF: entre na sua conta e siga “Minha conta › " +
    "Comprovar o CPF”. Para entrar pela empresa, use o e-CNPJ ou o selo eletrônico dela.",
  not_person_certificate:
    "O certificado apresentado é {apresentado}, e não comprova o CPF de ninguém. Use o seu e-CPF.",
  person_invalid:
    "Os dados do titular no e-CPF faltam ou estão errados (CPF ou data de nascimento). Peça outro à " +
    "certificadora.",
  person_contradiction:
    "O e-CPF traz dois números de CPF diferentes e não pode ser aceito. Peça outro à certificadora.",
  cnpj_missing: "O certificado não traz o CNPJ da empresa. Peça outro à certificadora.",
  cnpj_invalid:
    "O CNPJ “{cnpj}” do certificado tem dígitos que não conferem. Peça outro à certificadora.",
  cnpj_contradiction:
    "O certificado traz dois CNPJ diferentes, {cnpj} e {outro}, e não pode ser aceito. Peça outro à " +
    "certificadora.",
  responsible_invalid:
    "Os dados da pessoa responsável no certificado estão errados (CPF ou data de nascimento). Peça " +
    "outro à certificadora.",
} as const;

export type IdentityCode = keyof typeof identityMessages;

/**
 * Reads who a certificate belongs to, by the rules of ICP-Brasil (DOC-ICP-04). The CNPJ comes from
 * otherName 2.16.76.1.3.3, or for seals from the subject's serialNumber; every other place that
 * holds a CNPJ must agree, or the certificate is refused with both values. The CPF of an e-CPF comes
 * from .3.1.
 *
 * @param seals whether the root above issues electronic seals, so that their policies mean what
 * they say
 */
export async function readCertificateIdentity(
  certificate: Certificate,
  { seals }: { seals: boolean },
): Promise<Result<CertificateIdentity, IdentityCode>> {
  const { der, extensions, issuer, notAfter, notBefore, serial, subject } = certificate;
  const kind = classify(certificate, seals);
  const company = isCompanyKind(kind) ? readCompany(certificate) : NO_COMPANY;
  if (!company.ok) return company;
  const holder = kind === "e-CPF" ? readHolder(extensions.otherNames, subject) : accept(null);
  if (!holder.ok) return holder;
  return accept({
    kind,
    ...company.data,
    holder: holder.data,
    companyName: readCompanyName(certificate),
    subject: nameText(subject),
    issuer: nameText(issuer),
    serial,
    notBefore,
    notAfter,
    policies: extensions.policies,
    sha256: toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", der))),
  });
}

/** Why a certificate of this kind is no company's; an e-CPF is told what it is good for. */
export function refuseCompany(kind: CertificateKind): Refusal<IdentityCode> {
  return kind === "e-CPF"
    ? refuse("person_certificate")
    : refuse("not_company_certificate", { apresentado: kindNames[kind] });
}

const NO_COMPANY = accept({ cnpj: null, responsible: null });

function readCompany(
  certificate: Certificate,
): Result<Pick<CertificateIdentity, "cnpj" | "responsible">, IdentityCode> {
  const cnpj = readCnpj(certificate);
  if (!cnpj.ok) return cnpj;
  const responsible = readResponsible(certificate.extensions.otherNames);
  if (!responsible.ok) return responsible;
  return accept({ cnpj: cnpj.data, responsible: responsible.data });
}

function readCnpj(certificate: Certificate): Result<string, IdentityCode> {
  const names = certificate.extensions.otherNames.filter(({ oid }) => oid === OTHER_NAME.cnpj)
    .map(({ value }) => value.trim());
  const [first, ...more] = [...names, ...serialNumbers(certificate)];
  if (!first) return refuse("cnpj_missing");
  const cnpj = parseCnpj(first);
  if (!cnpj) return refuse("cnpj_invalid", { cnpj: first });
  const other = [...more, ...commonNames(certificate)].find((text) => normalise(text) !== cnpj);
  if (other === undefined) return accept(cnpj);
  return refuse("cnpj_contradiction", { cnpj, outro: normalise(other) });
}

/** Values of the subject's serialNumber that have the shape of a CNPJ; other ids may stand there. */
function serialNumbers({ subject }: Certificate): string[] {
  return subject.attributes.filter(({ oid }) => oid === ATTRIBUTE.serialNumber)
    .map(({ value }) => value).filter(hasCnpjShape);
}

/** What follows the last colon of `RAZAO SOCIAL:CNPJ`, unless cut off or something else. */
function commonNames({ subject }: Certificate): string[] {
  return subject.attributes.filter(({ oid }) => oid === ATTRIBUTE.commonName)
    .map(({ value }) => value.slice(value.lastIndexOf(":") + 1))
    .filter(hasCnpjShape);
}

function hasCnpjShape(text: string): boolean {
  return /^[0-9A-Z]{12}\d\d$/.test(normalise(text));
}

function normalise(text: string): string {
  return text.replace(/[\s./-]/g, "").toUpperCase();
}

function readCompanyName({ subject }: Certificate): string {
  const common = subject.attributes.findLast(({ oid }) => oid === ATTRIBUTE.commonName);
  const name = common?.value ?? "";
  const colon = name.lastIndexOf(":");
  return (colon > 0 ? name.slice(0, colon) : name).trim();
}
