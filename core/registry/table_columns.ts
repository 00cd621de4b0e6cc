import { accept, refuse, type Result } from "../result.ts";
import type { CsvRow } from "./csv.ts";
import type { TableCode } from "./table_messages.ts";

/** Which columns of a published table are read, and how it is known. */
export interface TableLayout<F extends string, P extends string> {
  /** Begins the codes of the refusals, e.g. `cnes`. */
  prefix: P;
  /** The title of each field's column. */
  titles: Readonly<Record<F, string>>;
  /** Titles that other editions use instead, in the form `plainTitle` gives them. */
  aliases?: Readonly<Record<string, F>>;
  /** A row with the titles of these fields is the one with the titles. */
  marks: readonly F[];
}

/** Where each field stands in the rows of one file. */
export interface Columns<F extends string> {
  /** The titles as the file has them. */
  titles: string[];
  position: Record<F, number>;
  /** The positions of all fields. */
  used: number[];
}

/** Whether a row is the one with the titles: before it stand a report's title and empty lines. */
export function isHeader<F extends string>(row: CsvRow, layout: TableLayout<F, string>): boolean {
  const fieldOf = fieldsByTitle(layout);
  const fields = new Set(row.fields.map((title) => fieldOf.get(plainTitle(title))));
  return layout.marks.every((mark) => fields.has(mark));
}

/**
 * Finds the columns without regard to case, accents, spaces and underscores. Columns that the layout
 * does not name may be there or not.
 */
export function readHeader<F extends string, P extends string>(
  row: CsvRow,
  layout: TableLayout<F, P>,
): Result<Columns<F>, TableCode<P>> {
  const fieldOf = fieldsByTitle(layout);
  const position: Partial<Record<F, number>> = {};
  for (const [i, title] of row.fields.entries()) {
    const field = fieldOf.get(plainTitle(title));
    if (!field) continue;
    if (position[field] !== undefined) {
      const place = { linha: row.lines[i]!, coluna: title.trim() };
      return refuse(`${layout.prefix}_column_twice`, place);
    }
    position[field] = i;
  }
  for (const [field, coluna] of Object.entries<string>(layout.titles)) {
    if (position[field as F] !== undefined) continue;
    return refuse(`${layout.prefix}_column_missing`, { linha: row.lines[0]!, coluna });
  }
  return accept({
    titles: row.fields.map((title) => title.trim()),
    position: position as Record<F, number>,
    used: Object.values(position),
  });
}

function fieldsByTitle<F extends string>(layout: TableLayout<F, string>): Map<string, F> {
  const titles = Object.entries<string>(layout.titles);
  return new Map([
    ...titles.map(([field, title]) => [plainTitle(title), field as F] as const),
    ...Object.entries<F>(layout.aliases ?? {}),
  ]);
}

function plainTitle(title: string): string {
  return title.normalize("NFD").toLowerCase().replace(/[^a-z0-9]/g, "");
}
