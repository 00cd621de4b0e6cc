import {
  type Bytes,
  constructed,
  DerError,
  DerReader,
  enter,
  readOid,
  readSmallInteger,
  readUnsigned,
  TAG,
} from "./der.ts";
import { checkKeyStrength, type Curve, tryReadPublicKey } from "./public_key.ts";
import type { Certificate } from "./x509.ts";

type Hash = "SHA-1" | "SHA-256" | "SHA-384" | "SHA-512";

export type SignatureCheck = "valid" | "invalid" | "weak" | "unsupported";

const RSA_PSS = "1.2.840.113549.1.1.10";
const MGF1 = "1.2.840.113549.1.1.8";
const HASHES: Record<string, Hash> = {
  "2.16.840.1.101.3.4.2.1": "SHA-256",
  "2.16.840.1.101.3.4.2.2": "SHA-384",
  "2.16.840.1.101.3.4.2.3": "SHA-512",
};

const RSA_SIGNATURES: Record<string, Hash> = {
  "1.2.840.113549.1.1.11": "SHA-256",
  "1.2.840.113549.1.1.12": "SHA-384",
  "1.2.840.113549.1.1.13": "SHA-512",
};

const ECDSA_SIGNATURES: Record<string, Hash> = {
  "1.2.840.10045.4.3.2": "SHA-256",
  "1.2.840.10045.4.3.3": "SHA-384",
  "1.2.840.10045.4.3.4": "SHA-512",
};

/** Over SHA-1: collisions can be made, at a price. */
const SHA1_SIGNATURES: Record<string, Scheme> = {
  "1.2.840.113549.1.1.5": { name: "RSASSA-PKCS1-v1_5", hash: "SHA-1" },
  "1.3.14.3.2.29": { name: "RSASSA-PKCS1-v1_5", hash: "SHA-1" },
  "1.2.840.10045.4.1": { name: "ECDSA", hash: "SHA-1" },
};

/** Over MD2, MD4 and MD5, which nobody should take any more, and DSA with SHA-1. */
const BROKEN_SIGNATURES = new Set([
  "1.2.840.113549.1.1.2",
  "1.2.840.113549.1.1.3",
  "1.2.840.113549.1.1.4",
  "1.2.840.10040.4.3",
]);

/** What an authority signs: certificates and revocation lists are laid out alike. */
export type Signed = Pick<Certificate, "tbs" | "signatureAlgorithm" | "signature">;

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
  try {
    const fields = enter(identifier);
    const oid = readOid(fields.next(TAG.oid).content);
    const sha1 = SHA1_SIGNATURES[oid];
    if (BROKEN_SIGNATURES.has(oid) || (sha1 && !allowWeak)) return "weak";
    if (oid === RSA_PSS) return readPssScheme(fields);
    const rsa = RSA_SIGNATURES[oid];
    const ecdsa = ECDSA_SIGNATURES[oid];
    const scheme: Scheme | undefined = rsa
      ? { name: "RSASSA-PKCS1-v1_5", hash: rsa }
      : ecdsa
      ? { name: "ECDSA", hash: ecdsa }
      : sha1;
    // RFC 4055, 5: parameters are NULL, and leaving them out is to be accepted. RFC 5758: none.
    if (scheme?.name === "RSASSA-PKCS1-v1_5") fields.optional(TAG.null);
    fields.end();
    return scheme ?? null;
  } catch (error) {
    if (error instanceof DerError) return null;
    throw error;
  }
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
  try {
    const fields = enter(signature);
    const raw = new Uint8Array(2 * size);
    for (const end of [size, 2 * size]) {
      const number = readUnsigned(fields.next(TAG.integer).content);
      if (number.length > size) return null;
      raw.set(number, end - number.length);
    }
    fields.end();
    return raw;
  } catch (error) {
    if (error instanceof DerError) return null;
    throw error;
  }
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
