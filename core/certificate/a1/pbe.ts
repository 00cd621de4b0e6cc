import { type Bytes, DerError, DerReader, enter, readOid, readSmallInteger, TAG } from "../der.ts";
import { toDer } from "./ber.ts";
import { type Decrypt, decryptAes, decryptRc2, decryptTripleDes } from "./ciphers.ts";
import { A1Failure, type WorkBudget } from "./failure.ts";
import { deriveBytes, KDF_PURPOSE } from "./kdf.ts";
import type { PasswordForms } from "./password.ts";
import { deriveKey, readPbkdf2 } from "./pbkdf2.ts";

interface Cipher {
  decrypt: Decrypt;
  keyLength: number;
  ivLength: number;
}

const PBES2 = "1.2.840.113549.1.5.13";

const PBES2_CIPHERS: Record<string, Cipher> = {
  "2.16.840.1.101.3.4.1.2": { decrypt: decryptAes, keyLength: 16, ivLength: 16 },
  "2.16.840.1.101.3.4.1.22": { decrypt: decryptAes, keyLength: 24, ivLength: 16 },
  "2.16.840.1.101.3.4.1.42": { decrypt: decryptAes, keyLength: 32, ivLength: 16 },
  "1.2.840.113549.3.7": { decrypt: decryptTripleDes, keyLength: 24, ivLength: 8 },
};

/** The schemes of PKCS#12 itself, all over SHA-1 (RFC 7292, appendix C), without those over RC4. */
const PKCS12_CIPHERS: Record<string, Cipher> = {
  "1.2.840.113549.1.12.1.3": { decrypt: decryptTripleDes, keyLength: 24, ivLength: 8 },
  "1.2.840.113549.1.12.1.5": { decrypt: decryptRc2, keyLength: 16, ivLength: 8 },
  "1.2.840.113549.1.12.1.6": { decrypt: decryptRc2, keyLength: 5, ivLength: 8 },
};

/**
 * Decrypts what must be one DER SEQUENCE, which is how the right password is recognised; null when
 * no form of the password gives one.
 */
export async function decryptSequence(
  identifier: Bytes,
  data: Bytes,
  forms: PasswordForms,
  budget: WorkBudget,
): Promise<Bytes | null> {
  const algorithm = enter(identifier);
  const oid = readOid(algorithm.next(TAG.oid).content);
  const parameters = algorithm.next(TAG.sequence).content;
  const attempts = oid === PBES2
    ? pbes2Attempts(parameters, forms, budget)
    : pkcs12Attempts(oid, parameters, forms, budget);
  for await (const { cipher, iv, key } of attempts) {
    if (iv.length !== cipher.ivLength) throw new DerError("initialisation vector");
    const plain = await cipher.decrypt(key, iv, data);
    const sequence = plain && trySequence(plain);
    if (sequence) return sequence;
  }
  return null;
}

interface Attempt {
  cipher: Cipher;
  key: Bytes;
  iv: Bytes;
}

async function* pbes2Attempts(
  content: Bytes,
  forms: PasswordForms,
  budget: WorkBudget,
): AsyncGenerator<Attempt> {
  const parameters = new DerReader(content);
  const kdf = readPbkdf2(parameters.next(TAG.sequence).bytes);
  const scheme = new DerReader(parameters.next(TAG.sequence).content);
  parameters.end();
  const oid = readOid(scheme.next(TAG.oid).content);
  const cipher = PBES2_CIPHERS[oid];
  if (!cipher) throw new A1Failure("pfx_unsupported", { tipo: oid });
  const iv = scheme.next(TAG.octetString).content;
  for (const password of forms.pbkdf2) {
    yield { cipher, iv, key: await deriveKey(password, kdf, cipher.keyLength, budget) };
  }
}

function* pkcs12Attempts(
  oid: string,
  content: Bytes,
  forms: PasswordForms,
  budget: WorkBudget,
): Generator<Attempt> {
  const cipher = PKCS12_CIPHERS[oid];
  if (!cipher) throw new A1Failure("pfx_unsupported", { tipo: oid });
  const parameters = new DerReader(content);
  const salt = parameters.next(TAG.octetString).content;
  const iterations = readSmallInteger(parameters.next(TAG.integer).content);
  parameters.end();
  for (const password of forms.pkcs12) {
    const derive = (purpose: 1 | 2, length: number) => {
      budget.spendOwn(iterations * Math.ceil(length / 20));
      return deriveBytes(password, { hash: "SHA-1", salt, iterations, purpose, length });
    };
    const key = derive(KDF_PURPOSE.key, cipher.keyLength);
    yield { cipher, key, iv: derive(KDF_PURPOSE.iv, cipher.ivLength) };
  }
}

function trySequence(plain: Bytes): Bytes | null {
  try {
    const der = toDer(plain);
    return der[0] === TAG.sequence ? der : null;
  } catch (error) {
    if (error instanceof DerError) return null;
    throw error;
  }
}
