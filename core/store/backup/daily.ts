import { join } from "@std/path";
import type { StoreSettings } from "../../config/mod.ts";
import { keys } from "../keys.ts";
import { transact } from "../transact.ts";
import { dailyName, isDue, toRemove } from "./keep.ts";
import { BackupRefused } from "./messages.ts";
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
    const reason = reasonOf(error);
    console.error(`backup: ${reason}`);
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

/** For who runs the portal: one line, in Portuguese. */
function reasonOf(error: unknown): string {
  if (error instanceof BackupRefused) return error.message;
  const text = error instanceof Error ? error.message.split("\n", 1)[0]! : String(error);
  if (error instanceof Deno.errors.NotFound || /no such file/i.test(text)) {
    return "A pasta de HABILITA_BACKUP_DIR não existe: crie-a, ou monte o disco em que ela fica.";
  }
  if (/denied|read-only file system|requires (read|write) access/i.test(text)) {
    return "Nada pode ser gravado na pasta de HABILITA_BACKUP_DIR: confira as permissões.";
  }
  if (/no space|disk is full|disk I\/O/i.test(text)) {
    return "Não há espaço em disco para o backup e para a cópia do banco que ele faz.";
  }
  return `O backup não foi gravado: ${text}`;
}
