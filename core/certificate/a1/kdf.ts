import { sha1 } from "@noble/hashes/legacy.js";
import { sha256, sha384, sha512 } from "@noble/hashes/sha2.js";
import { type Bytes, DerReader, enter, readOid, readSmallInteger, TAG } from "../der.ts";
import { A1Failure, WorkBudget } from "./failure.ts";

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

/** A typed password in the encodings under which programs have put it into files. */
export interface PasswordForms {
  /** For the derivation of PKCS#12 itself: UTF-16, and nothing at all for the empty password. */
  readonly pkcs12: readonly Bytes[];
  /** For PBKDF2: UTF-8 as OpenSSL and Windows do, then Latin-1 and UTF-16 of older programs. */
  readonly pbkdf2: readonly Bytes[];
  /** What trying them on all parts of one file may cost. */
  readonly budget: WorkBudget;
}

/** The forms of a password for one file. */
export function passwordForms(password: string): PasswordForms {
  const bmp = bmpPassword(password);
  const utf8 = new TextEncoder().encode(password);
  const latin1 = Uint8Array.from(password, (character) => character.charCodeAt(0));
  const isAscii = utf8.length === password.length;
  const isLatin1 = [...password].every((character) => character <= "\u00ff");
  return {
    pkcs12: password === "" ? [bmp, new Uint8Array()] : [bmp],
    pbkdf2: [utf8, ...(isLatin1 && !isAscii ? [latin1] : []), bmp],
    budget: new WorkBudget(),
  };
}

const PBKDF2 = "1.2.840.113549.1.5.12";

/** HMAC functions by object identifier (RFC 8018, B.1.2). */
export const HMACS: Record<string, HashName> = {
  "1.2.840.113549.2.7": "SHA-1",
  "1.2.840.113549.2.9": "SHA-256",
  "1.2.840.113549.2.10": "SHA-384",
  "1.2.840.113549.2.11": "SHA-512",
};

export interface Pbkdf2Parameters {
  salt: Bytes;
  iterations: number;
  /** Octets; null when the file leaves it to the cipher. */
  keyLength: number | null;
  hash: HashName;
}

/** Reads an AlgorithmIdentifier that must be PBKDF2 (RFC 8018, A.2). */
export function readPbkdf2(identifier: Bytes): Pbkdf2Parameters {
  const algorithm = enter(identifier);
  const oid = readOid(algorithm.next(TAG.oid).content);
  if (oid !== PBKDF2) throw new A1Failure("pfx_unsupported", { tipo: oid });
  const parameters = new DerReader(algorithm.next(TAG.sequence).content);
  const salt = parameters.next(TAG.octetString).content;
  const iterations = readSmallInteger(parameters.next(TAG.integer).content);
  const keyLength = parameters.optional(TAG.integer);
  const prf = parameters.optional(TAG.sequence);
  parameters.end();
  const prfOid = prf ? readOid(enter(prf.bytes).next(TAG.oid).content) : "1.2.840.113549.2.7";
  const hash = HMACS[prfOid];
  if (!hash) throw new A1Failure("pfx_unsupported", { tipo: prfOid });
  return { salt, iterations, keyLength: keyLength && readSmallInteger(keyLength.content), hash };
}

export async function deriveKey(
  password: Bytes,
  { hash, iterations, salt }: Pbkdf2Parameters,
  length: number,
  budget: WorkBudget,
): Promise<Bytes> {
  budget.spend("native", iterations);
  const base = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
  const parameters = { name: "PBKDF2", hash, salt, iterations: Math.max(1, iterations) };
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, base, length * 8));
}
