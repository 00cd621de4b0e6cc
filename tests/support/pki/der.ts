/**
 * Writes DER. The counterpart of core/certificate/der.ts and on purpose independent of it: what one
 * writes the other must be able to read, and `openssl` both.
 */
export type Bytes = Uint8Array<ArrayBuffer>;

export function tagged(tag: number, ...contents: Uint8Array[]): Bytes {
  const length = contents.reduce((sum, { length }) => sum + length, 0);
  return concat(new Uint8Array([tag, ...lengthOctets(length)]), ...contents);
}

function lengthOctets(length: number): number[] {
  if (length < 0x80) return [length];
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return [0x80 | octets.length, ...octets];
}

export function concat(...parts: Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export const sequence = (...parts: Uint8Array[]): Bytes => tagged(0x30, ...parts);
export const set = (...parts: Uint8Array[]): Bytes => tagged(0x31, ...parts);
export const octetString = (...parts: Uint8Array[]): Bytes => tagged(0x04, ...parts);
export const bitString = (bytes: Uint8Array, unused = 0): Bytes =>
  tagged(0x03, new Uint8Array([unused]), bytes);
export const boolean = (value: boolean): Bytes => tagged(0x01, new Uint8Array([value ? 0xff : 0]));
export const nothing = (): Bytes => tagged(0x05);
/** `[n]` around whole elements. */
export const explicit = (n: number, ...parts: Uint8Array[]): Bytes => tagged(0xa0 | n, ...parts);
/** `[n]` in place of a primitive type's own tag. */
export const implicit = (n: number, content: Uint8Array): Bytes => tagged(0x80 | n, content);

/** A non-negative INTEGER from a number or from big-endian octets. */
export function integer(value: number | Uint8Array): Bytes {
  let octets = typeof value === "number" ? numberOctets(value) : [...value];
  while (octets.length > 1 && octets[0] === 0) octets = octets.slice(1);
  return tagged(0x02, new Uint8Array(octets[0]! >= 0x80 ? [0, ...octets] : octets));
}

export const enumerated = (value: number): Bytes => tagged(0x0a, new Uint8Array([value]));

function numberOctets(value: number): number[] {
  const octets = [value % 256];
  for (let rest = Math.floor(value / 256); rest > 0; rest = Math.floor(rest / 256)) {
    octets.unshift(rest % 256);
  }
  return octets;
}

export function oid(dotted: string): Bytes {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const arcs = [40 * first + second, ...rest].flatMap((arc) => {
    const octets = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) {
      octets.unshift(0x80 | left % 128);
    }
    return octets;
  });
  return tagged(0x06, new Uint8Array(arcs));
}

export const utf8 = (text: string): Bytes => tagged(0x0c, new TextEncoder().encode(text));
export const printable = (text: string): Bytes => tagged(0x13, latin1(text));
export const ia5 = (text: string): Bytes => tagged(0x16, latin1(text));
export const teletex = (text: string): Bytes => tagged(0x14, latin1(text));

export function bmp(text: string): Bytes {
  const units = [...text].map((character) => character.charCodeAt(0));
  return tagged(0x1e, new Uint8Array(units.flatMap((unit) => [unit >> 8, unit & 0xff])));
}

export function latin1(text: string): Bytes {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** UTCTime until 2049, GeneralizedTime from 2050 (RFC 5280, 4.1.2.5). */
export function time(date: Date): Bytes {
  const text = date.toISOString().replace(/[-:T]|\.\d{3}/g, "");
  return date.getUTCFullYear() < 2050
    ? tagged(0x17, latin1(text.slice(2)))
    : tagged(0x18, latin1(text));
}
