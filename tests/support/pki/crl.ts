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

/** Who signs a list. */
export interface ListIssuer {
  /** DER. */
  name: Uint8Array;
  publicKey: CryptoKey;
  privateKey: CryptoKey;
}

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

/**
 * Makes and signs a revocation list (RFC 5280, 5), also one that is wrong or long: the library's
 * generator writes neither, and its time grows with the square of the entries. Answers DER.
 */
export async function createCrl(issuer: ListIssuer, spec: CrlSpec): Promise<Bytes> {
  const { extensions = [], nextUpdate, number, revoked = [], thisUpdate } = spec;
  const all = [
    await extension.authorityKeyId(issuer.publicKey),
    ...(number === null ? [] : [{ oid: "2.5.29.20", value: integer(number) }]),
    ...extensions,
  ];
  return await sign(issuer.privateKey, (algorithm) =>
    sequence(
      integer(1),
      algorithm,
      issuer.name,
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
