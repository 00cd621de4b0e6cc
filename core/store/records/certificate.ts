import type { Refusal } from "../../result.ts";

/** What a revocation list is about, as its issuing distribution point says (RFC 5280, 5.2.5). */
export interface CrlScope {
  readonly only: "users" | "authorities" | null;
  /** Keys of general names, of which the certificate's distribution points must hold one. */
  readonly names: readonly string[] | null;
}

/**
 * The revocation list of one authority as it is kept. Its serial numbers lie beside it in parts, the
 * buckets of `RevokedSerials`, under the list's own generation: a new list is written whole before one
 * commit makes it the current one.
 */
export interface CrlRecord {
  generation: string;
  /** 0 when nothing is revoked. */
  parts: number;
  /** Milliseconds since the epoch, like the other times. */
  thisUpdate: number;
  nextUpdate: number;
  /** See `CrlExtensions`. */
  number: string | null;
  scope: CrlScope;
  /** Of the list's DER, lower-case hex. */
  sha256: string;
  fetchedAt: number;
  /** Where it came from, for the next time: DER of the authority, and addresses. */
  issuer: Uint8Array;
  urls: readonly string[];
}

/** Who fetches an authority's list, and what came of it. */
export interface FetchRecord {
  token: string;
  /** Milliseconds since the epoch: when another process may fetch. */
  until: number;
  settled: boolean;
  /** Null: a list was saved. */
  outcome: Refusal | null;
}

/** A CA certificate as it is kept. */
export interface TrustRecord {
  der: Uint8Array;
  subject: string;
  /** Milliseconds since the epoch. */
  notAfter: number;
  addedAt: number;
}
