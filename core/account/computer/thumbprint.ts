import { toBase64Url } from "../../base64url.ts";

/** The public half of a computer's key: a point of P-256, each coordinate as base64url. */
export interface ComputerJwk {
  kty: "EC";
  crv: "P-256";
  x: string;
  y: string;
}

/** A computer's name: the SHA-256 thumbprint of its key (RFC 7638), 43 characters of base64url. */
export async function thumbprintOf({ x, y }: ComputerJwk): Promise<string> {
  // The required members alone, in the order of their names, without blanks.
  const canonical = JSON.stringify({ crv: "P-256", kty: "EC", x, y });
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(canonical));
  return toBase64Url(new Uint8Array(digest));
}
