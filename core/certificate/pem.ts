import { type Bytes, toLatin1 } from "./der.ts";

/** As many as a form may hold. */
const MAX_BLOCKS = 10;

/**
 * DER of the blocks with a label in a text of PEM (RFC 7468), in their order; other blocks and what
 * stands around them are passed over, and so is a block that is no base64.
 *
 * @param most how many blocks are read
 */
export function readPem(text: string, label = "CERTIFICATE", most = MAX_BLOCKS): Bytes[] {
  const block = new RegExp(
    `-----BEGIN ${label}-----([A-Za-z0-9+/=\\s]*)-----END ${label}-----`,
    "g",
  );
  return [...text.matchAll(block)].slice(0, most)
    .map(([, body]) => decodeBase64(body!.replace(/\s/g, "")))
    .filter((der) => der !== null);
}

export function encodeBase64(bytes: Uint8Array): string {
  return btoa(toLatin1(bytes));
}

/** The bytes, or null when the text is not base64 (standard alphabet, padded, no blanks). */
export function decodeBase64(text: string): Bytes | null {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null;
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
