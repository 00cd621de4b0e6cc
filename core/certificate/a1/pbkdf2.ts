import { type Bytes, DerReader, enter, readOid, readSmallInteger, TAG } from "../der.ts";
import { A1Failure, type WorkBudget } from "./failure.ts";
import type { HashName } from "./kdf.ts";

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
  budget.spendNative(iterations);
  const base = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
  const parameters = { name: "PBKDF2", hash, salt, iterations: Math.max(1, iterations) };
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, base, length * 8));
}
