import { AsnConvert, OctetString } from "@peculiar/asn1-schema";
import {
  GeneralName,
  id_ce_subjectAltName,
  OtherName,
  SubjectAlternativeName,
} from "@peculiar/asn1-x509";
import type { Bytes } from "@/core/certificate/der.ts";
import { issue, type Subject } from "./authority.ts";
import { crlUrl, generateKey, type Pki } from "./pki.ts";
import {
  BasicConstraintsExtension,
  CertificatePolicyExtension,
  CRLDistributionPointsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Extension,
  type JsonNameParams,
  KeyUsageFlags,
  KeyUsagesExtension,
  Name,
} from "./x509.ts";

export interface CompanyOptions {
  /** 14 characters without mask. */
  cnpj: string;
  companyName: string;
  /** Seals may leave it out. */
  responsible?: { name: string; cpf: string; birthDate: string };
  kind?: "e-CNPJ" | "SE-S" | "SE-H";
  notBefore?: Date;
  notAfter?: Date;
  /** The issuing authority's list in the development world unless told; none when empty. */
  crlUrls?: readonly string[];
}

export interface IssuedCertificate {
  /** DER. */
  certificate: Bytes;
  /** Extractable. */
  privateKey: CryptoKey;
  publicKey: CryptoKey;
  /** DER of the authorities above, without the root. */
  chain: Bytes[];
}

/** The last arc stands for the authority's practice statement; 9999 is no authority's. */
const POLICIES = {
  "e-CNPJ": "2.16.76.1.2.1.9999",
  "SE-S": "2.16.76.1.2.201.9999",
  "SE-H": "2.16.76.1.2.202.9999",
};

const SERIAL_NUMBER = "2.5.4.5";
const DAY = 24 * 60 * 60_000;

/** Issues a company's certificate as the authorities of ICP-Brasil do, valid for a year from now. */
export async function issueCompanyCertificate(
  pki: Pki,
  options: CompanyOptions,
): Promise<IssuedCertificate> {
  return await issueCertificate(pki, {
    name: companySubject(options),
    extensions: companyExtensions(options),
    notBefore: options.notBefore ?? new Date(Date.now() - DAY),
    notAfter: options.notAfter ?? new Date(Date.now() + 365 * DAY),
  });
}

/** Issues any certificate under the issuing authority, with a new RSA-2048 key. */
export async function issueCertificate(
  { issuing, secretaria }: Pki,
  leaf: Omit<Subject, "publicKey">,
): Promise<IssuedCertificate> {
  const keys = await generateKey();
  const { publicKey } = keys;
  const certificate = await issue(issuing.certificate, issuing.privateKey, { ...leaf, publicKey });
  return { certificate, ...keys, chain: [issuing.certificate, secretaria.certificate] };
}

/** `RAZAO SOCIAL:CNPJ`, cut at the 64 characters a common name may have. */
function commonName(companyName: string, cnpj: string): string {
  return `${plain(companyName)}:${cnpj}`.slice(0, 64);
}

/** Upper case without accents, as the authorities write names. */
export function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toUpperCase().replace(/[^ -~]/g, "?");
}

/** The subject of a company's certificate or seal. */
export function companySubject({ cnpj, companyName, kind = "e-CNPJ" }: CompanyOptions): Name {
  const middle: JsonNameParams = kind === "e-CNPJ"
    ? [
      { OU: ["RFB e-CNPJ A1"] },
      { OU: ["Certificado de desenvolvimento, sem valor legal"] },
    ]
    : [{ [SERIAL_NUMBER]: [cnpj] }];
  // As an object it is taken as it is: a plain string may hold escapes.
  const CN = [{ utf8String: commonName(companyName, cnpj) }];
  return new Name([{ C: ["BR"] }, { O: ["ICP-Brasil"] }, ...middle, { CN }]);
}

/** The extensions of a company's certificate or seal, with the criticality ICP-Brasil gives them. */
export function companyExtensions(options: CompanyOptions): Extension[] {
  const { cnpj, crlUrls = [crlUrl("emissora")], kind = "e-CNPJ", responsible } = options;
  const { digitalSignature, keyEncipherment, nonRepudiation } = KeyUsageFlags;
  return [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(digitalSignature | nonRepudiation | keyEncipherment, true),
    new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth, ExtendedKeyUsage.emailProtection]),
    new CertificatePolicyExtension([POLICIES[kind]]),
    otherNames({
      ...(responsible && { "2.16.76.1.3.2": plain(responsible.name) }),
      "2.16.76.1.3.3": cnpj,
      ...(responsible && { "2.16.76.1.3.4": personData(responsible) }),
      ...(kind === "e-CNPJ" && { "2.16.76.1.3.7": "0".repeat(12) }),
    }),
    ...(crlUrls.length > 0 ? [new CRLDistributionPointsExtension([...crlUrls])] : []),
  ];
}

/** The subjectAltName of ICP-Brasil: octet strings by their object identifiers. */
export function otherNames(texts: Record<string, string>): Extension {
  const names = Object.entries(texts).map(([typeId, text]) => {
    const value = AsnConvert.serialize(new OctetString(new TextEncoder().encode(text)));
    return new GeneralName({ otherName: new OtherName({ typeId, value }) });
  });
  const value = AsnConvert.serialize(new SubjectAlternativeName(names));
  return new Extension(id_ce_subjectAltName, false, value);
}

/** The fixed fields of .3.1 and .3.4: birth date DDMMAAAA, CPF, NIS and RG (zeros: none given). */
export function personData({ birthDate, cpf }: { cpf: string; birthDate: string }): string {
  const [year, month, day] = birthDate.split("-");
  return `${day}${month}${year}${cpf}${"0".repeat(11)}${"0".repeat(15)}`;
}
