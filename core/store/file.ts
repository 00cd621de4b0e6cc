import { dirname } from "@std/path";
import { Turns } from "../turns.ts";
import { StoreUnavailable } from "./unavailable.ts";

/** The file of a store in a folder. */
export interface StoreFile {
  path: string;
  folder: string;
  /**
   * Commits of this process to it, one at a time. SQLite takes one at a time anyway; but those that wait
   * inside it each wait five seconds for a lock, one after the other, and cannot be called back.
   */
  turns: Turns;
  /** The file and its log, as they were when the store was opened. */
  parts: { path: string; dev: number; ino: number | null }[];
}

/** Name of the database in `HABILITA_DATA`. */
export const FILE_NAME = "habilita.sqlite3";
/** Which files belong to the database at a path: itself, the log of its last writes, their index. */
export const partsOf = (path: string) => ["", "-wal", "-shm"].map((part) => path + part);

const files = new WeakMap<Deno.Kv, StoreFile>();

/** The file that a store was opened from; null for one over the network or in memory. */
export function fileOf(kv: Deno.Kv): StoreFile | null {
  return files.get(kv) ?? null;
}

/**
 * Notes which file a store has open. Only after its first read: that makes the log.
 *
 * It must never be opened by anything but SQLite while the store is open: closing any descriptor of
 * it lets go of the process's locks.
 */
export async function rememberFile(kv: Deno.Kv, path: string): Promise<void> {
  const parts = [];
  for (const part of [path, `${path}-wal`]) {
    const { dev, ino } = await Deno.stat(part);
    parts.push({ path: part, dev, ino });
  }
  files.set(kv, { path, folder: dirname(path), turns: new Turns(1), parts });
}

/**
 * Sees that the store still is the file that its folder shows: not removed, not replaced. Two `stat`,
 * about 10 µs.
 *
 * @throws {StoreUnavailable} "gone" when a write would be seen by no process that starts later
 */
export function assertInPlace(kv: Deno.Kv): void {
  for (const { path, dev, ino } of fileOf(kv)?.parts ?? []) {
    const found = statOf(path);
    if (found?.dev === dev && found.ino === ino) continue;
    const what = found ? "foi trocado" : "não está mais lá";
    throw new StoreUnavailable(
      "gone",
      `O banco ${what}: ${path}. O portal não grava em um banco que ninguém mais encontraria: ` +
        "devolva a pasta de HABILITA_DATA, ou restaure a cópia de segurança, e inicie de novo.",
    );
  }
}

function statOf(path: string): Deno.FileInfo | null {
  try {
    return Deno.statSync(path);
  } catch (error) {
    const gone = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory;
    if (gone) return null;
    throw error;
  }
}
