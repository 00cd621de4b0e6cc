import type { KeyRotation, StoredKey } from "../store/records/handoff.ts";
import { calculateJwkThumbprint } from "jose";
import { appendAudit } from "../audit/append.ts";
import type { Deps } from "../deps.ts";
import { open, seal } from "../secrets.ts";
import { keys } from "../store/keys.ts";
import { read } from "../store/read.ts";
import { transact } from "../store/transact.ts";

const HOUR = 60 * 60_000;
/** What the private halves are sealed for. */
const SEALED = "handoff signing keys";

/** How long a key signs. */
export const SIGNS_FOR = 90 * 24 * HOUR;
/** How long a key is published before it signs: target systems keep the set for a while. */
export const PUBLISHED_BEFORE = 24 * HOUR;
/** How long a key stays published after another has taken its place. */
export const PUBLISHED_AFTER = HOUR;

/**
 * The key that signs now: the one whose time has come last. When the clock was set back to before the
 * first one, that one.
 */
export function currentOf(rotation: KeyRotation, now: number): StoredKey | null {
  return rotation.findLast(({ signsFrom }) => signsFrom <= now) ?? rotation[0] ?? null;
}

/** What is published: the current key, the next one, and those retired a short time ago. */
export function publishedOf(rotation: KeyRotation, now: number): StoredKey[] {
  return rotation.filter((_, index) => {
    const successor = rotation[index + 1];
    return !successor || now < successor.signsFrom + PUBLISHED_AFTER;
  });
}

/**
 * When a key to be made now would begin to sign, or null when none is needed. The first one signs at
 * once, since no system can have kept a set without it; every other one is published before it signs,
 * however late it is made.
 */
export function dueKey(rotation: KeyRotation, now: number): number | null {
  const last = rotation.at(-1);
  if (!last) return now;
  const planned = last.signsFrom + SIGNS_FOR;
  return now < planned - PUBLISHED_BEFORE ? null : Math.max(planned, now + PUBLISHED_BEFORE);
}

/** A key as target systems get it (RFC 7517, RFC 8037). */
export interface PublishedKey {
  kty: "OKP";
  crv: "Ed25519";
  x: string;
  kid: string;
  alg: "EdDSA";
  use: "sig";
}

/** The key that signs now, made when there is none. */
export async function signingKey(deps: Deps): Promise<{ kid: string; key: CryptoKey }> {
  const rotation = await rotateKeys(deps);
  const found = await openCurrent(deps, rotation) ??
    await openCurrent(deps, await replaceUnreadable(deps));
  if (!found) throw new Error("the signing key cannot be opened");
  return found;
}

/** What `/.well-known/jwks.json` holds: next, current and lately retired keys. */
export async function publishedKeys(deps: Deps): Promise<PublishedKey[]> {
  const rotation = await rotateKeys(deps);
  const common = { kty: "OKP", crv: "Ed25519", alg: "EdDSA", use: "sig" } as const;
  return publishedOf(rotation, deps.now()).map(({ kid, x }) => ({ ...common, x, kid }));
}

/**
 * Makes the next key when its time has come and forgets those that are not published any more. One
 * round trip when there is nothing to do. Of two processes one makes the key.
 */
export async function rotateKeys(deps: Deps): Promise<KeyRotation> {
  const stored = await read(deps.kv, keys.signingKeys()) ?? [];
  const now = deps.now();
  if (dueKey(stored, now) === null && publishedOf(stored, now).length === stored.length) {
    return stored;
  }
  return await transact(deps.kv, async (tx) => {
    const rotation = publishedOf(await tx.get(keys.signingKeys()) ?? [], now);
    const signsFrom = dueKey(rotation, now);
    if (signsFrom !== null) rotation.push(await makeKey(deps, signsFrom));
    tx.set(keys.signingKeys(), rotation);
    return rotation;
  });
}

/** The keys as they are kept, for the operator of the portal. Makes none. */
export async function listKeys({ kv }: Pick<Deps, "kv">): Promise<KeyRotation> {
  return await read(kv, keys.signingKeys()) ?? [];
}

/**
 * Forgets every key, because a thief may have them: what they signed is worth nothing from now
 * on. The next one is made when it is needed and signs at once.
 */
export async function forgetKeys(deps: Pick<Deps, "kv" | "now">): Promise<KeyRotation> {
  return await transact(deps.kv, async (tx) => {
    const rotation = await tx.get(keys.signingKeys()) ?? [];
    tx.delete(keys.signingKeys());
    await appendAudit(deps, tx, {
      stream: "portal",
      event: "handoff.keys_forgotten",
      actor: "system",
      subject: "handoff",
      detail: { kids: rotation.map(({ kid }) => kid).join(" ") },
    });
    return rotation;
  });
}

/**
 * After a change of the portal's secret the private keys are lost. A new one signs at once; what the
 * lost ones have signed can still be verified for as long as after any other rotation.
 */
async function replaceUnreadable(deps: Deps): Promise<KeyRotation> {
  return await transact(deps.kv, async (tx) => {
    const rotation = await tx.get(keys.signingKeys()) ?? [];
    const now = deps.now();
    if (await openCurrent(deps, rotation)) return rotation;
    const used = rotation.filter(({ signsFrom }) => signsFrom <= now);
    const next = [...used, await makeKey(deps, now)];
    tx.set(keys.signingKeys(), next);
    return next;
  });
}

async function openCurrent(deps: Deps, rotation: KeyRotation) {
  const current = currentOf(rotation, deps.now());
  // A record of another version of the portal is as good as one that another secret has encrypted.
  const bytes = current?.encrypted && open(deps.config, SEALED, current.kid, current.encrypted);
  if (!bytes) return null;
  const key = await crypto.subtle.importKey("pkcs8", bytes, "Ed25519", false, ["sign"]);
  return { kid: current.kid, key };
}

async function makeKey(deps: Deps, signsFrom: number): Promise<StoredKey> {
  const pair = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]);
  const { privateKey, publicKey } = pair as CryptoKeyPair;
  const { x } = await crypto.subtle.exportKey("jwk", publicKey);
  const kid = await calculateJwkThumbprint({ kty: "OKP", crv: "Ed25519", x: x! });
  const pkcs8 = await crypto.subtle.exportKey("pkcs8", privateKey);
  return {
    kid,
    x: x!,
    encrypted: seal(deps.config, SEALED, kid, new Uint8Array(pkcs8)),
    signsFrom,
  };
}
