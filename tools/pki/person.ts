import type { EcpfType } from "@/core/store/records/account.ts";
import {
  issueCertificate,
  type IssuedCertificate,
  otherNames,
  personData,
  plain,
} from "./company.ts";
import { crlUrl, type Pki } from "./pki.ts";
import {
  BasicConstraintsExtension,
  CertificatePolicyExtension,
  CRLDistributionPointsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  Name,
} from "./x509.ts";

export interface PersonOptions {
  name: string;
  /** 11 digits. */
  cpf: string;
  /** `YYYY-MM-DD` */
  birthDate: string;
  /** A1 unless told. */
  type?: EcpfType;
  notBefore?: Date;
  notAfter?: Date;
}

const DAY = 24 * 60 * 60_000;

/** Issues a person's certificate (e-CPF) as the authorities of ICP-Brasil do, valid for a year from now. */
export async function issuePersonCertificate(
  pki: Pki,
  options: PersonOptions,
): Promise<IssuedCertificate> {
  const { name, cpf, type = "A1" } = options;
  const CN = [{ utf8String: `${plain(name).slice(0, 52)}:${cpf}` }];
  return await issueCertificate(pki, {
    name: new Name([
      ...[{ C: ["BR"] }, { O: ["ICP-Brasil"] }, { OU: [`RFB e-CPF ${type}`] }],
      ...[{ OU: ["Certificado de desenvolvimento, sem valor legal"] }, { CN }],
    ]),
    extensions: personExtensions(options),
    notBefore: options.notBefore ?? new Date(Date.now() - DAY),
    notAfter: options.notAfter ?? new Date(Date.now() + 365 * DAY),
  });
}

/** The extensions of an e-CPF: voter id and CEI are left out, as zeros. */
export function personExtensions({ cpf, birthDate, type = "A1" }: PersonOptions): Extension[] {
  const { digitalSignature, keyEncipherment, nonRepudiation } = KeyUsageFlags;
  return [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(digitalSignature | nonRepudiation | keyEncipherment, true),
    new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth, ExtendedKeyUsage.emailProtection]),
    new CertificatePolicyExtension([`2.16.76.1.2.${type.slice(1)}.9999`]),
    otherNames({
      "2.16.76.1.3.1": personData({ cpf, birthDate }),
      "2.16.76.1.3.5": "0".repeat(19),
      "2.16.76.1.3.6": "0".repeat(12),
    }),
    new CRLDistributionPointsExtension([crlUrl("emissora")]),
  ];
}
