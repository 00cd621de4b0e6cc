import {
  buildCertificate,
  type Extension,
  extension,
  name,
} from "@/tests/support/pki/certificate.ts";
import { createCrl, type CrlSpec, type ListIssuer } from "@/tests/support/pki/crl.ts";
import type { Bytes } from "@/tests/support/pki/der.ts";
import type { Result } from "../../result.ts";
import { type Certificate, parseCertificate } from "../x509.ts";

/** Small authorities on P-256 keys for the tests of revocation. */
export const TIME = Date.parse("2026-11-03T12:00:00Z");
export const HOUR = 60 * 60_000;
export const CRL_EXAMPLE = "http://crl.example/ac.crl";

export function newKeys(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, [
    "sign",
    "verify",
  ]);
}

export interface TestAuthority extends ListIssuer {
  /** DER. */
  certificate: Bytes;
  name: Bytes;
  parsed: Certificate;
}

const VALIDITY = { notBefore: new Date("2026-01-01"), notAfter: new Date("2027-01-01") };

export async function newAuthority(
  called: string,
  { issuer, crlUrls = [], keys, keyUsage = extension.keyUsage(5, 6) }: {
    issuer?: ListIssuer;
    crlUrls?: string[];
    keys?: CryptoKeyPair;
    keyUsage?: Extension;
  } = {},
): Promise<TestAuthority> {
  const { privateKey, publicKey } = keys ?? await newKeys();
  const own = name([["C", "BR"], ["CN", called]]);
  const certificate = await buildCertificate({
    ...VALIDITY,
    issuer: issuer?.name ?? own,
    issuerKey: issuer?.privateKey ?? privateKey,
    subject: own,
    publicKey,
    extensions: [
      extension.basicConstraints(true),
      keyUsage,
      await extension.subjectKeyId(publicKey),
      ...(issuer ? [await extension.authorityKeyId(issuer.publicKey)] : []),
      ...(crlUrls.length > 0 ? [extension.crl(...crlUrls)] : []),
    ],
  });
  const parsed = parseCertificate(certificate);
  return { certificate, name: own, privateKey, publicKey, parsed };
}

/** A person's certificate; all have the same key, which no test uses. */
export async function newLeaf(
  issuer: ListIssuer,
  { serial, crlUrls = [CRL_EXAMPLE] }: { serial?: Uint8Array; crlUrls?: string[] } = {},
): Promise<Certificate> {
  return parseCertificate(
    await buildCertificate({
      ...VALIDITY,
      ...(serial ? { serial } : {}),
      issuer: issuer.name,
      issuerKey: issuer.privateKey,
      subject: name([["CN", "EMPRESA"]]),
      publicKey: issuer.publicKey,
      extensions: [
        extension.keyUsage(0),
        await extension.authorityKeyId(issuer.publicKey),
        ...(crlUrls.length > 0 ? [extension.crl(...crlUrls)] : []),
      ],
    }),
  );
}

/** A list of an hour ago that holds for a day. */
export function newCrl(authority: ListIssuer, spec: Partial<CrlSpec> = {}): Promise<Bytes> {
  return createCrl(authority, {
    number: 1,
    thisUpdate: new Date(TIME - HOUR),
    nextUpdate: new Date(TIME + 23 * HOUR),
    ...spec,
  });
}

/** The serial number of a certificate as `RevokedEntry` wants it. */
export function serialOf({ serial }: Certificate): Uint8Array {
  return Uint8Array.fromHex(serial);
}

/** What was accepted; a refusal fails the test. */
export function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`refused: ${result.code}`);
  return result.data;
}
