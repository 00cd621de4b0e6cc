import { bodyCodec, newEncryption } from "./body.ts";
import { type BackupEntry, encodeEntries, familyOf, MOST_ENTRIES, serialize } from "./entry.ts";
import {
  type BackupHeader,
  type BackupSummary,
  chunkHead,
  encodeHeader,
  FORMAT,
  sealOf,
} from "./format.ts";
import { BackupRefused } from "./messages.ts";

/** Where a backup is written, and how. */
export interface BackupTarget {
  /** The name that it gets when it is whole. */
  file: string;
  /** The name that it has until then, in the same folder. */
  part: string;
  /** `HABILITA_BACKUP_KEY`. */
  key: string | null;
}

/** A backup that is whole and on the disk. */
export interface BackupReport extends BackupSummary {
  file: string;
  /** Of the file. */
  bytes: number;
  /** Lower-case hex. */
  checksum: string;
  pointInTime: boolean;
}

/**
 * Writes a backup under its temporary name, mode 0600, and gives it its own at the end. An existing
 * file is never replaced. What fails leaves the part, which the caller removes; the next backup with
 * the same part writes over one that a killed process has left.
 *
 * @throws {BackupRefused} `file_exists`, `being_written`
 */
export async function writeBackup(
  { file, part, key }: BackupTarget,
  about: { now: number; pointInTime: boolean },
  entries: AsyncIterable<BackupEntry>,
): Promise<BackupReport> {
  if (await exists(file)) throw new BackupRefused("file_exists");
  using out = await openPart(part);
  const header: BackupHeader = {
    format: FORMAT,
    createdAt: new Date(about.now).toISOString(),
    pointInTime: about.pointInTime,
    compression: "zstd",
    encryption: newEncryption(key),
  };
  const writer = new ChunkWriter(out, header, key);
  await writer.begin();
  const summary: BackupSummary = { records: 0, families: {} };
  let batch: BackupEntry[] = [];
  for await (const entry of entries) {
    const family = familyOf(entry);
    summary.records++;
    summary.families[family] = (summary.families[family] ?? 0) + 1;
    if (batch.push(entry) < MOST_ENTRIES) continue;
    await writer.chunk(encodeEntries(batch));
    batch = [];
  }
  if (batch.length > 0) await writer.chunk(encodeEntries(batch));
  await writer.chunk(serialize(summary), true);
  await out.syncData();
  const { size: bytes } = await out.stat();
  await publish(part, file);
  const { checksum } = writer;
  return { ...summary, file, bytes, checksum, pointInTime: about.pointInTime };
}

async function openPart(part: string): Promise<Deno.FsFile> {
  const out = await Deno.open(part, { create: true, write: true, mode: 0o600 });
  if (!await out.tryLock(true)) {
    out.close();
    throw new BackupRefused("being_written");
  }
  await out.truncate(0);
  return out;
}

/** A name for what has none yet: a link fails where there is a file. */
async function publish(part: string, file: string): Promise<void> {
  try {
    await Deno.link(part, file);
    await Deno.remove(part);
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) throw new BackupRefused("file_exists");
    // Not every file system has links.
    if (await exists(file)) throw new BackupRefused("file_exists");
    await Deno.rename(part, file);
  }
}

export async function exists(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, (error) => {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  });
}

class ChunkWriter {
  readonly #out: Deno.FsFile;
  readonly #codec: ReturnType<typeof bodyCodec>;
  readonly #header: Uint8Array<ArrayBuffer>;
  #seal: Uint8Array;
  #place = 0;

  constructor(out: Deno.FsFile, header: BackupHeader, key: string | null) {
    this.#out = out;
    this.#codec = bodyCodec(header, key);
    this.#header = encodeHeader(header);
    this.#seal = sealOf(this.#header);
  }

  /** Of everything written so far. */
  get checksum(): string {
    return this.#seal.toHex();
  }

  async begin(): Promise<void> {
    await writeAll(this.#out, this.#header);
  }

  async chunk(content: Uint8Array, last = false): Promise<void> {
    const body = this.#codec.pack(content, this.#place++, last);
    const head = chunkHead(body.length, last);
    this.#seal = sealOf(this.#seal, head, body);
    for (const bytes of [head, body, this.#seal]) await writeAll(this.#out, bytes);
  }
}

async function writeAll(out: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await out.write(bytes.subarray(at));
}
