import { buildCertificate, type Extension, extension, name } from "./certificate.ts";
import {
  bmp,
  type Bytes,
  explicit,
  ia5,
  latin1,
  octetString,
  oid,
  printable,
  sequence,
  utf8,
} from "./der.ts";
import { type Authority, crlUrl, generateKey, type Pki } from "./pki.ts";

export interface CompanyOptions {
  /** 14 characters without mask. */
  cnpj: string;
  companyName: string;
  /** Seals may leave it out. */
  responsible?: { name: string; cpf: string; birthDate: string };
  kind?: "e-CNPJ" | "SE-S" | "SE-H";
  notBefore?: Date;
  notAfter?: Date;
  /** Type of the strings in otherNames; real certificates use octet strings or printable ones. */
  strings?: keyof typeof STRINGS;
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

const STRINGS = { octet: (text: string) => octetString(latin1(text)), printable, utf8, ia5, bmp };

/** The last arc stands for the authority's practice statement; 9999 is nobody's. */
const POLICIES = {
  "e-CNPJ": "2.16.76.1.2.1.9999",
  "SE-S": "2.16.76.1.2.201.9999",
  "SE-H": "2.16.76.1.2.202.9999",
};

const EMAIL_PROTECTION = "1.3.6.1.5.5.7.3.4";
const CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
const DAY = 24 * 60 * 60_000;

/** Issues a company's certificate as the authorities of ICP-Brasil do, valid for a year from now. */
export async function issueCompanyCertificate(
  pki: Pki,
  options: CompanyOptions,
): Promise<IssuedCertificate> {
  return await issueCertificate(pki, {
    subject: companySubject(options),
    extensions: companyExtensions(options),
    notBefore: options.notBefore ?? new Date(Date.now() - DAY),
    notAfter: options.notAfter ?? new Date(Date.now() + 365 * DAY),
  });
}

export interface LeafOptions {
  /** DER. */
  subject: Uint8Array;
  extensions: readonly Extension[];
  notBefore: Date;
  notAfter: Date;
}

/** Issues any certificate under the issuing authority, with a new RSA-2048 key. */
export async function issueCertificate(pki: Pki, leaf: LeafOptions): Promise<IssuedCertificate> {
  const { privateKey, publicKey } = await generateKey();
  const issuer: Authority = pki.issuing;
  const certificate = await buildCertificate({
    ...leaf,
    issuer: issuer.name,
    issuerKey: issuer.privateKey,
    publicKey,
    extensions: [
      ...leaf.extensions,
      await extension.subjectKeyId(publicKey),
      await extension.authorityKeyId(issuer.publicKey),
    ],
  });
  const chain = [pki.issuing.certificate, pki.secretaria.certificate];
  return { certificate, privateKey, publicKey, chain };
}

/** `RAZAO SOCIAL:CNPJ`, cut at the 64 characters a common name may have. */
function companyCommonName(companyName: string, cnpj: string): string {
  return `${plain(companyName)}:${cnpj}`.slice(0, 64);
}

/** Upper case without accents, as the authorities write names. */
function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toUpperCase().replace(/[^ -~]/g, "?");
}

export function companySubject({ cnpj, companyName, kind = "e-CNPJ" }: CompanyOptions): Bytes {
  const common = companyCommonName(companyName, cnpj);
  if (kind !== "e-CNPJ") {
    return name([["C", "BR"], ["O", "ICP-Brasil"], ["serialNumber", cnpj], ["CN", common]]);
  }
  return name([
    ["C", "BR"],
    ["O", "ICP-Brasil"],
    ["OU", "RFB e-CNPJ A1"],
    ["OU", "Certificado de desenvolvimento, sem valor legal"],
    ["CN", common],
  ]);
}

export function companyExtensions(options: CompanyOptions): Extension[] {
  const { cnpj, crlUrls = [crlUrl("emissora")], kind = "e-CNPJ", responsible, strings = "octet" } =
    options;
  const text = STRINGS[strings];
  const names = [otherName("2.16.76.1.3.3", text(cnpj))];
  if (responsible) {
    names.unshift(otherName("2.16.76.1.3.2", text(plain(responsible.name))));
    names.push(otherName("2.16.76.1.3.4", text(personData(responsible))));
  }
  if (kind === "e-CNPJ") names.push(otherName("2.16.76.1.3.7", text("0".repeat(12))));
  return [
    extension.basicConstraints(false),
    extension.keyUsage(0, 1, 2),
    extension.extendedKeyUsage(CLIENT_AUTH, EMAIL_PROTECTION),
    extension.policies(POLICIES[kind]),
    subjectAltName(...names),
    ...(crlUrls.length > 0 ? [extension.crl(...crlUrls)] : []),
  ];
}

/** The fixed fields of .3.1 and .3.4: birth date DDMMAAAA, CPF, NIS and RG (zeros: none given). */
export function personData({ birthDate, cpf }: { cpf: string; birthDate: string }): string {
  const [year, month, day] = birthDate.split("-");
  return `${day}${month}${year}${cpf}${"0".repeat(11)}${"0".repeat(15)}`;
}

/** `[0] { type-id, [0] value }` for a subjectAltName. */
export function otherName(id: string, value: Uint8Array): Bytes {
  return explicit(0, oid(id), explicit(0, value));
}

export function subjectAltName(...names: Uint8Array[]): Extension {
  return { oid: "2.5.29.17", value: sequence(...names) };
}
