import type { Bytes } from "./der.ts";
import { verify } from "./signature.ts";
import type { Certificate } from "./x509.ts";

/** How a challenge may be signed, by the names of RFC 7518, 3.1. */
export const CHALLENGE_ALGORITHMS = ["RS256", "PS256", "ES256", "ES384"] as const;
export type ChallengeAlgorithm = typeof CHALLENGE_ALGORITHMS[number];

const CHALLENGE_SCHEMES = {
  RS256: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
  PS256: { name: "RSA-PSS", hash: "SHA-256", saltLength: 32 },
  ES256: { name: "ECDSA", hash: "SHA-256", namedCurve: "P-256" },
  ES384: { name: "ECDSA", hash: "SHA-384", namedCurve: "P-384" },
} as const;

/** Whether `signature` over `data` was made with the private key of `certificate`. */
export async function checkPossession(
  certificate: Certificate,
  algorithm: ChallengeAlgorithm,
  signature: Bytes,
  data: Bytes,
): Promise<boolean> {
  const scheme = CHALLENGE_SCHEMES[algorithm];
  // A key of another type or curve is none that can be imported for this scheme.
  return await verify(certificate.spki, scheme, scheme, signature, data) === "valid";
}
