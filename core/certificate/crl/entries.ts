import { delay } from "../../store/delay.ts";
import {
  type Bytes,
  DerError,
  DerReader,
  equalBytes,
  readSingle,
  readSmallInteger,
  readUnsigned,
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
  const reader = new DerReader(entries);
  let count = 0;
  for (let read = 1; !reader.done; read++) {
    const fields = new DerReader(reader.next(TAG.sequence).content);
    const serial = readSerial(fields.next(TAG.integer).content);
    const time = readTime(fields.next());
    const extensions = fields.optional(TAG.sequence);
    fields.end();
    if (extensions) checkExtensions(extensions.bytes, extensionsSeen);
    if (serial) writeRecord(records, count++ * RECORD_OCTETS, serial, time);
    if (read % SLICE === 0) await pause();
  }
  return { count, buckets: await spread(records.subarray(0, count * RECORD_OCTETS), pause) };
}

/**
 * Null for serial numbers that no certificate accepted by this portal can have (RFC 5280, 4.1.2.2:
 * positive, at most 20 octets): nothing is lost by leaving them out.
 */
function readSerial(content: Bytes): Bytes | null {
  if (content[0]! >= 0x80) return null;
  const magnitude = readUnsigned(content);
  return magnitude.length <= MAX_SERIAL_OCTETS ? magnitude : null;
}

/** Nearly all entries of a list carry the same few octets (a reason): each is read only once. */
function checkExtensions(bytes: Bytes, seen: Bytes[]): void {
  if (seen.some((known) => equalBytes(known, bytes))) return;
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
    parts[bucket]!.set(records.subarray(at, at + RECORD_OCTETS), filled[bucket]!);
    filled[bucket]! += RECORD_OCTETS;
    if ((i + 1) % SLICE === 0) await pause();
  }
  return parts;
}
