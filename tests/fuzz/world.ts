import { ca, HOUR, newCompany, newCrl, root, TIME } from "@/tests/fixtures/pki.ts";
import { parseCertificate } from "@/core/certificate/x509.ts";
import { sign } from "@/tests/support/pki/certificate.ts";
import { encodePkcs12 } from "@/tools/pki/pkcs12.ts";

export const PASSWORD = "açaí";

export type FuzzWorld = Awaited<ReturnType<typeof createWorld>>;

/** What is mutated: a company's chain on P-256 keys, its revocation lists, its A1 files. */
export async function createWorld() {
  const { der, privateKey } = await newCompany(ca);
  const file = { certificates: [der, ca.der], privateKey, password: PASSWORD, iterations: 1 };
  const schemes = ["aes-256", "3des", "rc2-40"] as const;
  const revoked = Array.from({ length: 5 }, (_, i) => ({
    serial: new Uint8Array([0x51, i]),
    date: new Date(TIME - 2 * HOUR),
    reason: i,
  }));
  return {
    root: parseCertificate(root.der),
    ca: parseCertificate(ca.der),
    leaf: parseCertificate(der),
    crls: await Promise.all([root, ca].map((issuer) => newCrl(issuer, { number: 7, revoked }))),
    files: await Promise.all(schemes.map((scheme) => encodePkcs12({ ...file, scheme }))),
    /** Signs a changed content anew, so that it is looked at beyond the signature. */
    resign: (tbs: Uint8Array) => sign(ca.privateKey, () => new Uint8Array(tbs)),
  };
}
