import type { ComputerJwk } from "../account/computer/thumbprint.ts";
import { toBase64Url } from "../base64url.ts";

/** What the browser needs to go on. */
export interface Handoff {
  token: string;
  /** Where the token is posted. */
  address: string;
  /** Id of the system. */
  audience: string;
  /** Seconds since the epoch, by the portal's clock: the browser's own may be wrong. */
  issuedAt: number;
}

/** A key that signs with ECDSA over P-256 and SHA-256: r and s side by side. */
interface ProofKey {
  jwk: ComputerJwk;
  sign(data: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>;
}

const encoder = new TextEncoder();

/**
 * Proves to the target system that the token is in the hands it was made for: a compact JWS (ES256)
 * that holds the public key and, as `ath`, the hash of the token (RFC 9449). Runs in the browser.
 */
export async function signProof(
  key: ProofKey,
  { token, audience, issuedAt }: Handoff,
): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", encoder.encode(token));
  const header = { typ: "habilita-proof+jwt", alg: "ES256", jwk: key.jwk };
  const payload = {
    aud: audience,
    iat: issuedAt,
    jti: toBase64Url(crypto.getRandomValues(new Uint8Array(16))),
    ath: toBase64Url(new Uint8Array(digest)),
  };
  const signed = `${encode(header)}.${encode(payload)}`;
  return `${signed}.${toBase64Url(await key.sign(encoder.encode(signed)))}`;
}

function encode(value: unknown): string {
  return toBase64Url(encoder.encode(JSON.stringify(value)));
}
