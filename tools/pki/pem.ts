import { decodeBase64, encodeBase64 } from "@std/encoding";
import type { Bytes } from "@/core/certificate/der.ts";

export function toPem(label: string, der: Uint8Array): string {
  const lines = (encodeBase64(der).match(/.{1,64}/g) ?? []).join("\n");
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
}

/** Every block with this label, in the order of the text. */
export function fromPem(label: string, text: string): Bytes[] {
  const block = new RegExp(
    `-----BEGIN ${label}-----([A-Za-z0-9+/=\\s]+)-----END ${label}-----`,
    "g",
  );
  return [...text.matchAll(block)].map(([, body]) =>
    new Uint8Array(decodeBase64(body!.replace(/\s/g, "")))
  );
}
