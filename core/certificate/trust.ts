import type { Config } from "../config/mod.ts";
import { toHex } from "./der.ts";
import { keys } from "./keys.ts";
import { type Certificate, tryParseCertificate } from "./x509.ts";

/** As much of a portal as the trust store needs. */
export interface TrustPortal {
  readonly kv: Deno.Kv;
  readonly config: Pick<Config, "anchors">;
  now(): number;
}

/** A CA certificate as it is kept. */
export interface TrustRecord {
  der: Uint8Array;
  subject: string;
  /** Milliseconds since the epoch. */
  notAfter: number;
  addedAt: number;
}

/** The CA certificates of the portal, read once and shared by all requests. */
export interface TrustStore {
  /** Only those whose fingerprint is pinned in the configuration. */
  readonly anchors: readonly Certificate[];
  readonly intermediates: readonly Certificate[];
}

/** How old the copy in memory may get before changes made elsewhere are looked for. */
const MAX_AGE = 60_000;

const loaded = new WeakMap<Deno.Kv, { at: number; store: Promise<TrustStore> }>();

/**
 * The trust store, read from KV at most once a minute. What is an anchor is decided by the pinned
 * fingerprint of the bytes, never by what a record says about itself.
 */
export function loadTrust(portal: TrustPortal): Promise<TrustStore> {
  const known = loaded.get(portal.kv);
  if (known && portal.now() - known.at < MAX_AGE) return known.store;
  const store = readTrust(portal);
  loaded.set(portal.kv, { at: portal.now(), store });
  // A failed read must not be kept for a minute.
  store.catch(() => forgetTrust(portal));
  return store;
}

/** Makes the next `loadTrust` of this process read again. */
export function forgetTrust(portal: TrustPortal): void {
  loaded.delete(portal.kv);
}

async function readTrust(portal: TrustPortal): Promise<TrustStore> {
  const anchors: Certificate[] = [];
  const intermediates: Certificate[] = [];
  for await (const { value } of portal.kv.list<TrustRecord>({ prefix: keys.trust() })) {
    const certificate = tryParseCertificate(value.der);
    if (!certificate) continue;
    const pinned = portal.config.anchors.includes(await fingerprint(certificate.der));
    (pinned ? anchors : intermediates).push(certificate);
  }
  return { anchors, intermediates };
}

/** SHA-256 of the DER, lower-case hex. */
export async function fingerprint(der: Uint8Array): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array(der))));
}
