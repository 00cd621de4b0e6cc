/// <reference lib="deno.worker" />
/**
 * Runs in a Worker: SQLite's calls take seconds, in which the portal goes on. Takes one `Task`, answers
 * with one `Done`.
 */
import { DatabaseSync } from "node:sqlite";
import { rewriteTables } from "./rewrite.ts";

export interface Task {
  path: string;
  /** Makes the file smaller too; needs all permissions. */
  vacuum: boolean;
  /** How long to wait for other writers, and for readers (ms). */
  patience: number;
}

/** `busy`: another process writes, or reads what the log still holds. */
export type Done = { ok: true } | { ok: false; busy: boolean; error: string };

function compact({ path, vacuum, patience }: Task): Done {
  const db = new DatabaseSync(path);
  try {
    db.exec(`PRAGMA busy_timeout = ${patience}`);
    if (vacuum) db.exec("VACUUM");
    else rewriteTables(db);
    // The log has the pages as they were before.
    const { busy } = db.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get() as { busy: number };
    return busy ? { ok: false, busy: true, error: "the log is being read" } : { ok: true };
  } finally {
    db.close();
  }
}

self.onmessage = ({ data }: MessageEvent<Task>) => {
  let done: Done;
  try {
    done = compact(data);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    done = { ok: false, busy: /locked|busy/i.test(text), error: text };
  }
  self.postMessage(done);
};
