import { accept, type Refusal, refuse, type Result } from "../result.ts";
import { type CsvRow, decodeText, readCsv } from "./csv.ts";
import type { TableCode } from "./messages.ts";

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
interface Columns<F extends string, P extends string> {
  prefix: P;
  /** The titles as the file has them. */
  titles: string[];
  position: Record<F, number>;
  /** The positions of all fields. */
  used: number[];
}

/** The titles stand on the first line or, in older tables, below a report's title and an empty line. */
const MAX_ROWS_BEFORE_HEADER = 10;

/**
 * Reads a published table of any edition, in constant memory: encoding, titles, the number of fields
 * of every row and the text of the fields that the layout names are checked, then `read` makes a
 * record of the row. The first refusal is the last item; its detail has `linha` (as an editor
 * counts), `coluna` (the file's title) and `valor`.
 *
 * @example
 * const names = readTable(file.readable, layout, (row) => accept(row.text("name")));
 * for await (const name of names) if (!name.ok) return name;
 */
export async function* readTable<F extends string, P extends string, T, C extends string>(
  bytes: AsyncIterable<Uint8Array>,
  layout: TableLayout<F, P>,
  read: (row: TableRow<F, P>) => Result<T, C>,
): AsyncGenerator<Result<T, C | TableCode<P>>, void, void> {
  const { prefix } = layout;
  const fieldOf = fieldsByTitle(layout);
  let columns: Columns<F, P> | null = null;
  let rowsBefore = 0;
  let start: string | undefined;
  let rows = 0;

  for await (const item of readCsv(decodeText(bytes))) {
    if (!item.ok) {
      if (!columns) return yield notTable(start ?? String(item.detail!.texto), prefix);
      const { linha, campo } = item.detail as { linha: number; campo: number };
      const coluna = columns.titles[campo - 1] ?? `${campo}ª`;
      return yield refuse(`${prefix}_${item.code}`, { linha, coluna });
    }
    const row = item.data;
    if (row.fields.every((field) => field.trim() === "")) continue;
    if (!columns) {
      const fields = row.fields.map((title) => fieldOf.get(plainTitle(title)));
      if (!layout.marks.every((mark) => fields.includes(mark))) {
        start ??= row.fields[0]!;
        if (++rowsBefore > MAX_ROWS_BEFORE_HEADER) break;
        continue;
      }
      const header = checkText(row, row.fields, prefix) ?? readTitles(row, fields, layout);
      if (!header.ok) return yield header;
      columns = header.data;
      continue;
    }
    const damage = checkFieldCount(row, columns) ??
      checkText(row, columns.titles, prefix, columns.used);
    if (damage) return yield damage;
    rows++;
    const record = read(new TableRow(row, columns));
    yield record;
    if (!record.ok) return;
  }
  if (!columns) yield start === undefined ? refuse(`${prefix}_empty`) : notTable(start, prefix);
  else if (rows === 0) yield refuse(`${prefix}_no_rows`);
}

/** A failed download is often a page that says so; `start` is the first text of the file. */
function notTable<P extends string>(start: string, prefix: P): Refusal<TableCode<P>> {
  return refuse(/^\s*</.test(start) ? `${prefix}_html` : `${prefix}_not_table`);
}

/** Titles are known without regard to case, accents, spaces and underscores. */
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

/**
 * The columns of a file from its row of titles and the field of each of them. Columns that the layout
 * does not name may be there or not.
 */
function readTitles<F extends string, P extends string>(
  row: CsvRow,
  fields: readonly (F | undefined)[],
  { prefix, titles }: TableLayout<F, P>,
): Result<Columns<F, P>, TableCode<P>> {
  const position: Partial<Record<F, number>> = {};
  for (const [i, field] of fields.entries()) {
    if (!field) continue;
    if (position[field] !== undefined) {
      const place = { linha: row.lines[i]!, coluna: row.fields[i]!.trim() };
      return refuse(`${prefix}_column_twice`, place);
    }
    position[field] = i;
  }
  for (const [field, coluna] of Object.entries<string>(titles)) {
    if (position[field as F] !== undefined) continue;
    return refuse(`${prefix}_column_missing`, { linha: row.lines[0]!, coluna });
  }
  return accept({
    prefix,
    titles: row.fields.map((title) => title.trim()),
    position: position as Record<F, number>,
    used: Object.values(position),
  });
}

function checkFieldCount<P extends string>(
  { fields, lines }: CsvRow,
  { prefix, titles }: Columns<string, P>,
): Refusal<TableCode<P>> | null {
  if (fields.length === titles.length) return null;
  return refuse(`${prefix}_field_count`, {
    linha: lines[0]!,
    coluna: titles[Math.min(fields.length, titles.length) - 1]!,
    encontrados: fields.length,
    esperados: titles.length,
  });
}

/**
 * Traces of text read in the wrong encoding and written again: `Ã§` for `ç`, `â€“` for a dash, the
 * replacement character, control characters. `¿` is not one: the ANS itself has it in names.
 */
const MOJIBAKE =
  /[ÂÃ][\u0080-\u009f\u00a1-\u00bf‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ€]|â€|\ufffd|(?![\t\n\r])\p{Cc}/u;

/** Most fields have nothing beyond printable ASCII, which is told faster. */
const BEYOND_ASCII = /[^ -~]/;

/** Where the first trace of damaged text is among the fields at `positions` (all unless told). */
function checkText<P extends string>(
  row: CsvRow,
  titles: readonly string[],
  prefix: P,
  positions: Iterable<number> = row.fields.keys(),
): Refusal<TableCode<P>> | null {
  for (const i of positions) {
    const text = row.fields[i]!;
    if (!BEYOND_ASCII.test(text) || !MOJIBAKE.test(text)) continue;
    const place = { linha: row.lines[i]!, coluna: titles[i]!, valor: excerpt(text) };
    return refuse(`${prefix}_encoding`, place);
  }
  return null;
}

/** Enough of a damaged field to find it by; a message must not carry half a file. */
function excerpt(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

/** What a spreadsheet makes of a long number. */
const SCIENTIFIC = /^\d+([.,]\d+)?E\+?\d+$/i;

/** One row of a table, its fields by name. */
export class TableRow<F extends string, P extends string> {
  readonly #row: CsvRow;
  readonly #columns: Columns<F, P>;

  constructor(row: CsvRow, columns: Columns<F, P>) {
    this.#row = row;
    this.#columns = columns;
  }

  /** A field's text. Blanks around it and line breaks within are accidents of typing. */
  text(field: F): string {
    const text = this.#row.fields[this.#columns.position[field]]!;
    return text === "" ? "" : text.replace(/\s+/g, " ").trim();
  }

  /** The text of every field that the layout names. */
  texts(): Record<F, string> {
    const fields = Object.keys(this.#columns.position) as F[];
    return Object.fromEntries(fields.map((field) => [field, this.text(field)])) as Record<
      F,
      string
    >;
  }

  /** The line of a field, counted from 1 as an editor does. */
  line(field: F): number {
    return this.#row.lines[this.#columns.position[field]]!;
  }

  /** A refusal that names line and column of a field, and what stands there. */
  refuse<C extends string>(code: C, field: F, more: Record<string, number> = {}): Refusal<C> {
    return refuse(code, {
      linha: this.line(field),
      coluna: this.#columns.titles[this.#columns.position[field]]!,
      valor: excerpt(this.text(field)),
      ...more,
    });
  }

  /** What is wrong with a number that must be there; null when a spreadsheet did not break it. */
  checkNumber(field: F): Refusal<TableCode<P>> | null {
    if (this.text(field) === "") return this.refuse(`${this.#columns.prefix}_required`, field);
    return this.checkSpreadsheet(field);
  }

  /** Like `checkNumber` for a field that may be empty. */
  checkSpreadsheet(field: F): Refusal<TableCode<P>> | null {
    if (!SCIENTIFIC.test(this.text(field))) return null;
    return this.refuse(`${this.#columns.prefix}_scientific`, field);
  }
}
