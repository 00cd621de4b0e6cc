import {
  type Bytes,
  DerReader,
  enter,
  readBitOctets,
  readOid,
  readOrNull,
  readUnsigned,
  TAG,
} from "./der.ts";

/** What a public key is, as far as this portal works with it. */
export type PublicKey =
  | { readonly type: "RSA"; readonly bits: number; readonly exponent: Bytes }
  | { readonly type: "EC"; readonly curve: Curve }
  | { readonly type: "other"; readonly oid: string };

export type Curve = "P-256" | "P-384" | "P-521";

/** Object identifiers of the kinds of keys, and of the curves. */
export const RSA_KEY = "1.2.840.113549.1.1.1";
export const EC_KEY = "1.2.840.10045.2.1";

export const CURVES: Record<string, Curve> = {
  "1.2.840.10045.3.1.7": "P-256",
  "1.3.132.0.34": "P-384",
  "1.3.132.0.35": "P-521",
};

/** Bounds of RSA keys: below, it can be broken; above, one check takes too long. */
const MIN_RSA_BITS = 2048;
/** What is let pass where weak keys are: below it, nothing is. */
const MIN_WEAK_RSA_BITS = 1024;
const MAX_RSA_BITS = 8192;
const MAX_RSA_EXPONENT_OCTETS = 8;

function readPublicKey(spki: Bytes): PublicKey {
  const fields = enter(spki);
  const algorithm = new DerReader(fields.next(TAG.sequence).content);
  const key = readBitOctets(fields.next(TAG.bitString).content);
  fields.end();
  const oid = readOid(algorithm.next(TAG.oid).content);
  if (oid === RSA_KEY) {
    const numbers = enter(key);
    const modulus = readUnsigned(numbers.next(TAG.integer).content);
    const exponent = readUnsigned(numbers.next(TAG.integer).content);
    numbers.end();
    return { type: "RSA", bits: modulus.length * 8 - Math.clz32(modulus[0]!) + 24, exponent };
  }
  const curve = oid === EC_KEY && CURVES[readOid(algorithm.next(TAG.oid).content)];
  return curve ? { type: "EC", curve } : { type: "other", oid };
}

/**
 * "weak" and "unsupported" keys are refused wherever they appear in a path.
 *
 * @param allowWeak takes RSA keys from 1,024 bits for strong
 */
export function checkKeyStrength(
  spki: Bytes,
  allowWeak = false,
): "strong" | "weak" | "unsupported" {
  const key = tryReadPublicKey(spki);
  if (key?.type === "EC") return "strong";
  if (key?.type !== "RSA" || key.bits > MAX_RSA_BITS) return "unsupported";
  const { exponent } = key;
  if (exponent.length > MAX_RSA_EXPONENT_OCTETS) return "unsupported";
  const odd = (exponent.at(-1)! & 1) === 1;
  const aboveOne = exponent.length > 1 || exponent[0]! > 1;
  const enough = key.bits >= (allowWeak ? MIN_WEAK_RSA_BITS : MIN_RSA_BITS);
  return enough && odd && aboveOne ? "strong" : "weak";
}

/** The key, or null when it is malformed. */
export function tryReadPublicKey(spki: Bytes): PublicKey | null {
  return readOrNull(() => readPublicKey(spki));
}
