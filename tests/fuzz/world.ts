import { type Certificate, parseCertificate } from "@/core/certificate/x509.ts";
import { buildCertificate, extension, name, sign } from "@/tests/support/pki/certificate.ts";
import { companyExtensions, companySubject } from "@/tests/support/pki/company.ts";
import { createCrl, type ListIssuer } from "@/tests/support/pki/crl.ts";
import type { Bytes } from "@/tests/support/pki/der.ts";
import { encodePkcs12 } from "@/tools/pki/pkcs12.ts";
import { EXAMPLE_COMPANY } from "@/tools/pki/testing.ts";

export const TIME = Date.parse("2026-06-01T12:00:00Z");
export const PASSWORD = "açaí";
const VALIDITY = {
  notBefore: EXAMPLE_COMPANY.notBefore,
  notAfter: EXAMPLE_COMPANY.notAfter,
};

/** What is mutated: a company's chain on P-256 keys, its revocation lists, its A1 files. */
export interface FuzzWorld {
  root: Certificate;
  ca: Certificate;
  leaf: Certificate;
  crls: Bytes[];
  files: Bytes[];
  /** Signs a changed content anew, so that it is looked at beyond the signature. */
  resign(tbs: Uint8Array): Promise<Bytes>;
}

export async function createWorld(): Promise<FuzzWorld> {
  const root = await createAuthority("RAIZ", null);
  const ca = await createAuthority("AC", root);
  const keys = await newKeys();
  const leaf = await buildCertificate({
    ...VALIDITY,
    issuer: ca.name,
    issuerKey: ca.privateKey,
    subject: companySubject(EXAMPLE_COMPANY),
    publicKey: keys.publicKey,
    extensions: [
      ...companyExtensions(EXAMPLE_COMPANY),
      await extension.subjectKeyId(keys.publicKey),
      await extension.authorityKeyId(ca.publicKey),
    ],
  });
  const certificates = [leaf, ca.certificate];
  const files = (["aes-256", "3des", "rc2-40"] as const).map((scheme) =>
    encodePkcs12({
      certificates,
      scheme,
      privateKey: keys.privateKey,
      password: PASSWORD,
      iterations: 1,
    })
  );
  return {
    root: parseCertificate(root.certificate),
    ca: parseCertificate(ca.certificate),
    leaf: parseCertificate(leaf),
    crls: await Promise.all([root, ca].map(createList)),
    files: await Promise.all(files),
    resign: (tbs) => sign(ca.privateKey, () => new Uint8Array(tbs)),
  };
}

function newKeys(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, [
    "sign",
    "verify",
  ]);
}

interface TestAuthority extends ListIssuer {
  certificate: Bytes;
}

async function createAuthority(
  called: string,
  issuer: TestAuthority | null,
): Promise<TestAuthority> {
  const { privateKey, publicKey } = await newKeys();
  const own = name([["C", "BR"], ["O", "ICP-Brasil"], ["CN", called]]);
  const certificate = await buildCertificate({
    ...VALIDITY,
    issuer: issuer?.name ?? own,
    issuerKey: issuer?.privateKey ?? privateKey,
    subject: own,
    publicKey,
    extensions: [
      extension.basicConstraints(true, 1),
      extension.keyUsage(5, 6),
      await extension.subjectKeyId(publicKey),
      ...(issuer ? [await extension.authorityKeyId(issuer.publicKey)] : []),
    ],
  });
  return { certificate, name: own, privateKey, publicKey };
}

function createList(authority: TestAuthority): Promise<Bytes> {
  return createCrl(authority, {
    number: 7,
    thisUpdate: new Date(TIME - 60_000),
    nextUpdate: new Date(TIME + 60_000),
    revoked: Array.from({ length: 5 }, (_, i) => ({
      serial: new Uint8Array([0x51, i]),
      date: new Date(TIME - 120_000),
      reason: i,
    })),
  });
}
