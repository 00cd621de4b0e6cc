import {
  type Bytes,
  constructed,
  DerError,
  DerReader,
  enter,
  equalBytes,
  primitive,
  readBitOctets,
  readOrNull,
  readSingle,
  readSmallInteger,
  readUnsigned,
  TAG,
  toHex,
} from "./der.ts";
import { type Extensions, readExtensions } from "./extensions.ts";
import { type Name, readName } from "./name.ts";
import { readTimeElement } from "./time.ts";

/** What an authority signs: certificates and revocation lists are laid out alike. */
export interface Signed {
  /** The signed part. */
  readonly tbs: Bytes;
  /** DER of the AlgorithmIdentifier, the same inside and outside of the signed part. */
  readonly signatureAlgorithm: Bytes;
  readonly signature: Bytes;
}

/** A certificate as RFC 5280, 4.1 lays it out. Times are milliseconds since the epoch. */
export interface Certificate extends Signed {
  readonly der: Bytes;
  /** Lower-case hex without leading zero octets. */
  readonly serial: string;
  readonly issuer: Name;
  readonly subject: Name;
  readonly notBefore: number;
  readonly notAfter: number;
  /** DER of SubjectPublicKeyInfo. */
  readonly spki: Bytes;
  readonly extensions: Extensions;
}

/** More than any certificate of this field; a larger one is refused before it is read. */
const MAX_CERTIFICATE_BYTES = 64 * 1024;

/**
 * Reads one certificate. The bytes are copied first, so what was checked cannot change afterwards.
 * @throws {DerError} when anything in it is not as the standard demands
 */
export function parseCertificate(input: Uint8Array): Certificate {
  if (input.length > MAX_CERTIFICATE_BYTES) throw new DerError("certificate too large");
  const der = new Uint8Array(input);
  const signed = readSigned(der);
  const fields = enter(signed.tbs);
  const version = readVersion(fields);
  const serial = readSerial(fields.next(TAG.integer).content);
  if (!equalBytes(fields.next(TAG.sequence).bytes, signed.signatureAlgorithm)) {
    throw new DerError("signature algorithms differ");
  }
  const issuer = readName(fields.next(TAG.sequence).bytes);
  const validity = new DerReader(fields.next(TAG.sequence).content);
  const notBefore = readTimeElement(validity.next());
  const notAfter = readTimeElement(validity.next());
  validity.end();
  const subject = readName(fields.next(TAG.sequence).bytes);
  const spki = fields.next(TAG.sequence).bytes;
  const uniqueIds = [fields.optional(primitive(1)), fields.optional(primitive(2))];
  const extensions = fields.optional(constructed(3));
  fields.end();
  if (uniqueIds.some(Boolean) && version < 2) throw new DerError("unique identifier in version 1");
  if (extensions && version !== 3) throw new DerError("extensions before version 3");
  return {
    der,
    ...signed,
    serial,
    issuer,
    subject,
    notBefore,
    notAfter,
    spki,
    extensions: readExtensions(extensions && extensions.content),
  };
}

/** Takes apart what an authority has signed (RFC 5280, 4.1 and 5.1). */
export function readSigned(bytes: Bytes): Signed {
  const outer = enter(bytes);
  const tbs = outer.next(TAG.sequence).bytes;
  const signatureAlgorithm = outer.next(TAG.sequence).bytes;
  const signature = readBitOctets(outer.next(TAG.bitString).content);
  outer.end();
  return { tbs, signatureAlgorithm, signature };
}

/** The certificate, or null when the bytes are none. */
export function tryParseCertificate(input: Uint8Array): Certificate | null {
  return readOrNull(() => parseCertificate(input));
}

function readVersion(fields: DerReader): number {
  const field = fields.optional(constructed(0));
  if (!field) return 1;
  const version = readSmallInteger(readSingle(field.content, TAG.integer).content) + 1;
  if (version !== 2 && version !== 3) throw new DerError("version");
  return version;
}

/** Positive and at most 20 octets (RFC 5280, 4.1.2.2). */
function readSerial(content: Bytes): string {
  const magnitude = readUnsigned(content);
  if (content.length > 20 || magnitude.every((octet) => octet === 0)) {
    throw new DerError("serial number");
  }
  return toHex(magnitude);
}
