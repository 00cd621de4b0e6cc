import {
  type Bytes,
  constructed,
  DerReader,
  enter,
  readOid,
  readOrNull,
  readSmallInteger,
  readUnsigned,
  TAG,
} from "./der.ts";
import { checkKeyStrength, type Curve, tryReadPublicKey } from "./public_key.ts";
import type { Certificate, Signed } from "./x509.ts";

type Hash = "SHA-1" | "SHA-256" | "SHA-384" | "SHA-512";

export type SignatureCheck = "valid" | "invalid" | "weak" | "unsupported";

const RSA_PSS = "1.2.840.113549.1.1.10";
const MGF1 = "1.2.840.113549.1.1.8";
const HASHES: Record<string, Hash> = {
  "2.16.840.1.101.3.4.2.1": "SHA-256",
  "2.16.840.1.101.3.4.2.2": "SHA-384",
  "2.16.840.1.101.3.4.2.3": "SHA-512",
};

/** Those over SHA-1 are weak: collisions can be made, at a price. */
const SIGNATURES: Record<string, Scheme> = {
  "1.2.840.113549.1.1.11": { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
  "1.2.840.113549.1.1.12": { name: "RSASSA-PKCS1-v1_5", hash: "SHA-384" },
  "1.2.840.113549.1.1.13": { name: "RSASSA-PKCS1-v1_5", hash: "SHA-512" },
  "1.2.840.10045.4.3.2": { name: "ECDSA", hash: "SHA-256" },
  "1.2.840.10045.4.3.3": { name: "ECDSA", hash: "SHA-384" },
  "1.2.840.10045.4.3.4": { name: "ECDSA", hash: "SHA-512" },
  "1.2.840.113549.1.1.5": { name: "RSASSA-PKCS1-v1_5", hash: "SHA-1" },
  "1.3.14.3.2.29": { name: "RSASSA-PKCS1-v1_5", hash: "SHA-1" },
  "1.2.840.10045.4.1": { name: "ECDSA", hash: "SHA-1" },
};

/** Over MD2, MD4 and MD5, which no program should take any more, and DSA with SHA-1. */
const BROKEN_SIGNATURES = new Set([
  "1.2.840.113549.1.1.2",
  "1.2.840.113549.1.1.3",
  "1.2.840.113549.1.1.4",
  "1.2.840.10040.4.3",
]);

/**
 * Checks the signature on `signed` with the key of `issuer`.
 *
 * @param allowWeak takes SHA-1 and short RSA keys too, see `checkKeyStrength`
 */
export async function checkSignature(
  signed: Signed,
  issuer: Certificate,
  allowWeak = false,
): Promise<SignatureCheck> {
  const strength = checkKeyStrength(issuer.spki, allowWeak);
  if (strength !== "strong") return strength;
  const key = tryReadPublicKey(issuer.spki)!;
  const scheme = readScheme(signed.signatureAlgorithm, allowWeak);
  if (scheme === "weak" || scheme === null) return scheme ?? "unsupported";
  if (scheme.name === "ECDSA") {
    if (key.type !== "EC") return "invalid";
    const signature = ecdsaToRaw(signed.signature, key.curve);
    if (!signature) return "invalid";
    const algorithm = { name: "ECDSA", namedCurve: key.curve };
    return await verify(issuer.spki, algorithm, scheme, signature, signed.tbs);
  }
  if (key.type !== "RSA") return "invalid";
  const algorithm = { name: scheme.name, hash: scheme.hash };
  return await verify(issuer.spki, algorithm, scheme, signed.signature, signed.tbs);
}

type Scheme =
  | { name: "RSASSA-PKCS1-v1_5"; hash: Hash }
  | { name: "RSA-PSS"; hash: Hash; saltLength: number }
  | { name: "ECDSA"; hash: Hash };

/** The scheme an AlgorithmIdentifier names; null when the portal does not work with it. */
function readScheme(identifier: Bytes, allowWeak: boolean): Scheme | "weak" | null {
  return readOrNull(() => {
    const fields = enter(identifier);
    const oid = readOid(fields.next(TAG.oid).content);
    const scheme = SIGNATURES[oid];
    if (BROKEN_SIGNATURES.has(oid) || (scheme?.hash === "SHA-1" && !allowWeak)) return "weak";
    if (oid === RSA_PSS) return readPssScheme(fields);
    // RFC 4055, 5: parameters are NULL, and leaving them out is to be accepted. RFC 5758: none.
    if (scheme?.name === "RSASSA-PKCS1-v1_5") fields.optional(TAG.null);
    fields.end();
    return scheme ?? null;
  });
}

/** RSASSA-PSS-params (RFC 4055, 3.1). Its defaults mean SHA-1, so every field must be there. */
function readPssScheme(fields: DerReader): Scheme | "weak" | null {
  const parameters = new DerReader(fields.next(TAG.sequence).content);
  fields.end();
  const hash = parameters.optional(constructed(0));
  const mask = parameters.optional(constructed(1));
  const salt = parameters.optional(constructed(2));
  if (!hash || !mask || !salt) return "weak";
  parameters.end();
  const hashOid = readAlgorithmOid(hash.content);
  const maskFields = enter(mask.content);
  if (readOid(maskFields.next(TAG.oid).content) !== MGF1) return null;
  if (readAlgorithmOid(maskFields.next(TAG.sequence).bytes) !== hashOid) return null;
  const name = HASHES[hashOid];
  const saltLength = readSmallInteger(new DerReader(salt.content).next(TAG.integer).content);
  if (!name || saltLength > 64) return null;
  return { name: "RSA-PSS", hash: name, saltLength };
}

function readAlgorithmOid(identifier: Bytes): string {
  return readOid(enter(identifier).next(TAG.oid).content);
}

/** ECDSA-Sig-Value (RFC 3279, 2.2.3) -> r and s side by side as WebCrypto wants them. */
function ecdsaToRaw(signature: Bytes, curve: Curve): Bytes | null {
  const size = { "P-256": 32, "P-384": 48, "P-521": 66 }[curve];
  return readOrNull(() => {
    const fields = enter(signature);
    const raw = new Uint8Array(2 * size);
    for (const end of [size, 2 * size]) {
      const number = readUnsigned(fields.next(TAG.integer).content);
      if (number.length > size) return null;
      raw.set(number, end - number.length);
    }
    fields.end();
    return raw;
  });
}

/** WebCrypto's answer, with what this runtime cannot do told apart from a wrong signature. */
export async function verify(
  spki: Bytes,
  algorithm: RsaHashedImportParams | EcKeyImportParams,
  scheme: AlgorithmIdentifier | RsaPssParams | EcdsaParams,
  signature: Bytes,
  data: Bytes,
): Promise<SignatureCheck> {
  try {
    const key = await crypto.subtle.importKey("spki", spki, algorithm, false, ["verify"]);
    return await crypto.subtle.verify(scheme, key, signature, data) ? "valid" : "invalid";
  } catch (error) {
    // The runtime does not know this key or algorithm, or the key is no point of its curve.
    if (error instanceof DOMException || error instanceof TypeError) return "unsupported";
    throw error;
  }
}

/** How a challenge may be signed, by the names of RFC 7518, 3.1. */
export const CHALLENGE_ALGORITHMS = ["RS256", "PS256", "ES256", "ES384"] as const;
export type ChallengeAlgorithm = typeof CHALLENGE_ALGORITHMS[number];

/** How WebCrypto calls them: to import a key, to sign and to verify. */
export const CHALLENGE_SCHEMES = {
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
