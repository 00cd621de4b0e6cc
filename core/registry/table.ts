import { accept, type Refusal, refuse, type Result } from "../result.ts";
import { type CsvCode, type CsvRow, readCsv } from "./csv.ts";
import { decodeText } from "./decode.ts";
import type { TableCode } from "./table_messages.ts";
import { type Columns, isHeader, readHeader, type TableLayout } from "./table_columns.ts";
import { checkText, TableRow } from "./table_row.ts";

/** The titles stand on the first line or, in older tables, below a report's title and an empty line. */
const MAX_ROWS_BEFORE_HEADER = 10;

const DAMAGE = {
  csv_stray_quote: "stray_quote",
  csv_open_quote: "open_quote",
  csv_field_too_long: "field_too_long",
} as const satisfies Record<CsvCode, string>;

/**
 * Reads a published table of any edition: encoding, titles, the number of fields of every row and
 * the text of the fields that the layout names are checked. The first refusal is the last item; its
 * detail has `linha` (as an editor counts), `coluna` (the file's title) and `valor`.
 */
export async function* readTable<F extends string, P extends string>(
  bytes: AsyncIterable<Uint8Array>,
  layout: TableLayout<F, P>,
): AsyncGenerator<Result<TableRow<F, P>, TableCode<P>>, void, void> {
  const { prefix } = layout;
  let columns: Columns<F> | null = null;
  let rowsBefore = 0;
  let start: string | undefined;
  let rows = 0;

  for await (const item of readCsv(decodeText(bytes))) {
    if (!item.ok) {
      return yield columns
        ? renamed(item, columns, prefix)
        : notTable(start ?? String(item.detail!.texto), prefix);
    }
    const row = item.data;
    if (row.fields.every((field) => field.trim() === "")) continue;
    if (!columns) {
      if (!isHeader(row, layout)) {
        start ??= row.fields[0]!;
        if (++rowsBefore > MAX_ROWS_BEFORE_HEADER) break;
        continue;
      }
      const header = checkText(row, row.fields, prefix) ?? readHeader(row, layout);
      if (!header.ok) return yield header;
      columns = header.data;
      continue;
    }
    const { titles, used } = columns;
    if (row.fields.length !== titles.length) return yield refuseFieldCount(row, titles, prefix);
    const damage = checkText(row, titles, prefix, used);
    if (damage) return yield damage;
    rows++;
    yield accept(new TableRow(row, columns, prefix));
  }
  if (!columns) yield start === undefined ? refuse(`${prefix}_empty`) : notTable(start, prefix);
  else if (rows === 0) yield refuse(`${prefix}_no_rows`);
}

/** A failed download is often a page that says so; `start` is the first text of the file. */
function notTable<P extends string>(start: string, prefix: P): Refusal<TableCode<P>> {
  return refuse(/^\s*</.test(start) ? `${prefix}_html` : `${prefix}_not_table`);
}

function renamed<P extends string>(
  refusal: Refusal<CsvCode>,
  { titles }: Columns<string>,
  prefix: P,
): Refusal<TableCode<P>> {
  const { linha, campo } = refusal.detail as { linha: number; campo: number };
  const coluna = titles[campo - 1] ?? `${campo}ª`;
  return refuse(`${prefix}_${DAMAGE[refusal.code]}`, { linha, coluna });
}

function refuseFieldCount<P extends string>(
  row: CsvRow,
  titles: readonly string[],
  prefix: P,
): Refusal<TableCode<P>> {
  return refuse(`${prefix}_field_count`, {
    linha: row.lines[0]!,
    coluna: titles[Math.min(row.fields.length, titles.length) - 1]!,
    encontrados: row.fields.length,
    esperados: titles.length,
  });
}
