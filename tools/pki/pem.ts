import { encodeBase64 } from "@/core/certificate/pem.ts";

/** A block of PEM (RFC 7468), e.g. with the label `CERTIFICATE`. */
export function toPem(label: string, der: Uint8Array): string {
  const lines = (encodeBase64(der).match(/.{1,64}/g) ?? []).join("\n");
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
}
