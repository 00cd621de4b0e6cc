import type { Random } from "./random.ts";

type Bytes = Uint8Array<ArrayBuffer>;
type Change = (bytes: Bytes, random: Random) => Bytes;

/** Octets at the borders of what a length, a tag or a number may be. */
const BORDERS = [0x00, 0x01, 0x02, 0x30, 0x31, 0x7f, 0x80, 0x81, 0x82, 0x84, 0xa0, 0xa3, 0xff];
/** Characters that mean something in headers and PEM. */
const MARKS = [...' :,;=%-"\n\t+/'].map((mark) => mark.charCodeAt(0));

const set = (bytes: Bytes, at: number, value: number): Bytes => {
  const changed = bytes.slice();
  if (at < changed.length) changed[at] = value;
  return changed;
};

function splice(bytes: Bytes, at: number, removed: number, added: Uint8Array): Bytes {
  const rest = bytes.subarray(Math.min(bytes.length, at + removed));
  const changed = new Uint8Array(at + added.length + rest.length);
  changed.set(bytes.subarray(0, at));
  changed.set(added, at);
  changed.set(rest, at + added.length);
  return changed;
}

/** Where a DER element with a short or two-octet length may begin: found by its tag. */
function elementNear(bytes: Bytes, random: Random): { at: number; length: number } | null {
  const from = random.below(bytes.length);
  for (let at = from; at < Math.min(bytes.length - 2, from + 40); at++) {
    const length = bytes[at + 1]!;
    if (TAGS.has(bytes[at]!) && length < 0x80 && at + 2 + length <= bytes.length) {
      return { at, length: length + 2 };
    }
  }
  return null;
}

const TAGS = new Set([0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0c, 0x13, 0x17, 0x30, 0x31, 0xa0]);

const CHANGES: readonly Change[] = [
  (bytes, random) => {
    const at = random.below(bytes.length);
    return set(bytes, at, bytes[at]! ^ 1 << random.below(8));
  },
  (bytes, random) => set(bytes, random.below(bytes.length), random.below(256)),
  (bytes, random) => set(bytes, random.below(bytes.length), random.pick(BORDERS)),
  (bytes, random) => set(bytes, random.below(bytes.length), random.pick(MARKS)),
  (bytes, random) => {
    const at = random.below(bytes.length);
    return set(bytes, at, bytes[at]! + random.pick([-1, 1]) & 0xff);
  },
  // A stretch lost, doubled, or put where another was.
  (bytes, random) => splice(bytes, random.below(bytes.length), 1 + random.below(8), EMPTY),
  (bytes, random) => {
    const at = random.below(bytes.length);
    return splice(bytes, at, 0, bytes.subarray(at, at + 1 + random.below(16)));
  },
  (bytes, random) => {
    const length = 1 + random.below(16);
    const from = random.below(bytes.length);
    return splice(bytes, random.below(bytes.length), length, bytes.subarray(from, from + length));
  },
  // A whole element exchanged for another of the same length: lengths around it stay right.
  (bytes, random) => {
    const one = elementNear(bytes, random);
    const other = elementNear(bytes, random);
    if (!one || !other || one.length !== other.length) return bytes;
    const changed = bytes.slice();
    changed.set(bytes.subarray(other.at, other.at + other.length), one.at);
    return changed;
  },
  // The content of an element filled with one octet.
  (bytes, random) => {
    const element = elementNear(bytes, random);
    if (!element) return bytes;
    const changed = bytes.slice();
    return changed.fill(random.pick(BORDERS), element.at + 2, element.at + element.length);
  },
  (bytes, random) => bytes.slice(0, random.below(bytes.length)),
  (bytes, random) => splice(bytes, bytes.length, 0, bytes.subarray(0, 1 + random.below(8))),
];

const EMPTY = new Uint8Array();

/** One to four random changes; the outcome may by accident be the same as before. */
export function mutate(bytes: Bytes, random: Random): Bytes {
  let changed = bytes;
  for (let left = random.pick([1, 1, 1, 2, 2, 4]); left > 0 && changed.length > 0; left--) {
    changed = random.pick(CHANGES)(changed, random);
  }
  return changed;
}
