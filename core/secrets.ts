import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from "node:crypto";
import type { Config } from "./config/mod.ts";
import type { Sealed } from "./store/records/sealed.ts";

/** What the portal's secret is used for. Each use has a key of its own: no other opens or signs for it. */
export const PURPOSES = [
  /** Signs the cookies of sessions and visits. */
  "sessions",
  /** Codes that were sent, as they are stored. */
  "codes",
  /** Keys of the links that take a change of address back. */
  "undo links",
  /** Codes that link a Telegram account. */
  "telegram links",
  /** What attempts are counted for. */
  "throttle",
  /** Names of sessions in forms. */
  "session handles",
  /** Names of searches of people, in the addresses of their results. */
  "searches",
  /** Texts that were given out to be signed. */
  "challenges",
  /** Entries with gov.br under way. */
  "govbr attempts",
  /** What mails of the outbox say, and to whom. */
  "outbox",
  /** Names of the partitions of the outbox, and of its digests. */
  "receivers",
  /** Provisional passwords of invitations, by which those are found. */
  "provisional passwords",
  /** Names of the assertions by which target systems have said who they are. */
  "client assertions",
  /** Private halves of the keys that sign hand-offs. */
  "handoff signing keys",
] as const;

export type Purpose = typeof PURPOSES[number];

type Secrets = Pick<Config, "secrets">;

const derived = new WeakMap<readonly string[], Map<Purpose, Uint8Array<ArrayBuffer>[]>>();

/**
 * The keys of 256 bits for a purpose, one for each secret in the order of the setting: the first signs and
 * encrypts, all verify and open. HKDF-SHA-256; the secrets are random and each purpose has a name, so no
 * salt is needed (RFC 5869, 3.1).
 */
export function keysFor(
  { secrets }: Secrets,
  purpose: Purpose,
): readonly Uint8Array<ArrayBuffer>[] {
  const known = derived.get(secrets) ?? new Map();
  derived.set(secrets, known);
  const found = known.get(purpose);
  if (found) return found;
  const made = secrets.map((secret) =>
    new Uint8Array(hkdfSync("sha256", secret, "", `habilita ${purpose}`, 32))
  );
  known.set(purpose, made);
  return made;
}

/**
 * HMAC-SHA-256 of the parts under the first secret, base64url. Codes are stored as this, so that a copy of
 * the store alone does not give them away although they are short.
 */
export function keyedHash(config: Secrets, purpose: Purpose, ...parts: string[]): string {
  return hash(keysFor(config, purpose)[0]!, parts);
}

/** Like `keyedHash` under each secret, the first one first: what was stored is one of them. */
export function keyedHashes(config: Secrets, purpose: Purpose, ...parts: string[]): string[] {
  return keysFor(config, purpose).map((key) => hash(key, parts));
}

/** Is a stored hash that of the parts, under any of the secrets? */
export function isKeyedHash(
  config: Secrets,
  stored: string,
  purpose: Purpose,
  ...parts: string[]
): boolean {
  // Each is compared, so that the time does not tell which one fits.
  return keyedHashes(config, purpose, ...parts)
    .map((one) => timingSafeEqual(stored, one)).includes(true);
}

function hash(key: Uint8Array, parts: readonly string[]): string {
  // JSON keeps the borders between the parts: ("a", "bc") and ("ab", "c") must differ.
  return createHmac("sha256", key).update(JSON.stringify(parts)).digest("base64url");
}

const CIPHER = "aes-256-gcm";
const TAG = 16;

/** Encrypts under the first secret. What was sealed under one name is opened under no other. */
export function seal(config: Secrets, purpose: Purpose, name: string, bytes: Uint8Array): Sealed {
  const iv = new Uint8Array(randomBytes(12));
  const cipher = createCipheriv(CIPHER, keysFor(config, purpose)[0]!, iv);
  cipher.setAAD(encoder.encode(name));
  const parts = [cipher.update(bytes), cipher.final(), cipher.getAuthTag()];
  const data = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part, at);
    at += part.length;
  }
  return { iv, data };
}

/** The bytes; null when none of the secrets has sealed them, when the name differs or they were changed. */
export function open(
  config: Secrets,
  purpose: Purpose,
  name: string,
  { iv, data }: Sealed,
): Uint8Array<ArrayBuffer> | null {
  for (const key of keysFor(config, purpose)) {
    try {
      const decipher = createDecipheriv(CIPHER, key, iv, { authTagLength: TAG });
      decipher.setAAD(encoder.encode(name));
      decipher.setAuthTag(data.subarray(data.length - TAG));
      const bytes = new Uint8Array(decipher.update(data.subarray(0, data.length - TAG)));
      decipher.final();
      return bytes;
    } catch {
      // Another one has, perhaps.
    }
  }
  return null;
}

const encoder = new TextEncoder();

/** Compares two strings without telling by its time where they differ. */
export function timingSafeEqual(a: string, b: string): boolean {
  const left = encoder.encode(a);
  const right = encoder.encode(b);
  let difference = left.length ^ right.length;
  for (let i = 0; i < left.length; i++) difference |= left[i]! ^ (right[i % right.length] ?? 0);
  return difference === 0;
}
