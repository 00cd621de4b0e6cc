import { join } from "@std/path";
import { backup, DatabaseSync } from "node:sqlite";
import type { BackupEntry } from "./entry.ts";

/** All records of a store, one after the other. */
export interface EntrySource extends AsyncDisposable {
  /** Null when it is not known before they have been read. */
  total: number | null;
  entries: AsyncIterable<BackupEntry>;
}

/** How long another one may hold the file (ms): a compaction holds it for as long as it takes. */
const PATIENCE = 60_000;

/**
 * Copies the file of a store that is in use, all its pages in one step, and opens the copy: what is
 * read from it is one moment of the store, while that goes on. The step blocks its thread, so this
 * is for a Worker.
 *
 * The runtime does not tell when a record expires; the file does. The copy gets that in a table of its
 * own and has none of its records expire, or the runtime would take some out of it meanwhile.
 *
 * @param folder for the copy: of nobody else's, and removed by the caller
 */
export async function freeze(file: string, folder: string): Promise<EntrySource> {
  const copy = join(folder, "copy.sqlite3");
  // SQLite would make it readable for the group and others.
  (await Deno.open(copy, { createNew: true, write: true, mode: 0o600 })).close();
  {
    using db = new DatabaseSync(file, { readOnly: true, timeout: PATIENCE });
    await backup(db, copy, { rate: -1 });
  }
  const db = new DatabaseSync(copy);
  db.exec("create table expiry (k blob primary key, at integer not null) without rowid");
  db.exec("insert into expiry select k, expiration_ms from kv where expiration_ms >= 0");
  db.exec("update kv set expiration_ms = -1 where expiration_ms >= 0");
  const { total } = db.prepare("select count(*) as total from kv").get() as { total: number };
  const kv = await Deno.openKv(copy);
  return {
    total,
    entries: withExpiry(kv, db),
    // deno-lint-ignore require-await
    async [Symbol.asyncDispose]() {
      kv.close();
      db.close();
    },
  };
}

/** The file and the runtime list keys in the same order, that of their bytes. */
async function* withExpiry(kv: Deno.Kv, db: DatabaseSync): AsyncGenerator<BackupEntry> {
  const rows = db.prepare("select at from kv left join expiry using (k) order by k").iterate();
  for await (const { key, value } of kv.list({ prefix: [] }, { batchSize: 500 })) {
    const row = rows.next();
    if (row.done) throw new Error("the copy of the store has changed while it was read");
    const { at } = row.value as unknown as { at: number | null };
    yield { key, value, expiresAt: at };
  }
  if (!rows.next().done) throw new Error("the copy of the store has changed while it was read");
}
