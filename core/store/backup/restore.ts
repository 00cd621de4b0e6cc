import { newId } from "../../ids.ts";
import type { Key } from "../key.ts";
import { keys } from "../keys.ts";
import type { Restoring } from "../records/upkeep.ts";
import { transact } from "../transact.ts";
import { type BackupEntry, encodeEntries, familyOf } from "./entry.ts";
import { BackupRefused } from "./messages.ts";
import { readBackup, type VerifiedBackup } from "./read.ts";

/** Bounds of one commit, half of what the store accepts: 1,000 mutations and 800 KB. */
const MOST = { records: 500, bytes: 400_000 };

/** Records that a restore writes itself. */
const OF_THE_RUN: readonly string[] = [keys.maintenance.family, keys.restoring.family];
/** Records that an empty store may have: about itself. That of its identity becomes the backup's. */
const OF_EMPTY: readonly string[] = [
  ...OF_THE_RUN,
  ...[keys.storeIdentity, keys.storeProbe, keys.storeCompaction].map(({ family }) => family),
];

export interface RestoreOptions {
  /** `HABILITA_BACKUP_KEY`. */
  key: string | null;
  now?: () => number;
  /** Told which reading of the file this is, and the bytes of it that are done. */
  onProgress?(phase: "verify" | "restore", bytes: number): void;
}

/** A restore that was done. */
export interface RestoreReport {
  backup: VerifiedBackup;
  /** Records that stand in the store now. */
  restored: number;
  /** Records that had expired since the backup. */
  expired: number;
  /** Whether an interrupted restore was ended. */
  resumed: boolean;
}

/**
 * Puts the records of a backup into an empty store. The file is read as a whole before anything is
 * written. Until the last record is there the store is marked: no portal starts on it, and one that
 * runs commits nothing. A restore that was interrupted is ended by doing it again with the same file.
 *
 * @throws {BackupRefused} `store_not_empty`, `other_restore`, `overtaken`, and as `readBackup`
 */
export async function restoreBackup(
  kv: Deno.Kv,
  file: string,
  { key, now = Date.now, onProgress = () => {} }: RestoreOptions,
): Promise<RestoreReport> {
  const backup = await readBackup(file, {
    key,
    onProgress: (bytes) => onProgress("verify", bytes),
  });
  const { checksum } = backup;
  const { mark, resumed } = await begin(kv, { checksum, file, now });
  const writer = new RecordWriter(kv, mark.run, now);
  const again = await readBackup(file, {
    key,
    onProgress: (bytes) => onProgress("restore", bytes),
  }, (entries, bytes) => writer.add(entries, bytes));
  // The file has been exchanged in between: what was written is not what was looked at.
  if (again.checksum !== checksum) throw new BackupRefused("damaged");
  await writer.end(mark);
  return { backup, restored: writer.restored, expired: writer.expired, resumed };
}

/** Marks the store, or takes over the mark of a run that did not come to its end. */
async function begin(
  kv: Deno.Kv,
  { checksum, file, now }: { checksum: string; file: string; now: () => number },
): Promise<{ mark: Restoring; resumed: boolean }> {
  const run = newId(now());
  const before = await kv.get<Restoring>(keys.restoring());
  if (!before.value) await requireEmpty(kv);
  const begun = await transact(kv, async (tx) => {
    const left = await tx.get(keys.restoring());
    if (left && left.checksum !== checksum) throw new BackupRefused("other_restore");
    const maintenance = left ? left.maintenance : await tx.get(keys.maintenance());
    const mark = { run, checksum, file, startedAt: now(), maintenance };
    tx.set(keys.restoring(), mark);
    tx.set(keys.maintenance(), maintenance ?? { since: mark.startedAt });
    return { mark, resumed: left !== null };
  }, { inMaintenance: true });
  if (!begun.resumed) {
    // From here on nothing else is committed; what was, between the look and the mark, is seen now.
    await requireEmpty(kv).catch(async (error) => {
      await unmark(kv, begun.mark);
      throw error;
    });
  }
  return begun;
}

async function requireEmpty(kv: Deno.Kv): Promise<void> {
  for await (const { key } of kv.list({ prefix: [] })) {
    if (!OF_EMPTY.includes(familyOf({ key }))) throw new BackupRefused("store_not_empty");
  }
}

/** Lets the store serve again. */
async function unmark(kv: Deno.Kv, { run, maintenance }: Restoring): Promise<void> {
  await transact(kv, async (tx) => {
    if ((await tx.get(keys.restoring()))?.run !== run) throw new BackupRefused("overtaken");
    tx.delete(keys.restoring());
    if (!maintenance) tx.delete(keys.maintenance());
  }, { inMaintenance: true });
}

/** Writes records in commits as large as the store takes, each only while the mark is this run's. */
class RecordWriter {
  restored = 0;
  expired = 0;
  readonly #kv: Deno.Kv;
  readonly #run: string;
  readonly #now: () => number;
  #batch: BackupEntry[] = [];
  #bytes = 0;

  constructor(kv: Deno.Kv, run: string, now: () => number) {
    this.#kv = kv;
    this.#run = run;
    this.#now = now;
  }

  /** @param bytes of the records together, as they are stored */
  async add(entries: readonly BackupEntry[], bytes: number): Promise<void> {
    const live = entries.filter(({ expiresAt }) => expiresAt === null || expiresAt > this.#now());
    this.expired += entries.length - live.length;
    if (bytes <= MOST.bytes) return await this.#put(live, bytes);
    for (const entry of live) await this.#put([entry], encodeEntries([entry]).length);
  }

  async end(mark: Restoring): Promise<void> {
    await this.#flush();
    await unmark(this.#kv, mark);
  }

  /** Of few enough records for one commit. */
  async #put(entries: readonly BackupEntry[], bytes: number): Promise<void> {
    const full = this.#batch.length + entries.length > MOST.records;
    if (full || this.#bytes + bytes > MOST.bytes) await this.#flush();
    this.#batch.push(...entries);
    this.#bytes += bytes;
  }

  async #flush(): Promise<void> {
    const [batch, now] = [this.#batch, this.#now()];
    [this.#batch, this.#bytes] = [[], 0];
    await transact(this.#kv, async (tx) => {
      if ((await tx.get(keys.restoring()))?.run !== this.#run) throw new BackupRefused("overtaken");
      for (const { key, value, expiresAt } of batch) {
        const options = expiresAt === null ? {} : { expireIn: Math.max(1, expiresAt - now) };
        tx.set(key as unknown as Key<unknown>, value, options);
      }
    }, { inMaintenance: true });
    this.restored += batch.length;
  }
}

/**
 * Empties a store in which a restore was left in the middle.
 *
 * @returns the number of records that were removed
 * @throws {BackupRefused} `nothing_to_discard`
 */
export async function discardRestore(kv: Deno.Kv, now: () => number = Date.now): Promise<number> {
  // The mark is taken over, so that a restore that still runs writes nothing more.
  const mark = await transact(kv, async (tx) => {
    const left = await tx.get(keys.restoring());
    if (!left) throw new BackupRefused("nothing_to_discard");
    const mine = { ...left, run: newId(now()) };
    tx.set(keys.restoring(), mine);
    return mine;
  }, { inMaintenance: true });
  let removed = 0;
  let batch: Key<unknown>[] = [];
  const flush = async () => {
    await transact(kv, (tx) => batch.forEach((key) => tx.delete(key)), { inMaintenance: true });
    removed += batch.length;
    batch = [];
  };
  for await (const { key } of kv.list({ prefix: [] }, { batchSize: 500 })) {
    if (OF_THE_RUN.includes(familyOf({ key }))) continue;
    if (batch.push(key as unknown as Key<unknown>) === MOST.records) await flush();
  }
  await flush();
  await unmark(kv, mark);
  return removed;
}
