import { encodeExtension, type Extension, extension, sign } from "./certificate.ts";
import {
  type Bytes,
  concat,
  enumerated,
  explicit,
  integer,
  sequence,
  tagged,
  time,
} from "./der.ts";
import type { Authority } from "./pki.ts";

export interface RevokedEntry {
  /** Big-endian. */
  serial: Uint8Array;
  date: Date;
  /** RFC 5280, 5.3.1. */
  reason?: number;
  extensions?: readonly Extension[];
}

export interface CrlSpec {
  /** Rises with every list; null leaves the extension out. */
  number: number | null;
  thisUpdate: Date;
  /** Null leaves it out, as no authority should. */
  nextUpdate: Date | null;
  revoked?: readonly RevokedEntry[];
  /** Beside authorityKeyIdentifier and crlNumber. */
  extensions?: readonly Extension[];
}

/** Makes and signs a revocation list of an authority (RFC 5280, 5); answers its DER. */
export async function createCrl(authority: Authority, spec: CrlSpec): Promise<Bytes> {
  const { extensions = [], nextUpdate, number, revoked = [], thisUpdate } = spec;
  const all = [
    await extension.authorityKeyId(authority.publicKey),
    ...(number === null ? [] : [{ oid: "2.5.29.20", value: integer(number) }]),
    ...extensions,
  ];
  return await sign(authority.privateKey, (algorithm) =>
    sequence(
      integer(1),
      algorithm,
      authority.name,
      time(thisUpdate),
      ...(nextUpdate ? [time(nextUpdate)] : []),
      // Absent, not empty, when nothing is revoked.
      ...(revoked.length > 0 ? [tagged(0x30, concat(...revoked.map(encodeEntry)))] : []),
      explicit(0, sequence(...all.map(encodeExtension))),
    ));
}

function encodeEntry({ date, extensions = [], reason, serial }: RevokedEntry): Bytes {
  const all = [
    ...(reason === undefined ? [] : [{ oid: "2.5.29.21", value: enumerated(reason) }]),
    ...extensions,
  ];
  const list = all.length > 0 ? [sequence(...all.map(encodeExtension))] : [];
  return sequence(integer(serial), time(date), ...list);
}
