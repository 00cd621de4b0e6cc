import { sha1 } from "@noble/hashes/legacy.js";
import { sha256, sha384, sha512 } from "@noble/hashes/sha2.js";
import type { Bytes } from "../der.ts";

/** Hash functions that PKCS#12 files of this field use. */
export type HashName = "SHA-1" | "SHA-256" | "SHA-384" | "SHA-512";

/**
 * Not WebCrypto: the derivation below hashes some 10,000 tiny inputs, up to millions for files
 * exported by Firefox, and each WebCrypto call would be a trip to another thread.
 */
const HASHES = {
  "SHA-1": sha1,
  "SHA-256": sha256,
  "SHA-384": sha384,
  "SHA-512": sha512,
} as const;

/** What the derived bytes are for (RFC 7292, B.3). */
export const KDF_PURPOSE = { key: 1, iv: 2, mac: 3 } as const;

export interface KdfParameters {
  hash: HashName;
  salt: Uint8Array;
  iterations: number;
  purpose: 1 | 2 | 3;
  /** Octets to derive. */
  length: number;
}

/**
 * The key derivation of PKCS#12 (RFC 7292, B.2).
 * @param password already encoded, see `bmpPassword`
 */
export function deriveBytes(password: Uint8Array, parameters: KdfParameters): Bytes {
  const { iterations, length, purpose, salt } = parameters;
  const hash = HASHES[parameters.hash];
  const { blockLen, outputLen } = hash;
  const diversifier = new Uint8Array(blockLen).fill(purpose);
  const input = new Uint8Array([...stretch(salt, blockLen), ...stretch(password, blockLen)]);
  const derived = new Uint8Array(Math.ceil(length / outputLen) * outputLen);
  for (let at = 0; at < derived.length; at += outputLen) {
    let block = hash(new Uint8Array([...diversifier, ...input]));
    for (let i = 1; i < iterations; i++) block = hash(block);
    derived.set(block, at);
    for (let start = 0; start < input.length; start += blockLen) {
      addPlusOne(input.subarray(start, start + blockLen), block);
    }
  }
  return derived.subarray(0, length);
}

/** `bytes` repeated to a multiple of the block length; nothing stays nothing. */
function stretch(bytes: Uint8Array, blockLength: number): Uint8Array {
  const whole = new Uint8Array(Math.ceil(bytes.length / blockLength) * blockLength);
  return whole.map((_, i) => bytes[i % bytes.length]!);
}

/** target = target + addend + 1, as big-endian numbers, the addend repeated to the same length. */
function addPlusOne(target: Uint8Array, addend: Uint8Array): void {
  let carry = 1;
  for (let i = target.length - 1; i >= 0; i--) {
    const sum = target[i]! + addend[i % addend.length]! + carry;
    target[i] = sum;
    carry = sum >> 8;
  }
}

/** A password for `deriveBytes`: UTF-16 big-endian with a terminating zero (RFC 7292, B.1). */
export function bmpPassword(password: string): Bytes {
  const bytes = new Uint8Array(2 * password.length + 2);
  for (let i = 0; i < password.length; i++) {
    const unit = password.charCodeAt(i);
    bytes[2 * i] = unit >> 8;
    bytes[2 * i + 1] = unit & 0xff;
  }
  return bytes;
}
