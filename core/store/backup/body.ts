import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { type BackupHeader, MOST_BODY } from "./format.ts";
import { BackupRefused } from "./messages.ts";

const CIPHER = "aes-256-gcm";
const TAG = 16;

/** From contents to bodies of chunks and back; a chunk is known by its place and whether it is the last. */
export interface BodyCodec {
  pack(content: Uint8Array, place: number, last: boolean): Uint8Array;
  /** @throws {BackupRefused} `key_wrong` for the first chunk, else `damaged` */
  unpack(body: Uint8Array, place: number, last: boolean): Uint8Array;
}

/** How a backup is enciphered that is made with this setting; null without one. */
export function newEncryption(key: string | null): BackupHeader["encryption"] {
  if (key === null) return null;
  const salt = new Uint8Array(randomBytes(32)).toBase64();
  return { cipher: "AES-256-GCM", kdf: "HKDF-SHA-256", salt };
}

/**
 * The codec of a file: zstd, then AES-256-GCM under a key of this file alone. The nonce is the place
 * of the chunk, and whether it is the last is authenticated with it: chunks can be neither moved,
 * left out nor cut off. The setting is a long random text, so HKDF is enough of a derivation.
 *
 * @param key `HABILITA_BACKUP_KEY`; ignored by a file that is not enciphered
 * @throws {BackupRefused} `key_missing`, `damaged`
 */
export function bodyCodec({ encryption }: BackupHeader, key: string | null): BodyCodec {
  if (encryption === null) return { pack, unpack };
  if (encryption?.cipher !== "AES-256-GCM" || encryption.kdf !== "HKDF-SHA-256") {
    throw new BackupRefused("damaged");
  }
  if (key === null) throw new BackupRefused("key_missing");
  const secret = fileKey(key, encryption.salt);
  return {
    pack(content, place, last) {
      const cipher = createCipheriv(CIPHER, secret, nonce(place), { authTagLength: TAG });
      cipher.setAAD(Uint8Array.of(Number(last)));
      const sealed = [cipher.update(pack(content)), cipher.final(), cipher.getAuthTag()];
      return concat(sealed);
    },
    unpack(body, place, last) {
      return unpack(decipher(secret, body, place, last));
    },
  };
}

function decipher(secret: Uint8Array, body: Uint8Array, place: number, last: boolean): Uint8Array {
  try {
    const decipher = createDecipheriv(CIPHER, secret, nonce(place), { authTagLength: TAG });
    decipher.setAAD(Uint8Array.of(Number(last)));
    decipher.setAuthTag(body.subarray(body.length - TAG));
    return concat([decipher.update(body.subarray(0, body.length - TAG)), decipher.final()]);
  } catch (cause) {
    // The seals of the file were right: at its beginning nothing but the key can be wrong.
    throw new BackupRefused(place === 0 ? "key_wrong" : "damaged", { cause });
  }
}

function fileKey(key: string, salt: string): Uint8Array {
  try {
    const bytes = Uint8Array.fromBase64(salt);
    return new Uint8Array(hkdfSync("sha256", key, bytes, "habilita backup 1", 32));
  } catch (cause) {
    throw new BackupRefused("damaged", { cause });
  }
}

function nonce(place: number): Uint8Array {
  const bytes = new Uint8Array(12);
  new DataView(bytes.buffer).setBigUint64(4, BigInt(place));
  return bytes;
}

function pack(content: Uint8Array): Uint8Array {
  return zstdCompressSync(content);
}

function unpack(body: Uint8Array): Uint8Array {
  try {
    return zstdDecompressSync(body, { maxOutputLength: MOST_BODY });
  } catch (cause) {
    throw new BackupRefused("damaged", { cause });
  }
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
