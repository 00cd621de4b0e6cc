import { AsnConvert } from "@peculiar/asn1-schema";
import { CRLNumber, id_ce_cRLNumber } from "@peculiar/asn1-x509";
import type { Bytes } from "@/core/certificate/der.ts";
import {
  AuthorityKeyIdentifierExtension,
  Extension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  type X509CertificateCreateParamsName,
  X509CertificateGenerator,
  type X509CrlEntryParams,
  X509CrlGenerator,
} from "./x509.ts";

/** A certification authority with its key. */
export interface Authority {
  /** DER. */
  certificate: Bytes;
  privateKey: CryptoKey;
}

/** What an authority certifies. */
export interface Subject {
  name: X509CertificateCreateParamsName;
  publicKey: CryptoKey;
  notBefore: Date;
  notAfter: Date;
  /** Beside the key identifiers, which every certificate gets. */
  extensions: readonly Extension[];
}

/**
 * Issues a certificate, e.g. for an authority that signs itself:
 *
 *     await issue(null, keys.privateKey, { name: "CN=AC Raiz", publicKey: keys.publicKey, … })
 *
 * @param issuer DER of the issuer's certificate; null for one that the subject issues itself
 * @param signingKey the issuer's private key
 * @returns DER
 */
export async function issue(
  issuer: Bytes | null,
  signingKey: CryptoKey,
  { extensions, name, ...subject }: Subject,
): Promise<Bytes> {
  const made = await X509CertificateGenerator.create({
    ...subject,
    subject: name,
    issuer: issuer ? new X509Certificate(issuer).subjectName : name,
    signingKey,
    extensions: [
      ...extensions,
      await SubjectKeyIdentifierExtension.create(subject.publicKey),
      ...(issuer ? [authorityKeyId(issuer)] : []),
    ],
  });
  return new Uint8Array(made.rawData);
}

/** Names the issuer's key as the issuer's own certificate (DER) names it. */
export function authorityKeyId(issuer: Bytes): Extension {
  const own = new X509Certificate(issuer).getExtension(SubjectKeyIdentifierExtension);
  return new AuthorityKeyIdentifierExtension(own!.keyId);
}

export interface CrlSpec {
  /** Rises with every list. */
  number: number;
  thisUpdate: Date;
  nextUpdate: Date;
  /** Each with a reason: without one the library writes an empty list of extensions. */
  entries?: (X509CrlEntryParams & { reason: number })[];
}

/** Makes and signs a revocation list of an authority (RFC 5280, 5); answers its DER. */
export async function createCrl(
  { certificate, privateKey }: Authority,
  { number, ...spec }: CrlSpec,
): Promise<Bytes> {
  const list = await X509CrlGenerator.create({
    ...spec,
    issuer: new X509Certificate(certificate).subjectName,
    signingKey: privateKey,
    signingAlgorithm: privateKey.algorithm,
    extensions: [
      authorityKeyId(certificate),
      new Extension(id_ce_cRLNumber, false, AsnConvert.serialize(new CRLNumber(number))),
    ],
  });
  return new Uint8Array(list.rawData);
}
