import { type Bytes, DerReader, enter, readOid, readSmallInteger, TAG } from "../der.ts";
import { A1Failure } from "./failure.ts";
import {
  deriveBytes,
  deriveKey,
  type HashName,
  HMACS,
  KDF_PURPOSE,
  type PasswordForms,
  readPbkdf2,
} from "./kdf.ts";

const PBMAC1 = "1.2.840.113549.1.5.14";

const DIGESTS: Record<string, { hash: HashName; length: number }> = {
  "1.3.14.3.2.26": { hash: "SHA-1", length: 20 },
  "2.16.840.1.101.3.4.2.1": { hash: "SHA-256", length: 32 },
  "2.16.840.1.101.3.4.2.2": { hash: "SHA-384", length: 48 },
  "2.16.840.1.101.3.4.2.3": { hash: "SHA-512", length: 64 },
};

/**
 * Whether the MAC over the file's content is right for the password (RFC 7292, 4; RFC 9579).
 * @param macData DER of the MacData
 * @param content the octets the MAC was made over, exactly as in the file
 */
export async function verifyMac(
  macData: Bytes,
  content: Bytes,
  forms: PasswordForms,
): Promise<boolean> {
  const fields = enter(macData);
  const digestInfo = new DerReader(fields.next(TAG.sequence).content);
  const salt = fields.next(TAG.octetString).content;
  const count = fields.optional(TAG.integer);
  fields.end();
  const iterations = count ? readSmallInteger(count.content) : 1;
  const algorithm = new DerReader(digestInfo.next(TAG.sequence).content);
  const expected = digestInfo.next(TAG.octetString).content;
  digestInfo.end();

  const oid = readOid(algorithm.next(TAG.oid).content);
  if (oid === PBMAC1) {
    const parameters = algorithm.next(TAG.sequence).content;
    return await verifyPbmac1(parameters, expected, content, forms);
  }
  const digest = DIGESTS[oid];
  if (!digest) throw new A1Failure("pfx_unsupported", { tipo: oid });
  for (const password of forms.pkcs12) {
    forms.budget.spend("own", iterations);
    const key = deriveBytes(password, { ...digest, salt, iterations, purpose: KDF_PURPOSE.mac });
    if (await verifyHmac(key, digest.hash, expected, content)) return true;
  }
  return false;
}

async function verifyPbmac1(
  content: Bytes,
  expected: Bytes,
  data: Bytes,
  forms: PasswordForms,
): Promise<boolean> {
  const parameters = new DerReader(content);
  const kdf = readPbkdf2(parameters.next(TAG.sequence).bytes);
  const oid = readOid(new DerReader(parameters.next(TAG.sequence).content).next(TAG.oid).content);
  parameters.end();
  const hash = HMACS[oid];
  // RFC 9579, 4: the length of the key must be stated; a short one is no protection.
  if (!hash || kdf.keyLength === null || kdf.keyLength < 20 || kdf.keyLength > 64) {
    throw new A1Failure("pfx_unsupported", { tipo: oid });
  }
  for (const password of forms.pbkdf2) {
    const key = await deriveKey(password, kdf, kdf.keyLength, forms.budget);
    if (await verifyHmac(key, hash, expected, data)) return true;
  }
  return false;
}

async function verifyHmac(
  key: Bytes,
  hash: HashName,
  expected: Bytes,
  data: Bytes,
): Promise<boolean> {
  const algorithm = { name: "HMAC", hash };
  const imported = await crypto.subtle.importKey("raw", key, algorithm, false, ["verify"]);
  return await crypto.subtle.verify("HMAC", imported, expected, data);
}
