import type { Bytes } from "../der.ts";

/** Decrypts in CBC mode and removes the padding; null when the padding is wrong. */
export type Decrypt = (key: Bytes, iv: Bytes, data: Bytes) => Promise<Bytes | null>;

export const decryptAes: Decrypt = async (key, iv, data) => {
  const imported = await crypto.subtle.importKey("raw", key, "AES-CBC", false, ["decrypt"]);
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-CBC", iv }, imported, data));
  } catch {
    // WebCrypto tells no more than that it failed.
    return null;
  }
};

/** Loaded only for a file that needs it: no certificate authority should write 3DES any more. */
export const decryptTripleDes: Decrypt = async (key, iv, data) => {
  const [{ default: des }, { default: util }] = await Promise.all([
    import("node-forge/lib/des.js"),
    import("node-forge/lib/util.js"),
  ]);
  return runForge(des.createDecryptionCipher(binary(key), "CBC"), util, iv, data);
};

/** RC2, whose effective key length is that of the key. */
export const decryptRc2: Decrypt = async (key, iv, data) => {
  const [{ default: rc2 }, { default: util }] = await Promise.all([
    import("node-forge/lib/rc2.js"),
    import("node-forge/lib/util.js"),
  ]);
  return runForge(rc2.createDecryptionCipher(binary(key), 8 * key.length), util, iv, data);
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

function runForge(
  cipher: ForgeCipher,
  util: { createBuffer(bytes: string): ForgeBuffer },
  iv: Bytes,
  data: Bytes,
): Bytes | null {
  cipher.start(binary(iv));
  cipher.update(util.createBuffer(binary(data)));
  if (!cipher.finish()) return null;
  return Uint8Array.from(cipher.output.getBytes(), (character) => character.charCodeAt(0));
}

function binary(bytes: Bytes): string {
  let text = "";
  for (const octet of bytes) text += String.fromCharCode(octet);
  return text;
}
