import { calculateJwkThumbprint } from "jose";
import { appendAudit } from "../audit/append.ts";
import type { Deps } from "../deps.ts";
import { keys } from "../store/keys.ts";
import { read } from "../store/read.ts";
import type { KeyRotation, StoredKey } from "../store/records/handoff.ts";
import { transact } from "../store/transact.ts";
import { currentOf, dueKey, publishedOf } from "./key_rotation.ts";
import { decrypt, encrypt } from "./encryption.ts";

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
  return publishedOf(rotation, deps.now()).map(({ kid, x }) => ({
    kty: "OKP",
    crv: "Ed25519",
    x,
    kid,
    alg: "EdDSA",
    use: "sig",
  }));
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

/** The keys as they are kept, for whoever runs the portal. Makes none. */
export async function listKeys({ kv }: Pick<Deps, "kv">): Promise<KeyRotation> {
  return await read(kv, keys.signingKeys()) ?? [];
}

/**
 * Forgets every key, because somebody else may have them: what they signed is worth nothing from now
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
  const bytes = current && await decrypt(deps.config.secret, current.kid, current.encrypted);
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
  return { kid, x: x!, encrypted: await encrypt(deps.config.secret, kid, pkcs8), signsFrom };
}
