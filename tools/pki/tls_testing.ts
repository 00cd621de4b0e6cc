import { issueCertificate, type IssuedCertificate } from "./company.ts";
import { toPem } from "./pem.ts";
import type { Pki } from "./pki.ts";
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
} from "./x509.ts";

/** Issues a TLS server's certificate for `localhost`, names below it and 127.0.0.1, valid as long as the PKI. */
export async function issueServerCertificate(pki: Pki): Promise<IssuedCertificate> {
  return await issueCertificate(pki, {
    name: "CN=localhost",
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension([
        { type: "dns", value: "localhost" },
        { type: "dns", value: "*.localhost" },
        { type: "ip", value: "127.0.0.1" },
      ]),
    ],
    notBefore: new Date("2020-01-01T00:00:00Z"),
    notAfter: new Date("2044-12-31T00:00:00Z"),
  });
}

/** PEM of a certificate with its chain, and of its key (PKCS#8), as TLS programs read them. */
export async function toTlsFiles(
  { certificate, chain, privateKey }: IssuedCertificate,
): Promise<{ cert: string; key: string }> {
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey("pkcs8", privateKey));
  return {
    cert: [certificate, ...chain].map((der) => toPem("CERTIFICATE", der)).join(""),
    key: toPem("PRIVATE KEY", pkcs8),
  };
}
