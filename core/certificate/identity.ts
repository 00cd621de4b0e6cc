import { parseCnpj, parseCpf } from "../registry/numbers.ts";
import { accept, refuse, type Result } from "../result.ts";
import { toHex } from "./der.ts";
import type { OtherName } from "./extensions.ts";
import { type CertificateKind, classify, isCompanyKind, OTHER_NAME } from "./kind.ts";
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
  readonly responsible: Responsible | null;
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
 * holds a CNPJ must agree, or the certificate is refused with both values.
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
  return accept({
    kind,
    ...company.data,
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

const NO_COMPANY = accept({ cnpj: null, responsible: null });

function readCompany(
  certificate: Certificate,
): Result<{ cnpj: string; responsible: Responsible | null }, IdentityCode> {
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

export interface Responsible {
  readonly name: string;
  /** 11 digits. */
  readonly cpf: string;
  /** `YYYY-MM-DD`, or null when the certificate leaves it out (zeros). */
  readonly birthDate: string | null;
}

/**
 * The person responsible for a company's certificate: the name from .3.2, and from .3.4 the fields
 * of fixed width at its start (birth date DDMMAAAA, CPF). What follows varies in length and is not
 * read. Null when the certificate names no person.
 */
export function readResponsible(
  otherNames: readonly OtherName[],
): Result<Responsible | null, "responsible_invalid"> {
  const name = readOnly(otherNames, OTHER_NAME.responsibleName);
  const data = readOnly(otherNames, OTHER_NAME.responsible);
  if (name === null || data === null) return refuse("responsible_invalid");
  if (!name?.trim() || !data || /^0{19}/.test(data)) return accept(null);
  const cpf = parseCpf(data.slice(8, 19));
  const birthDate = readBirthDate(data.slice(0, 8));
  if (!cpf || birthDate === undefined) return refuse("responsible_invalid");
  return accept({ name: name.trim(), cpf, birthDate });
}

/** The value of an otherName; undefined when missing, null when there are two that differ. */
function readOnly(otherNames: readonly OtherName[], oid: string): string | null | undefined {
  const values = new Set(otherNames.filter((name) => name.oid === oid).map(({ value }) => value));
  const [value] = values;
  return values.size > 1 ? null : value;
}

/** DDMMAAAA -> YYYY-MM-DD; null for zeros, undefined for what is no date. */
function readBirthDate(text: string): string | null | undefined {
  if (text === "00000000") return null;
  const iso = text.replace(/^(\d\d)(\d\d)(\d{4})$/, "$3-$2-$1");
  const time = Date.parse(`${iso}T00:00:00.000Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(iso) ? iso : undefined;
}
