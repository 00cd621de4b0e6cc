import { join } from "@std/path";
import { newId } from "../../ids.ts";
import type { StoreSettings } from "../../config/mod.ts";
import { keys } from "../keys.ts";
import { FILE_NAME } from "../file.ts";
import { transact } from "../transact.ts";
import type { BackupJob, BackupSource, OnProgress } from "./make.ts";
import { BackupRefused } from "./messages.ts";
import type { FromWorker } from "./worker.ts";
import { type BackupReport, type BackupTarget, exists } from "./write.ts";

/** Where the copies of a store stand while it is backed up: beside it, as they hold the same. */
const COPIES = "backup-";

export interface BackupOptions {
  onProgress?: OnProgress;
  /** Ends the backup: nothing is left of it. */
  signal?: AbortSignal;
  now?: () => number;
}

/**
 * Backs up the store that the settings name, in a thread of its own, and notes it there. Whatever
 * happens, but for a kill, nothing is left but the whole backup; what a kill left, the next one
 * removes.
 *
 * @param kv the store, to note it
 * @returns what was written
 * @throws {BackupRefused} `no_store`, and as `makeBackup`
 * @throws the signal's reason
 */
export async function runBackup(
  kv: Deno.Kv,
  where: StoreSettings,
  target: BackupTarget,
  { onProgress = () => {}, signal, now = Date.now }: BackupOptions = {},
): Promise<BackupReport> {
  if (await exists(target.file)) throw new BackupRefused("file_exists");
  await using source = await prepare(where);
  const at = now();
  try {
    const report = await inWorker({ source: source.source, target, now: at }, onProgress, signal);
    const { file, bytes, records } = report;
    await transact(kv, (tx) => {
      tx.set(keys.backup(), { at, file, bytes, records });
      tx.delete(keys.backupFailure());
    }, { inMaintenance: true });
    return report;
  } catch (error) {
    // One that another process writes is not this one's to remove.
    const others = error instanceof BackupRefused && error.code === "being_written";
    if (!others) await Deno.remove(target.part).catch(() => {});
    throw error;
  }
}

/**
 * Looks that there is a store where the settings say, before opening makes an empty one.
 * @throws {BackupRefused} `no_store`
 */
export async function requireStore(where: StoreSettings): Promise<void> {
  if (where.HABILITA_KV !== null || where.DENO_DEPLOYMENT_ID !== null) return;
  if (!await exists(join(where.HABILITA_DATA, FILE_NAME))) throw new BackupRefused("no_store");
}

async function prepare(
  where: StoreSettings,
): Promise<{ source: BackupSource } & AsyncDisposable> {
  if (where.HABILITA_KV !== null || where.DENO_DEPLOYMENT_ID !== null) {
    return { source: { address: where.HABILITA_KV }, async [Symbol.asyncDispose]() {} };
  }
  await requireStore(where);
  const file = join(where.HABILITA_DATA, FILE_NAME);
  await removeLeftovers(where.HABILITA_DATA);
  const folder = join(where.HABILITA_DATA, `${COPIES}${newId(Date.now())}`);
  await Deno.mkdir(folder, { mode: 0o700 });
  const lock = await Deno.open(join(folder, "lock"), { createNew: true, write: true, mode: 0o600 });
  await lock.lock(true);
  return {
    source: { file, folder },
    async [Symbol.asyncDispose]() {
      lock.close();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** Copies of processes that were killed: the lock of a process ends with it. */
async function removeLeftovers(data: string): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(data)) {
    if (!isDirectory || !name.startsWith(COPIES)) continue;
    const folder = join(data, name);
    // One without a lock is being made or removed at this moment.
    using lock = await Deno.open(join(folder, "lock"), { write: true }).catch(() => null);
    if (await lock?.tryLock(true)) await Deno.remove(folder, { recursive: true }).catch(() => {});
  }
}

async function inWorker(
  job: BackupJob,
  onProgress: OnProgress,
  signal?: AbortSignal,
): Promise<BackupReport> {
  signal?.throwIfAborted();
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  const { promise, resolve, reject } = Promise.withResolvers<BackupReport>();
  worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
    if (data.kind === "progress") onProgress(data.done, data.total);
    else if (data.kind === "done") resolve(data.report);
    else if (data.kind === "refused") reject(new BackupRefused(data.code));
    else reject(new Error(data.message));
  };
  worker.onerror = (event) => {
    event.preventDefault();
    reject(new Error(event.message));
  };
  const onAbort = () => reject(signal!.reason);
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    worker.postMessage(job);
    return await promise;
  } finally {
    signal?.removeEventListener("abort", onAbort);
    worker.terminate();
  }
}
