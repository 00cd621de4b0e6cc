import { log } from "../../log/mod.ts";
import { join } from "@std/path";
import type { StoreSettings } from "../../config/mod.ts";
import { keys } from "../keys.ts";
import { transact } from "../transact.ts";
import { dailyName, isDue, toRemove } from "./keep.ts";
import { explainFailure } from "./messages.ts";
import { runBackup } from "./run.ts";
import type { BackupReport } from "./write.ts";

/** Where the daily backups go. */
export interface DailyPlace {
  /** `HABILITA_BACKUP_DIR`. */
  folder: string;
  /** `HABILITA_BACKUP_KEY`. */
  key: string | null;
}

/** One name for all: two processes with one folder do not write at the same time. */
const PART = "habilita.backup.part";

/**
 * Makes the backup of the day, when there is none yet, and removes those that are not kept any more.
 * To be called every hour: one that failed is tried again. It is for a cron, so that it throws
 * nothing: a failure is noted in the store and logged in one line.
 *
 * @returns null when none was due, or it failed
 */
export async function dailyBackup(
  { kv, now }: { kv: Deno.Kv; now(): number },
  where: StoreSettings,
  { folder, key }: DailyPlace,
  signal?: AbortSignal,
): Promise<BackupReport | null> {
  try {
    if (!isDue(await namesIn(folder), now())) return null;
    const name = dailyName(now());
    const target = { file: join(folder, name), part: join(folder, PART), key };
    const report = await runBackup(kv, where, target, { signal, now });
    for (const old of toRemove(await namesIn(folder), name)) await Deno.remove(join(folder, old));
    return report;
  } catch (error) {
    if (signal?.aborted) return null;
    const reason = explainFailure(error, "HABILITA_BACKUP_DIR");
    log("error", "backup_failed", { reason });
    await transact(kv, async (tx) => {
      const since = (await tx.get(keys.backupFailure()))?.since ?? now();
      tx.set(keys.backupFailure(), { since, at: now(), reason });
    }, { inMaintenance: true }).catch(() => {});
    return null;
  }
}

async function namesIn(folder: string): Promise<string[]> {
  return await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
}
