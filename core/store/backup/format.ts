/**
 * The file of a backup, format 1 (docs/decisions/0030-backup.md):
 *
 *     HABILITA-BACKUP\n
 *     header as JSON, one line\n
 *     chunk, chunk, … , last chunk
 *
 * A chunk is the length of its body (4 bytes, most significant first), a byte that is 1 for the last
 * chunk and else 0, the body, and 32 bytes of SHA-256 over the seal before it (for the first chunk:
 * of the first two lines) and all of this chunk. So each seal vouches for everything up to it, and
 * the last one is the checksum of the whole.
 */
import { createHash } from "node:crypto";
import { BackupRefused } from "./messages.ts";

export const FORMAT = 1;
const MAGIC = "HABILITA-BACKUP\n";
/** Bytes of the first two lines at most. */
export const MOST_HEADER = 4_096;
/** Bytes before the body of a chunk, and after it. */
export const [CHUNK_HEAD, SEAL] = [5, 32];
/** Bytes of a body at most, as it stands in the file or unpacked. */
export const MOST_BODY = 16 * 1024 * 1024;

/** What a backup says of itself before its records. */
export interface BackupHeader {
  format: number;
  /** ISO 8601, UTC. */
  createdAt: string;
  /** Whether all records are of one moment. */
  pointInTime: boolean;
  compression: "zstd";
  /** Null when everybody can read it. The key is made from `HABILITA_BACKUP_KEY` and the salt. */
  encryption: { cipher: "AES-256-GCM"; kdf: "HKDF-SHA-256"; salt: string } | null;
}

/** What stands in the last chunk: what the others must add up to. */
export interface BackupSummary {
  records: number;
  /** Records by the first part of their key. */
  families: Record<string, number>;
}

export function encodeHeader(header: BackupHeader): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${MAGIC}${JSON.stringify(header)}\n`);
}

/**
 * @param start of a file, at least `MOST_HEADER` bytes of it or all
 * @returns the header and the number of its bytes
 * @throws {BackupRefused} `not_a_backup`, `newer_format`, `damaged`
 */
export function decodeHeader(start: Uint8Array): { header: BackupHeader; size: number } {
  const text = new TextDecoder().decode(start.subarray(0, MOST_HEADER));
  if (!text.startsWith(MAGIC)) throw new BackupRefused("not_a_backup");
  const end = text.indexOf("\n", MAGIC.length);
  try {
    const line = text.slice(MAGIC.length, end);
    const header = JSON.parse(line) as BackupHeader;
    if (header.format > FORMAT) throw new BackupRefused("newer_format");
    // Other bytes than these would not have been written.
    const size = MAGIC.length + new TextEncoder().encode(line).length + 1;
    if (end < 0 || header.format !== FORMAT || header.compression !== "zstd") {
      throw new BackupRefused("damaged");
    }
    return { header, size };
  } catch (error) {
    throw error instanceof BackupRefused ? error : new BackupRefused("damaged", { cause: error });
  }
}

/** The seal that a chunk has after what stands before it; of the header alone without a chunk. */
export function sealOf(before: Uint8Array, ...chunk: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const hash = createHash("sha256").update(before);
  for (const part of chunk) hash.update(part);
  return new Uint8Array(hash.digest());
}

/** The bytes before a body. */
export function chunkHead(length: number, last: boolean): Uint8Array<ArrayBuffer> {
  const head = new Uint8Array(CHUNK_HEAD);
  new DataView(head.buffer).setUint32(0, length);
  head[4] = Number(last);
  return head;
}
