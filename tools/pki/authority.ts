import type { Bytes } from "@/core/certificate/der.ts";
import {
  AuthorityKeyIdentifierExtension,
  type Extension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  type X509CertificateCreateParamsName,
  X509CertificateGenerator,
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
