import { calculateJwkThumbprint } from "jose";
import { appendAudit } from "../audit/append.ts";
import type { Portal } from "../portal.ts";
import { keys } from "../store/keys.ts";
import { read } from "../store/read.ts";
import type { Ring, StoredKey } from "../store/records/handoff.ts";
import { transact } from "../store/transact.ts";
import { currentOf, dueKey, publishedOf } from "./ring.ts";
import { seal, unseal } from "./seal.ts";

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
export async function signingKey(portal: Portal): Promise<{ kid: string; key: CryptoKey }> {
  const ring = await rotateKeys(portal);
  const found = await openCurrent(portal, ring) ??
    await openCurrent(portal, await replaceUnreadable(portal));
  if (!found) throw new Error("the signing key cannot be opened");
  return found;
}

/** What `/.well-known/jwks.json` holds: next, current and lately retired keys. */
export async function publishedKeys(portal: Portal): Promise<PublishedKey[]> {
  const ring = await rotateKeys(portal);
  return publishedOf(ring, portal.now()).map(({ kid, x }) => ({
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
export async function rotateKeys(portal: Portal): Promise<Ring> {
  const stored = await read(portal.kv, keys.ring()) ?? [];
  const now = portal.now();
  if (dueKey(stored, now) === null && publishedOf(stored, now).length === stored.length) {
    return stored;
  }
  return await transact(portal.kv, async (tx) => {
    const ring = publishedOf(await tx.get(keys.ring()) ?? [], now);
    const signsFrom = dueKey(ring, now);
    if (signsFrom !== null) ring.push(await makeKey(portal, signsFrom));
    tx.set(keys.ring(), ring);
    return ring;
  });
}

/** The keys as they are kept, for whoever runs the portal. Makes none. */
export async function listKeys({ kv }: Pick<Portal, "kv">): Promise<Ring> {
  return await read(kv, keys.ring()) ?? [];
}

/**
 * Forgets every key, because somebody else may have them: what they signed is worth nothing from now
 * on. The next one is made when it is needed and signs at once.
 */
export async function forgetKeys(portal: Pick<Portal, "kv" | "now">): Promise<Ring> {
  return await transact(portal.kv, async (tx) => {
    const ring = await tx.get(keys.ring()) ?? [];
    tx.delete(keys.ring());
    await appendAudit(portal, tx, {
      stream: "portal",
      event: "handoff.keys_forgotten",
      actor: "system",
      subject: "handoff",
      detail: { kids: ring.map(({ kid }) => kid).join(" ") },
    });
    return ring;
  });
}

/**
 * After a change of the portal's secret the private keys are lost. A new one signs at once; what the
 * lost ones have signed can still be verified for as long as after any other rotation.
 */
async function replaceUnreadable(portal: Portal): Promise<Ring> {
  return await transact(portal.kv, async (tx) => {
    const ring = await tx.get(keys.ring()) ?? [];
    const now = portal.now();
    if (await openCurrent(portal, ring)) return ring;
    const used = ring.filter(({ signsFrom }) => signsFrom <= now);
    const next = [...used, await makeKey(portal, now)];
    tx.set(keys.ring(), next);
    return next;
  });
}

async function openCurrent(portal: Portal, ring: Ring) {
  const current = currentOf(ring, portal.now());
  const bytes = current && await unseal(portal.config.secret, current.kid, current.sealed);
  if (!bytes) return null;
  const key = await crypto.subtle.importKey("pkcs8", bytes, "Ed25519", false, ["sign"]);
  return { kid: current.kid, key };
}

async function makeKey(portal: Portal, signsFrom: number): Promise<StoredKey> {
  const pair = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]);
  const { privateKey, publicKey } = pair as CryptoKeyPair;
  const { x } = await crypto.subtle.exportKey("jwk", publicKey);
  const kid = await calculateJwkThumbprint({ kty: "OKP", crv: "Ed25519", x: x! });
  const pkcs8 = await crypto.subtle.exportKey("pkcs8", privateKey);
  return { kid, x: x!, sealed: await seal(portal.config.secret, kid, pkcs8), signsFrom };
}
