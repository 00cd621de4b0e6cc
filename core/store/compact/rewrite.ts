import type { DatabaseSync } from "node:sqlite";

/** Pages filled by one row. */
const PAGES_AT_ONCE = 10_000;

/**
 * Writes every table anew, in one transaction: what was deleted is in none of the pages afterwards. Does
 * what `VACUUM` does, but for making the file smaller, with less than all permissions: `VACUUM` attaches
 * a database, which the runtime lets only a process with all permissions do.
 *
 * `secure_delete` overwrites with zeros what this connection frees: the pages that were free before (it
 * takes all of them once), then those of each emptied table. The rows go back into zeroed pages.
 */
export function rewriteTables(db: DatabaseSync): void {
  db.exec("PRAGMA secure_delete = ON");
  db.exec("BEGIN IMMEDIATE");
  try {
    const names = db.prepare(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    ).all().map(({ name }) => `"${String(name).replaceAll('"', '""')}"`);
    for (const [i, name] of names.entries()) {
      db.exec(`CREATE TEMP TABLE kept_${i} AS SELECT * FROM main.${name}`);
    }
    overwriteFreePages(db);
    // Without a condition: the pages are freed whole, not row by row.
    for (const name of names) db.exec(`DELETE FROM main.${name}`);
    for (const [i, name] of names.entries()) {
      db.exec(`INSERT INTO main.${name} SELECT * FROM temp.kept_${i}`);
    }
    db.exec("COMMIT");
  } catch (error) {
    db.exec("ROLLBACK");
    throw error;
  }
}

function overwriteFreePages(db: DatabaseSync): void {
  const { page_size: pageSize } = db.prepare("PRAGMA page_size").get() as { page_size: number };
  const count = db.prepare("PRAGMA freelist_count");
  db.exec("CREATE TABLE main.filler (zeros BLOB)");
  const fill = db.prepare("INSERT INTO main.filler VALUES (zeroblob(?))");
  for (;;) {
    const { freelist_count: free } = count.get() as { freelist_count: number };
    if (free === 0) break;
    // A few less than there are: the row and its table take some themselves.
    fill.run(Math.min(PAGES_AT_ONCE, Math.max(1, free - 3)) * (pageSize - 4));
  }
  db.exec("DROP TABLE main.filler");
}
