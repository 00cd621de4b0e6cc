import type { Bytes } from "../der.ts";

/**
 * Revoked serial numbers, packed: records of 24 octets, each the serial number (20, zeros in front)
 * and the second of the revocation (4, since the epoch, big-endian). Records are spread over buckets
 * by a hash of the serial number, so that one bucket is all that has to be read to find one.
 */
export interface RevokedSerials {
  readonly count: number;
  /** Empty when `count` is 0. Each fits a value of the store. */
  readonly buckets: readonly Bytes[];
}

const SERIAL_OCTETS = 20;
export const RECORD_OCTETS = SERIAL_OCTETS + 4;
/** About 29 KB; the spread of the hash stays far below twice that, and a value may hold 64 KB. */
const RECORDS_PER_BUCKET = 1_200;
export const MAX_BUCKET_OCTETS = 60_000;

export function bucketCount(records: number): number {
  return Math.ceil(records / RECORDS_PER_BUCKET);
}

/** A certificate's serial number (hex) as a record begins. */
export function packSerial(hex: string): Bytes {
  const text = hex.padStart(2 * SERIAL_OCTETS, "0");
  return Uint8Array.from(
    { length: SERIAL_OCTETS },
    (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16),
  );
}

/** Writes a record: the serial number from `start` to `end` (at most 20 octets) and the time. */
export function writeRecord(
  to: Bytes,
  at: number,
  { bytes, end, start }: { bytes: Bytes; start: number; end: number },
  time: number,
): void {
  const seconds = Math.min(Math.max(0, Math.floor(time / 1000)), 2 ** 32 - 1);
  let target = at + SERIAL_OCTETS;
  for (let shift = 24; shift >= 0; shift -= 8) to[target++] = seconds >>> shift;
  target = at + SERIAL_OCTETS;
  for (let source = end; source > start;) to[--target] = bytes[--source]!;
}

/** FNV-1a over the serial number of the record at `at`: authorities count up, buckets fill evenly. */
export function hashSerial(record: Bytes, at = 0): number {
  let hash = 0x811c9dc5;
  for (let i = at; i < at + SERIAL_OCTETS; i++) {
    hash = Math.imul(hash ^ record[i]!, 0x01000193) >>> 0;
  }
  return hash;
}

/** When the serial number was revoked (milliseconds since the epoch), or null: looks into one bucket. */
export function findInBucket(bucket: Bytes, serial: Bytes): number | null {
  for (let at = 0; at + RECORD_OCTETS <= bucket.length; at += RECORD_OCTETS) {
    let i = SERIAL_OCTETS - 1;
    while (i >= 0 && bucket[at + i] === serial[i]) i--;
    if (i < 0) {
      const view = new DataView(bucket.buffer, bucket.byteOffset);
      return view.getUint32(at + SERIAL_OCTETS) * 1000;
    }
  }
  return null;
}

/**
 * When a certificate was revoked (milliseconds since the epoch); null when it is not on the list.
 *
 * @param serial lower-case hex, as in `Certificate`
 */
export function revokedAt({ buckets }: RevokedSerials, serial: string): number | null {
  if (buckets.length === 0) return null;
  const packed = packSerial(serial);
  return findInBucket(buckets[hashSerial(packed) % buckets.length]!, packed);
}
