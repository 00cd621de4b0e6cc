/**
 * A strict reader for DER (ITU-T X.690, clause 10), the encoding of certificates and keys. Browser-
 * safe, because the same reader shows a person what is in a file and decides on the server who may
 * enter: one parser, so the two can never disagree about what the bytes say.
 *
 * Refused with a DerError: indefinite and non-minimal lengths, tags above 30, bytes left over,
 * anything that ends early. The reader is lazy and does not recurse, so hostile nesting costs
 * nothing.
 */
export type Bytes = Uint8Array<ArrayBuffer>;

/** The bytes are not what the format demands. Never shown to people; callers turn it into a code. */
export class DerError extends Error {
  override name = "DerError";
}

/** What `read` answers, or null when the bytes are not what the format demands. */
export function readOrNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof DerError) return null;
    throw error;
  }
}

/** One tag-length-value. `bytes` is the whole encoding, `content` the value; both are views. */
export interface Element {
  readonly tag: number;
  readonly bytes: Bytes;
  readonly content: Bytes;
}

/** Universal tags, as the identifier octet appears in DER. */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  visibleString: 0x1a,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** `[n]` holding other elements (explicit tags, implicit sequences), and `[n]` holding a value. */
export const constructed = (n: number): number => 0xa0 | n;
export const primitive = (n: number): number => 0x80 | n;

/** Reads the elements of `bytes` one after the other. */
export class DerReader {
  readonly #bytes: Bytes;
  #at = 0;

  constructor(bytes: Bytes) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** The next element, which must carry `tag` when one is given. */
  next(tag?: number): Element {
    const element = this.#read();
    if (tag !== undefined && element.tag !== tag) {
      throw new DerError(`tag ${element.tag.toString(16)} where ${tag.toString(16)} is due`);
    }
    this.#at += element.bytes.length;
    return element;
  }

  /** The next element if it carries `tag`, else null and nothing is consumed. */
  optional(tag: number): Element | null {
    return this.#bytes[this.#at] === tag ? this.next(tag) : null;
  }

  /** Demands that nothing is left. */
  end(): void {
    if (!this.done) throw new DerError("bytes left over");
  }

  #read(): Element {
    const { end, start, tag } = readHeader(this.#bytes, this.#at);
    return {
      tag,
      bytes: this.#bytes.subarray(this.#at, end),
      content: this.#bytes.subarray(start, end),
    };
  }
}

/** Tag of an element and where in the octets its content lies. */
export interface ElementHeader {
  readonly tag: number;
  readonly start: number;
  readonly end: number;
}

/** The element that begins at `at` and must end by `limit`; for walks too long to make views. */
export function readHeader(bytes: Bytes, at: number, limit = bytes.length): ElementHeader {
  if (at + 2 > limit) throw new DerError("ends early");
  const tag = bytes[at]!;
  let length = bytes[at + 1]!;
  if ((tag & 0x1f) === 0x1f) throw new DerError("tag number above 30");
  let start = at + 2;
  if (length >= 0x80) {
    const octets = length & 0x7f;
    if (octets === 0 || octets > 4) throw new DerError("length form");
    length = 0;
    for (let i = 0; i < octets; i++) length = length * 256 + (bytes[start++] ?? 0);
    if (length < 0x80 || length < 256 ** (octets - 1)) throw new DerError("length not minimal");
  }
  const end = start + length;
  if (end > limit) throw new DerError("ends early");
  return { tag, start, end };
}

/** The one element that `bytes` consists of. */
export function readSingle(bytes: Bytes, tag?: number): Element {
  const reader = new DerReader(bytes);
  const element = reader.next(tag);
  reader.end();
  return element;
}

/** A reader for what is inside an element of a given tag. */
export function enter(bytes: Bytes, tag: number = TAG.sequence): DerReader {
  return new DerReader(readSingle(bytes, tag).content);
}

/** All elements directly inside `content`. */
export function readAll(content: Bytes): Element[] {
  const reader = new DerReader(content);
  const elements: Element[] = [];
  while (!reader.done) elements.push(reader.next());
  return elements;
}

/** Dotted text of an OBJECT IDENTIFIER's content. */
export function readOid(content: Bytes): string {
  const arcs: number[] = [];
  let arc = 0;
  let fresh = true;
  for (const octet of content) {
    if (fresh && octet === 0x80) throw new DerError("object identifier not minimal");
    arc = arc * 128 + (octet & 0x7f);
    if (arc > Number.MAX_SAFE_INTEGER) throw new DerError("object identifier too large");
    fresh = octet < 0x80;
    if (fresh) {
      arcs.push(arc);
      arc = 0;
    }
  }
  const head = arcs.shift();
  if (head === undefined || !fresh) throw new DerError("object identifier ends early");
  const first = Math.min(2, Math.floor(head / 40));
  return [first, head - 40 * first, ...arcs].join(".");
}

/** Checks the minimal form of an INTEGER's content and answers it (two's complement octets). */
export function readInteger(content: Bytes): Bytes {
  const [first, second] = content;
  if (first === undefined) throw new DerError("empty integer");
  if (
    second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80))
  ) {
    throw new DerError("integer not minimal");
  }
  return content;
}

/** The magnitude of a non-negative INTEGER, without the zero octet in front. */
export function readUnsigned(content: Bytes): Bytes {
  if (readInteger(content)[0]! >= 0x80) throw new DerError("negative integer");
  return content[0] === 0 && content.length > 1 ? content.subarray(1) : content;
}

/** A non-negative INTEGER below 2^31. */
export function readSmallInteger(content: Bytes): number {
  const magnitude = readUnsigned(content);
  const value = magnitude.reduce((sum, octet) => sum * 256 + octet, 0);
  if (value >= 2 ** 31) throw new DerError("integer too large");
  return value;
}

export function readBoolean(content: Bytes): boolean {
  if (content.length !== 1 || (content[0] !== 0 && content[0] !== 0xff)) {
    throw new DerError("boolean");
  }
  return content[0] === 0xff;
}

/** The octets of a BIT STRING that holds whole octets (keys, signatures). */
export function readBitOctets(content: Bytes): Bytes {
  if (content[0] !== 0) throw new DerError("bit string is not whole octets");
  return content.subarray(1);
}

export function toHex(bytes: Uint8Array): string {
  let text = "";
  for (const octet of bytes) text += (octet < 16 ? "0" : "") + octet.toString(16);
  return text;
}

/** A character for each octet. */
export function toLatin1(bytes: Uint8Array): string {
  let text = "";
  for (const octet of bytes) text += String.fromCharCode(octet);
  return text;
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((octet, i) => octet === b[i]);
}
