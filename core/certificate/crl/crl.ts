import {
  type Bytes,
  constructed,
  DerError,
  DerReader,
  enter,
  equalBytes,
  readBitOctets,
  readSmallInteger,
  TAG,
} from "../der.ts";
import { type Name, readName } from "../name.ts";
import type { Signed } from "../signature.ts";
import { readTimeElement } from "../time.ts";
import { type CrlExtensions, readCrlExtensions } from "./extensions.ts";

/** A revocation list as RFC 5280, 5.1 lays it out, its entries not yet read. */
export interface Crl extends Signed {
  readonly issuer: Name;
  /** Milliseconds since the epoch. */
  readonly thisUpdate: number;
  /** Null when the list does not say until when it holds. */
  readonly nextUpdate: number | null;
  /** Content of revokedCertificates; empty when nothing is revoked. */
  readonly entries: Bytes;
  readonly extensions: CrlExtensions;
}

/**
 * Reads what surrounds the entries; costs the same for a list of any length. The bytes are copied
 * first, so what was checked cannot change afterwards.
 *
 * @throws {DerError} when anything is not as the standard demands
 */
export function parseCrl(input: Uint8Array): Crl {
  const outer = enter(new Uint8Array(input));
  const tbs = outer.next(TAG.sequence);
  const algorithm = outer.next(TAG.sequence).bytes;
  const signature = readBitOctets(outer.next(TAG.bitString).content);
  outer.end();

  const fields = new DerReader(tbs.content);
  const version = fields.optional(TAG.integer);
  if (version && readSmallInteger(version.content) !== 1) throw new DerError("version");
  if (!equalBytes(fields.next(TAG.sequence).bytes, algorithm)) {
    throw new DerError("signature algorithms differ");
  }
  const issuer = readName(fields.next(TAG.sequence).bytes);
  const thisUpdate = readTimeElement(fields.next());
  const next = fields.optional(TAG.utcTime) ?? fields.optional(TAG.generalizedTime);
  const revoked = fields.optional(TAG.sequence);
  const extensions = fields.optional(constructed(0));
  fields.end();
  if (extensions && !version) throw new DerError("extensions before version 2");
  return {
    tbs: tbs.bytes,
    signatureAlgorithm: algorithm,
    signature,
    issuer,
    thisUpdate,
    nextUpdate: next && readTimeElement(next),
    entries: revoked?.content ?? new Uint8Array(),
    extensions: readCrlExtensions(extensions && extensions.content),
  };
}
