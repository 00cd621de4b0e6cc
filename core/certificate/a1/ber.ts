import { type Bytes, DerError, TAG } from "../der.ts";

const CONSTRUCTED = 0x20;
const MAX_DEPTH = 32;

/**
 * Rewrites BER as DER as far as PKCS#12 files need it: lengths become definite and minimal, octet
 * strings in pieces become one. Windows and Java write such files, and the reader knows only DER.
 * @throws {DerError} when it is not BER, goes too deep or has bytes left over
 */
export function toDer(bytes: Bytes): Bytes {
  const { der, next } = convert(bytes, 0, 0);
  if (next !== bytes.length) throw new DerError("bytes left over");
  return der;
}

interface Converted {
  der: Bytes;
  next: number;
}

function convert(bytes: Bytes, start: number, depth: number): Converted {
  if (depth > MAX_DEPTH) throw new DerError("too deep");
  const tag = bytes[start];
  if (tag === undefined || (tag & 0x1f) === 0x1f) throw new DerError("tag");
  const { at, length } = readLength(bytes, start + 1);
  const isConstructed = (tag & CONSTRUCTED) !== 0;
  if (length === null) {
    if (!isConstructed) throw new DerError("indefinite length of a value");
    const { parts, next } = convertUntil(bytes, at, null, depth);
    return { der: joinParts(tag, parts), next };
  }
  const end = at + length;
  if (end > bytes.length) throw new DerError("ends early");
  const parts = isConstructed
    ? convertUntil(bytes, at, end, depth).parts
    : [bytes.subarray(at, end)];
  return { der: joinParts(tag, parts), next: end };
}

/** The elements up to `end`, or up to the end-of-contents octets when `end` is null. */
function convertUntil(bytes: Bytes, start: number, end: number | null, depth: number) {
  const parts: Bytes[] = [];
  let at = start;
  while (at !== end) {
    if (end === null && bytes[at] === 0 && bytes[at + 1] === 0) return { parts, next: at + 2 };
    const { der, next } = convert(bytes, at, depth + 1);
    if (end !== null && next > end) throw new DerError("longer than what holds it");
    parts.push(der);
    at = next;
  }
  return { parts, next: at };
}

function readLength(bytes: Bytes, at: number): { at: number; length: number | null } {
  const first = bytes[at];
  if (first === undefined) throw new DerError("ends early");
  if (first < 0x80) return { at: at + 1, length: first };
  if (first === 0x80) return { at: at + 1, length: null };
  const octets = bytes.subarray(at + 1, at + 1 + (first & 0x7f));
  if (octets.length > 4) throw new DerError("length form");
  const length = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  return { at: at + 1 + (first & 0x7f), length };
}

function joinParts(tag: number, parts: readonly Bytes[]): Bytes {
  if (tag === (TAG.octetString | CONSTRUCTED)) {
    return encodeElement(TAG.octetString, parts.map(octetsOf));
  }
  return encodeElement(tag, parts);
}

/** The content of a piece of an octet string, already rewritten. */
function octetsOf(piece: Bytes): Bytes {
  if (piece[0] !== TAG.octetString) throw new DerError("piece of an octet string");
  return piece.subarray(readLength(piece, 1).at);
}

function encodeElement(tag: number, parts: readonly Bytes[]): Bytes {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const head = [tag];
  if (length < 0x80) head.push(length);
  else {
    const octets: number[] = [];
    for (let rest = length; rest > 0; rest >>>= 8) octets.unshift(rest & 0xff);
    head.push(0x80 | octets.length, ...octets);
  }
  const der = new Uint8Array(head.length + length);
  der.set(head);
  let at = head.length;
  for (const part of parts) {
    der.set(part, at);
    at += part.length;
  }
  return der;
}
