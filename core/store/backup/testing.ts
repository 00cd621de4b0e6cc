/** For the tests of backups: folders that go away, a store in one, a backup from memory. */
import { join } from "@std/path";
import type { StoreSettings } from "../../config/mod.ts";
import { openStore } from "../open.ts";
import type { BackupEntry } from "./entry.ts";
import { readBackup } from "./read.ts";
import { type BackupReport, writeBackup } from "./write.ts";

export const KEY = "chave-de-teste-com-mais-de-32-caracteres";
export const NOW = Date.UTC(2026, 10, 28, 12);

/** A folder that is gone after the test. */
export async function tempFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await Deno.makeTempDir({ prefix: "habilita-backup-" });
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

export function storeIn(data: string): StoreSettings {
  return {
    HABILITA_DATA: data,
    HABILITA_KV: null,
    HABILITA_STORE_ID: null,
    DENO_DEPLOYMENT_ID: null,
  };
}

/** A store in a folder, open for the test. */
export async function openIn(data: string): Promise<{ kv: Deno.Kv; where: StoreSettings }> {
  return { kv: await openStore(data, { toBeFilled: true }), where: storeIn(data) };
}

/** Writes a backup of these records to `folder/name`. */
export async function backupOf(
  folder: string,
  entries: readonly BackupEntry[],
  { name = "a.backup", key = null, pointInTime = true }: {
    name?: string;
    key?: string | null;
    pointInTime?: boolean;
  } = {},
): Promise<BackupReport> {
  const file = join(folder, name);
  async function* all() {
    yield* entries;
  }
  return await writeBackup({ file, part: `${file}.part`, key }, { now: NOW, pointInTime }, all());
}

/** Every record of a backup. */
export async function entriesIn(file: string, key: string | null = null): Promise<BackupEntry[]> {
  const found: BackupEntry[] = [];
  await readBackup(file, { key }, (entries) => void found.push(...entries));
  return found;
}

/** Small records, for what does not depend on them. */
export function someEntries(count: number): BackupEntry[] {
  return Array.from({ length: count }, (_, i) => ({
    key: [i % 3 === 0 ? "person" : "session", `${i}`.padStart(6, "0")],
    value: { i, text: crypto.randomUUID() },
    expiresAt: i % 3 === 0 ? null : NOW + i,
  }));
}
