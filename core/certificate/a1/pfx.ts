import {
  type Bytes,
  constructed,
  DerError,
  DerReader,
  enter,
  primitive,
  readAll,
  readOid,
  readSingle,
  readSmallInteger,
  TAG,
} from "../der.ts";
import { toDer } from "./ber.ts";
import { A1Failure } from "./failure.ts";

/** A PKCS#12 file taken apart (RFC 7292, 4), nothing decrypted yet. */
export interface Pfx {
  /** The octets the MAC is over. */
  content: Bytes;
  /** DER of the MacData, if there is one. */
  macData: Bytes | null;
}

/** A part of the authenticated safe. `algorithm` is null for one that lies open. */
export interface SafePart {
  algorithm: Bytes | null;
  data: Bytes;
}

/** What was in a safe. Keys are PKCS#8, still encrypted when `algorithm` is not null. */
export type SafeItem =
  | { type: "key"; algorithm: Bytes | null; data: Bytes }
  | { type: "certificate"; der: Bytes };

const DATA = "1.2.840.113549.1.7.1";
const ENCRYPTED_DATA = "1.2.840.113549.1.7.6";
const BAG = "1.2.840.113549.1.12.10.1.";
const X509_CERTIFICATE = "1.2.840.113549.1.9.22.1";
const MAX_ITEMS = 100;
const MAX_NESTING = 4;

export function readPfx(file: Bytes): Pfx {
  const fields = enter(toDer(file));
  if (readSmallInteger(fields.next(TAG.integer).content) !== 3) throw new DerError("version");
  const { oid, value } = readContentInfo(fields.next(TAG.sequence).content);
  const mac = fields.optional(TAG.sequence);
  fields.end();
  // Signed files (public-key integrity) exist in the standard but not in this field.
  if (oid !== DATA) throw new A1Failure("pfx_unsupported", { tipo: oid });
  return { content: readSingle(value, TAG.octetString).content, macData: mac && mac.bytes };
}

/** The parts of the AuthenticatedSafe. */
export function readSafe(content: Bytes): SafePart[] {
  const parts = readAll(readSingle(toDer(content), TAG.sequence).content);
  if (parts.length > MAX_ITEMS) throw new DerError("too many parts");
  return parts.map((part) => {
    if (part.tag !== TAG.sequence) throw new DerError("part of the safe");
    const { oid, value } = readContentInfo(part.content);
    if (oid === DATA) {
      return { algorithm: null, data: toDer(readSingle(value, TAG.octetString).content) };
    }
    if (oid !== ENCRYPTED_DATA) throw new A1Failure("pfx_unsupported", { tipo: oid });
    return readEncryptedData(value);
  });
}

function readContentInfo(content: Bytes): { oid: string; value: Bytes } {
  const fields = new DerReader(content);
  const oid = readOid(fields.next(TAG.oid).content);
  const value = fields.next(constructed(0)).content;
  fields.end();
  return { oid, value };
}

/** EncryptedData (RFC 5652, 8): version, then content type, algorithm and `[0]` the octets. */
function readEncryptedData(value: Bytes): SafePart {
  const fields = enter(value);
  fields.next(TAG.integer);
  const info = new DerReader(fields.next(TAG.sequence).content);
  info.next(TAG.oid);
  const algorithm = info.next(TAG.sequence).bytes;
  const whole = info.optional(primitive(0));
  // An octet string in pieces keeps its implicit tag, so only here it is known to be one.
  const data = whole?.content ?? joinPieces(info.next(constructed(0)).content);
  return { algorithm, data };
}

function joinPieces(content: Bytes): Bytes {
  const octets = readAll(content).flatMap(({ tag, content }) => {
    if (tag !== TAG.octetString) throw new DerError("piece of an octet string");
    return [...content];
  });
  return new Uint8Array(octets);
}

/** The keys and certificates of a SafeContents; other bags (CRLs, secrets) are passed over. */
export function readItems(safeContents: Bytes, nesting = 0): SafeItem[] {
  if (nesting > MAX_NESTING) throw new DerError("too deep");
  const bags = readAll(readSingle(safeContents, TAG.sequence).content);
  if (bags.length > MAX_ITEMS) throw new DerError("too many bags");
  return bags.flatMap((bag): SafeItem[] => {
    if (bag.tag !== TAG.sequence) throw new DerError("bag");
    const fields = new DerReader(bag.content);
    const oid = readOid(fields.next(TAG.oid).content);
    const value = fields.next(constructed(0)).content;
    switch (oid) {
      case `${BAG}1`:
        return [{ type: "key", algorithm: null, data: readSingle(value, TAG.sequence).bytes }];
      case `${BAG}2`:
        return [readShroudedKey(value)];
      case `${BAG}3`:
        return readCertificateBag(value);
      case `${BAG}6`:
        return readItems(value, nesting + 1);
      default:
        return [];
    }
  });
}

function readShroudedKey(value: Bytes): SafeItem {
  const fields = enter(value);
  const algorithm = fields.next(TAG.sequence).bytes;
  const data = fields.next(TAG.octetString).content;
  fields.end();
  return { type: "key", algorithm, data };
}

function readCertificateBag(value: Bytes): SafeItem[] {
  const fields = enter(value);
  if (readOid(fields.next(TAG.oid).content) !== X509_CERTIFICATE) return [];
  const wrapped = fields.next(constructed(0)).content;
  return [{ type: "certificate", der: readSingle(wrapped, TAG.octetString).content }];
}
