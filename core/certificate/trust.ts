import { isRecent } from "../clock.ts";
import type { Config } from "../config/mod.ts";
import { keys } from "../store/keys.ts";
import { list } from "../store/read.ts";
import { toHex } from "./der.ts";
import { type Certificate, tryParseCertificate } from "./x509.ts";

/** As much of a portal as the trust store needs. */
export interface TrustPortal {
  readonly kv: Deno.Kv;
  readonly config: Pick<Config, "anchors">;
  now(): number;
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
export function loadTrust(deps: TrustPortal): Promise<TrustStore> {
  const known = loaded.get(deps.kv);
  if (known && isRecent(known.at, deps.now(), MAX_AGE)) return known.store;
  const store = readTrust(deps);
  loaded.set(deps.kv, { at: deps.now(), store });
  // A failed read must not be kept for a minute.
  store.catch(() => forgetTrust(deps));
  return store;
}

/** Makes the next `loadTrust` of this process read again. */
export function forgetTrust(deps: TrustPortal): void {
  loaded.delete(deps.kv);
}

async function readTrust(deps: TrustPortal): Promise<TrustStore> {
  const anchors: Certificate[] = [];
  const intermediates: Certificate[] = [];
  for await (const { value } of list(deps.kv, keys.trust.under())) {
    const certificate = tryParseCertificate(value.der);
    if (!certificate) continue;
    const pinned = deps.config.anchors.includes(await fingerprint(certificate.der));
    (pinned ? anchors : intermediates).push(certificate);
  }
  return { anchors, intermediates };
}

/** SHA-256 of the DER, lower-case hex. */
export async function fingerprint(der: Uint8Array): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array(der))));
}

/** An authority is announced as expiring this long before its end. */
export const EXPIRY_WARNING = 60 * 24 * 60 * 60_000;

export interface TrustState {
  /** Roots first, then by name. */
  authorities: TrustedAuthority[];
  /** Those whose time ends within `EXPIRY_WARNING`, or has ended. */
  expiring: TrustedAuthority[];
  /** When the last one was added (milliseconds since the epoch); null in an empty store. */
  newest: number | null;
}

export interface TrustedAuthority {
  subject: string;
  notAfter: number;
  /** A pinned root. */
  anchor: boolean;
}

/** What the operator of the portal wants to know of the trust store. */
export async function describeTrust(deps: TrustPortal): Promise<TrustState> {
  const authorities: TrustedAuthority[] = [];
  let newest: number | null = null;
  for await (const { value } of list(deps.kv, keys.trust.under())) {
    const anchor = deps.config.anchors.includes(await fingerprint(value.der));
    authorities.push({ subject: value.subject, notAfter: value.notAfter, anchor });
    newest = Math.max(newest ?? 0, value.addedAt);
  }
  authorities.sort((a, b) =>
    Number(b.anchor) - Number(a.anchor) || a.subject.localeCompare(b.subject, "pt-BR")
  );
  const limit = deps.now() + EXPIRY_WARNING;
  return { authorities, expiring: authorities.filter(({ notAfter }) => notAfter < limit), newest };
}
