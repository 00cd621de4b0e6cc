import { keys } from "../keys.ts";
import { type BackupEntry, familyOf } from "./entry.ts";
import { type EntrySource, freeze } from "./frozen.ts";
import { BackupRefused } from "./messages.ts";
import { readRemote } from "./remote.ts";
import { type BackupReport, type BackupTarget, writeBackup } from "./write.ts";

/** A store to be backed up. */
export type BackupSource =
  | {
    /** The SQLite file of a store in a folder. */
    file: string;
    /** An empty folder for a copy of it, for the caller to remove. */
    folder: string;
  }
  /** A store over KV Connect; null is the one that Deno Deploy gives. */
  | { address: string | null };

/** A backup to be made; can be sent to a Worker. */
export interface BackupJob {
  source: BackupSource;
  target: BackupTarget;
  /** Milliseconds since the epoch. */
  now: number;
}

/** Told the records written so far, and how many there are; null when that is not known. */
export type OnProgress = (done: number, total: number | null) => void;

/** What is about this store at this place, and not for another. */
const LEFT_OUT: readonly string[] = [
  keys.maintenance.family,
  keys.restoring.family,
  keys.storeProbe.family,
  keys.storeCompaction.family,
];

/**
 * Makes a backup in this thread; `runBackup` does it in another one.
 *
 * @throws {BackupRefused} `file_exists`, `being_written`, `maintenance_ended`
 */
export async function makeBackup(job: BackupJob, onProgress: OnProgress): Promise<BackupReport> {
  const { source } = job;
  if ("file" in source) {
    await using frozen = await freeze(source.file, source.folder);
    return await write(job, frozen, { pointInTime: true, onProgress });
  }
  using kv = await Deno.openKv(source.address ?? undefined);
  const flag = () => kv.get(keys.maintenance());
  const before = await flag();
  const pointInTime = before.versionstamp !== null;
  await using remote = readRemote(kv, job.now);
  return await write(job, remote, {
    pointInTime,
    onProgress,
    // Nothing can have been written from the first look to the second: see `transact`.
    async onRead() {
      if (!pointInTime || (await flag()).versionstamp === before.versionstamp) return;
      throw new BackupRefused("maintenance_ended");
    },
  });
}

interface Reading {
  pointInTime: boolean;
  onProgress: OnProgress;
  onRead?(): Promise<void>;
}

async function write(
  { target, now }: BackupJob,
  { total, entries }: EntrySource,
  { pointInTime, onProgress, onRead }: Reading,
): Promise<BackupReport> {
  async function* all(): AsyncGenerator<BackupEntry> {
    let done = 0;
    for await (const entry of entries) {
      if (++done % 1_000 === 0 || done === total) onProgress(done, total);
      if (!LEFT_OUT.includes(familyOf(entry))) yield entry;
    }
    await onRead?.();
  }
  return await writeBackup(target, { now, pointInTime }, all());
}
