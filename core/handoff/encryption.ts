import type { Encrypted } from "../store/records/handoff.ts";

const encoder = new TextEncoder();

/**
 * Encrypts under a key made from the portal's secret by HKDF-SHA-256, so that a copy of the store
 * alone signs nothing. What was encrypted under one name is decrypted under no other.
 */
export async function encrypt(
  secret: string,
  name: string,
  bytes: BufferSource,
): Promise<Encrypted> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv, additionalData: encoder.encode(name) },
    await encryptionKey(secret, "encrypt"),
    bytes,
  );
  return { iv, data: new Uint8Array(data) };
}

/** The bytes; null when they were encrypted under another secret or name, or were changed. */
export async function decrypt(
  secret: string,
  name: string,
  { iv, data }: Encrypted,
): Promise<ArrayBuffer | null> {
  const key = await encryptionKey(secret, "decrypt");
  try {
    const parameters = { name: "AES-GCM", iv, additionalData: encoder.encode(name) };
    return await crypto.subtle.decrypt(parameters, key, data);
  } catch {
    return null;
  }
}

async function encryptionKey(secret: string, use: "encrypt" | "decrypt"): Promise<CryptoKey> {
  const input = await crypto.subtle.importKey("raw", encoder.encode(secret), "HKDF", false, [
    "deriveKey",
  ]);
  return await crypto.subtle.deriveKey(
    {
      name: "HKDF",
      hash: "SHA-256",
      // The secret is random and the use has a name of its own: no salt is needed (RFC 5869, 3.1).
      salt: new Uint8Array(),
      info: encoder.encode("habilita handoff signing keys"),
    },
    input,
    { name: "AES-GCM", length: 256 },
    false,
    [use],
  );
}
