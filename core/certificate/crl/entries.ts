import { delay } from "../../store/delay.ts";
import {
  type Bytes,
  DerError,
  type ElementHeader,
  readHeader,
  readSingle,
  readSmallInteger,
  TAG,
} from "../der.ts";
import { readRawExtensions } from "../extensions.ts";
import { readTime } from "../time.ts";
import {
  bucketCount,
  hashSerial,
  MAX_BUCKET_OCTETS,
  RECORD_OCTETS,
  type RevokedSerials,
  writeRecord,
} from "./serials.ts";

/** Lets everything else that waits for the thread run; called between two slices of work. */
export type Pause = () => Promise<void>;

export const letOthersRun: Pause = () => delay(0);

/** Entries read in one go: a few milliseconds of work. */
export const SLICE = 2_000;

/** SEQUENCE { INTEGER of one octet, UTCTime }: no entry is shorter. */
const MIN_ENTRY_OCTETS = 20;
const MAX_SERIAL_OCTETS = 20;

const REASON_CODE = "2.5.29.21";
const CERTIFICATE_ISSUER = "2.5.29.29";
const REMOVE_FROM_CRL = 8;
/** cRLReason, holdInstructionCode and invalidityDate: none of them makes a revocation void. */
const PROCESSED = new Set([REASON_CODE, "2.5.29.23", "2.5.29.24"]);

/** An entry says something this portal does not follow, so the whole list must not be used. */
export class UnsupportedEntry extends Error {
  override name = "UnsupportedEntry";
}

/**
 * Reads the entries of a revocation list (RFC 5280, 5.1.2.6 and 5.3) in slices, keeping serial
 * number and date.
 *
 * @param entries content of `revokedCertificates`
 * @throws {DerError} when they are not as the standard demands
 * @throws {UnsupportedEntry} for entries about another issuer's certificates (indirect lists), for
 * `removeFromCRL` (delta lists only) and for unknown critical extensions
 */
export async function readEntries(entries: Bytes, pause: Pause): Promise<RevokedSerials> {
  const capacity = Math.ceil(entries.length / MIN_ENTRY_OCTETS);
  const records = new Uint8Array(capacity * RECORD_OCTETS);
  const extensionsSeen: Bytes[] = [];
  let count = 0;
  for (let at = 0, read = 1; at < entries.length; read++) {
    const entry = readHeader(entries, at);
    const serial = readHeader(entries, entry.start, entry.end);
    const date = readHeader(entries, serial.end, entry.end);
    if (entry.tag !== TAG.sequence || serial.tag !== TAG.integer) throw new DerError("CRL entry");
    const time = readTime(entries, date);
    if (date.end < entry.end) checkExtensions(entries, date.end, entry.end, extensionsSeen);
    const start = startOfSerial(entries, serial);
    if (start !== null) {
      const { end } = serial;
      writeRecord(records, count++ * RECORD_OCTETS, { bytes: entries, start, end }, time);
    }
    at = entry.end;
    if (read % SLICE === 0) await pause();
  }
  return { count, buckets: await spread(records.subarray(0, count * RECORD_OCTETS), pause) };
}

/**
 * Where the octets of the number begin, without the zero in front. Null for serial numbers that no
 * certificate accepted by this portal can have (RFC 5280, 4.1.2.2: positive, at most 20 octets):
 * nothing is lost by leaving them out.
 */
function startOfSerial(bytes: Bytes, { end, start }: ElementHeader): number | null {
  const first = bytes[start]!;
  if (end === start) throw new DerError("empty integer");
  if (end - start > 1 && first === 0 && bytes[start + 1]! < 0x80) {
    throw new DerError("integer not minimal");
  }
  if (first >= 0x80) return null;
  const magnitude = first === 0 ? start + 1 : start;
  return end - magnitude <= MAX_SERIAL_OCTETS ? magnitude : null;
}

/** Nearly all entries of a list carry the same few octets (a reason): each is read only once. */
function checkExtensions(entries: Bytes, start: number, end: number, seen: Bytes[]): void {
  for (const known of seen) if (isAt(known, entries, start, end)) return;
  const bytes = entries.subarray(start, end);
  for (const [oid, { critical, value }] of readRawExtensions(bytes)) {
    if (oid === CERTIFICATE_ISSUER) throw new UnsupportedEntry("entry of another issuer");
    if (critical && !PROCESSED.has(oid)) throw new UnsupportedEntry(`critical extension ${oid}`);
    if (oid === REASON_CODE) {
      const reason = readSmallInteger(readSingle(value, TAG.enumerated).content);
      if (reason === REMOVE_FROM_CRL) throw new UnsupportedEntry("removeFromCRL");
    }
  }
  if (seen.length < 16) seen.push(bytes);
}

function isAt(known: Bytes, bytes: Bytes, start: number, end: number): boolean {
  let i = end - start === known.length ? known.length : -1;
  while (i > 0 && bytes[start + i - 1] === known[i - 1]) i--;
  return i === 0;
}

/** Sorts the records into buckets: count, then copy. */
async function spread(records: Bytes, pause: Pause): Promise<Bytes[]> {
  const count = records.length / RECORD_OCTETS;
  const buckets = bucketCount(count);
  const bucketOf = new Uint16Array(count);
  const sizes = new Array<number>(buckets).fill(0);
  for (let i = 0; i < count; i++) {
    const bucket = hashSerial(records, i * RECORD_OCTETS) % buckets;
    bucketOf[i] = bucket;
    sizes[bucket]! += RECORD_OCTETS;
    if ((i + 1) % SLICE === 0) await pause();
  }
  if (sizes.some((size) => size > MAX_BUCKET_OCTETS)) throw new DerError("entries repeated");
  const parts = sizes.map((size) => new Uint8Array(size));
  const filled = new Array<number>(buckets).fill(0);
  for (let i = 0; i < count; i++) {
    const bucket = bucketOf[i]!;
    const at = i * RECORD_OCTETS;
    const part = parts[bucket]!;
    let to = filled[bucket]!;
    for (let from = at; from < at + RECORD_OCTETS; from++) part[to++] = records[from]!;
    filled[bucket] = to;
    if ((i + 1) % SLICE === 0) await pause();
  }
  return parts;
}
