import { bodyCodec } from "./body.ts";
import { type BackupEntry, decodeEntries, deserialize, familyOf } from "./entry.ts";
import {
  type BackupHeader,
  type BackupSummary,
  CHUNK_HEAD,
  decodeHeader,
  MOST_BODY,
  MOST_HEADER,
  SEAL,
  sealOf,
} from "./format.ts";
import { BackupRefused } from "./messages.ts";

/** A backup that was read from its first byte to its last, and is whole. */
export interface VerifiedBackup extends BackupSummary {
  header: BackupHeader;
  /** Lower-case hex. */
  checksum: string;
  /** Of the file. */
  bytes: number;
}

export interface ReadOptions {
  /** `HABILITA_BACKUP_KEY`. */
  key: string | null;
  /** Told the bytes read so far. */
  onProgress?(bytes: number): void;
}

/**
 * Reads a backup as a whole: every seal, every record, and whether they add up to what the last
 * chunk says.
 *
 * @param onEntries given the records of each chunk with their bytes together, and waited for
 * @throws {BackupRefused} `not_a_backup`, `newer_format`, `damaged`, `cut`, `key_missing`, `key_wrong`
 * @throws {Deno.errors.NotFound}
 */
export async function readBackup(
  file: string,
  { key, onProgress }: ReadOptions,
  onEntries: (entries: BackupEntry[], bytes: number) => Promise<void> | void = () => {},
): Promise<VerifiedBackup> {
  using input = await Deno.open(file);
  const start = await readUpTo(input, MOST_HEADER);
  const { header, size } = decodeHeader(start);
  await input.seek(size, Deno.SeekMode.Start);
  let codec: ReturnType<typeof bodyCodec> | null = null;
  let seal = sealOf(start.subarray(0, size));
  let bytes = size;
  const counted: BackupSummary = { records: 0, families: {} };
  for (let place = 0;; place++) {
    const chunk = await readChunk(input, seal);
    seal = chunk.seal;
    bytes += chunk.bytes;
    // Only now: of a damaged file it is not said that the key is wrong or missing.
    codec ??= bodyCodec(header, key);
    const content = codec.unpack(chunk.body, place, chunk.last);
    if (chunk.last) {
      if ((await readUpTo(input, 1)).length > 0) throw new BackupRefused("damaged");
      if (!isSame(counted, decode(content, deserialize) as BackupSummary)) {
        throw new BackupRefused("damaged");
      }
      onProgress?.(bytes);
      return { ...counted, header, checksum: seal.toHex(), bytes };
    }
    const entries = decode(content, decodeEntries);
    for (const entry of entries) {
      const family = familyOf(entry);
      counted.records++;
      counted.families[family] = (counted.families[family] ?? 0) + 1;
    }
    await onEntries(entries, content.length);
    onProgress?.(bytes);
  }
}

async function readChunk(input: Deno.FsFile, before: Uint8Array) {
  const head = await readExactly(input, CHUNK_HEAD);
  const length = new DataView(head.buffer).getUint32(0);
  if (length > MOST_BODY || head[4]! > 1) throw new BackupRefused("damaged");
  const body = await readExactly(input, length);
  const written = await readExactly(input, SEAL);
  const seal = sealOf(before, head, body);
  if (seal.toHex() !== written.toHex()) throw new BackupRefused("damaged");
  return { body, seal, last: head[4] === 1, bytes: CHUNK_HEAD + length + SEAL };
}

async function readExactly(input: Deno.FsFile, size: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await readUpTo(input, size);
  if (bytes.length < size) throw new BackupRefused("cut");
  return bytes;
}

async function readUpTo(input: Deno.FsFile, size: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(size);
  let filled = 0;
  while (filled < size) {
    const read = await input.read(bytes.subarray(filled));
    if (read === null) break;
    filled += read;
  }
  return bytes.subarray(0, filled);
}

function decode<T>(content: Uint8Array, how: (content: Uint8Array) => T): T {
  try {
    return how(content);
  } catch (cause) {
    throw new BackupRefused("damaged", { cause });
  }
}

function isSame(counted: BackupSummary, said: BackupSummary): boolean {
  const sorted = ({ records, families }: BackupSummary) =>
    JSON.stringify([records, Object.entries(families).sort()]);
  return sorted(counted) === sorted(said);
}
