import { extension, name } from "./certificate.ts";
import { issueCertificate, type IssuedCertificate, subjectAltName } from "./company.ts";
import { type Bytes, ia5, implicit } from "./der.ts";
import { toPem } from "./pem.ts";
import type { Pki } from "./pki.ts";

const SERVER_AUTH = "1.3.6.1.5.5.7.3.1";

/** Issues a TLS server's certificate for `localhost`, names below it and 127.0.0.1, valid as long as the PKI. */
export async function issueServerCertificate(pki: Pki): Promise<IssuedCertificate> {
  return await issueCertificate(pki, {
    subject: name([["CN", "localhost"]]),
    extensions: [
      extension.basicConstraints(false),
      extension.keyUsage(0, 2),
      extension.extendedKeyUsage(SERVER_AUTH),
      subjectAltName(
        dnsName("localhost"),
        dnsName("*.localhost"),
        implicit(7, new Uint8Array([127, 0, 0, 1])),
      ),
    ],
    notBefore: new Date("2020-01-01T00:00:00Z"),
    notAfter: new Date("2044-12-31T00:00:00Z"),
  });
}

/** The dNSName of a subjectAltName (RFC 5280, 4.2.1.6). */
function dnsName(text: string): Bytes {
  return implicit(2, ia5(text).subarray(2));
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
