import { decodeBase64 } from "./base64.ts";
import type { Bytes } from "./der.ts";

/** As many as a form may hold. */
const MAX_BLOCKS = 10;

/**
 * DER of the certificates in a text of PEM blocks (RFC 7468), in their order; other blocks and what
 * stands around them are passed over, and so is a block that is no base64.
 */
export function readPem(text: string): Bytes[] {
  const block = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]*)-----END CERTIFICATE-----/g;
  return [...text.matchAll(block)].slice(0, MAX_BLOCKS)
    .map(([, body]) => decodeBase64(body!.replace(/\s/g, "")))
    .filter((der) => der !== null);
}
