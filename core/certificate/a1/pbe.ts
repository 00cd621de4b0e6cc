import {
  type Bytes,
  DerError,
  DerReader,
  enter,
  readOid,
  readOrNull,
  readSmallInteger,
  TAG,
  toLatin1,
} from "../der.ts";
import { toDer } from "./ber.ts";
import { A1Failure } from "./failure.ts";
import { deriveBytes, deriveKey, KDF_PURPOSE, type PasswordForms, readPbkdf2 } from "./kdf.ts";

/** Decrypts in CBC mode and removes the padding; null when the padding is wrong. */
type Decrypt = (key: Bytes, iv: Bytes, data: Bytes) => Promise<Bytes | null>;

const decryptAes: Decrypt = async (key, iv, data) => {
  const imported = await crypto.subtle.importKey("raw", key, "AES-CBC", false, ["decrypt"]);
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-CBC", iv }, imported, data));
  } catch {
    // WebCrypto tells no more than that it failed.
    return null;
  }
};

/** Loaded only for a file that needs it: no certificate authority should write 3DES any more. */
const decryptTripleDes: Decrypt = async (key, iv, data) => {
  const { default: des } = await import("node-forge/lib/des.js");
  return await runForge(des.createDecryptionCipher(toLatin1(key), "CBC"), iv, data);
};

/** RC2, whose effective key length is that of the key. */
const decryptRc2: Decrypt = async (key, iv, data) => {
  const { default: rc2 } = await import("node-forge/lib/rc2.js");
  return await runForge(rc2.createDecryptionCipher(toLatin1(key), 8 * key.length), iv, data);
};

interface ForgeBuffer {
  getBytes(): string;
}

interface ForgeCipher {
  start(iv: string): void;
  update(input: ForgeBuffer): void;
  /** False when the padding is wrong. */
  finish(): boolean;
  output: ForgeBuffer;
}

async function runForge(cipher: ForgeCipher, iv: Bytes, data: Bytes): Promise<Bytes | null> {
  const { default: util } = await import("node-forge/lib/util.js");
  cipher.start(toLatin1(iv));
  cipher.update(util.createBuffer(toLatin1(data)));
  if (!cipher.finish()) return null;
  return Uint8Array.from(cipher.output.getBytes(), (character) => character.charCodeAt(0));
}

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
): Promise<Bytes | null> {
  const algorithm = enter(identifier);
  const oid = readOid(algorithm.next(TAG.oid).content);
  const parameters = algorithm.next(TAG.sequence).content;
  const attempts = oid === PBES2
    ? pbes2Attempts(parameters, forms)
    : pkcs12Attempts(oid, parameters, forms);
  for await (const { cipher, iv, key } of attempts) {
    if (iv.length !== cipher.ivLength) throw new DerError("initialisation vector");
    const plain = await cipher.decrypt(key, iv, data);
    const sequence = plain && trySequence(plain);
    if (sequence) return sequence;
  }
  return null;
}

interface DecryptionAttempt {
  cipher: Cipher;
  key: Bytes;
  iv: Bytes;
}

async function* pbes2Attempts(
  content: Bytes,
  forms: PasswordForms,
): AsyncGenerator<DecryptionAttempt> {
  const parameters = new DerReader(content);
  const kdf = readPbkdf2(parameters.next(TAG.sequence).bytes);
  const scheme = new DerReader(parameters.next(TAG.sequence).content);
  parameters.end();
  const oid = readOid(scheme.next(TAG.oid).content);
  const cipher = PBES2_CIPHERS[oid];
  if (!cipher) throw new A1Failure("pfx_unsupported", { tipo: oid });
  const iv = scheme.next(TAG.octetString).content;
  for (const password of forms.pbkdf2) {
    yield { cipher, iv, key: await deriveKey(password, kdf, cipher.keyLength, forms.budget) };
  }
}

function* pkcs12Attempts(
  oid: string,
  content: Bytes,
  forms: PasswordForms,
): Generator<DecryptionAttempt> {
  const cipher = PKCS12_CIPHERS[oid];
  if (!cipher) throw new A1Failure("pfx_unsupported", { tipo: oid });
  const parameters = new DerReader(content);
  const salt = parameters.next(TAG.octetString).content;
  const iterations = readSmallInteger(parameters.next(TAG.integer).content);
  parameters.end();
  for (const password of forms.pkcs12) {
    const derive = (purpose: 1 | 2, length: number) => {
      forms.budget.spend("own", iterations * Math.ceil(length / 20));
      return deriveBytes(password, { hash: "SHA-1", salt, iterations, purpose, length });
    };
    const key = derive(KDF_PURPOSE.key, cipher.keyLength);
    yield { cipher, key, iv: derive(KDF_PURPOSE.iv, cipher.ivLength) };
  }
}

function trySequence(plain: Bytes): Bytes | null {
  const der = readOrNull(() => toDer(plain));
  return der?.[0] === TAG.sequence ? der : null;
}
