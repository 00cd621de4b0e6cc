import { accept, type Refusal, refuse, type Result } from "../../result.ts";
import { type CsvCode, readCsv } from "../csv.ts";
import { decodeText } from "../decode.ts";
import type { CadopCode } from "../messages.ts";
import type { Operadora } from "../operadora.ts";
import { type Columns, isHeader, readHeader } from "./columns.ts";
import { checkText, readRow } from "./row.ts";

/** The titles stand on the first line or, in older editions, below a title and an empty line. */
const MAX_ROWS_BEFORE_HEADER = 10;

const CODES: Record<CsvCode, CadopCode> = {
  csv_stray_quote: "cadop_stray_quote",
  csv_open_quote: "cadop_open_quote",
  csv_field_too_long: "cadop_field_too_long",
};

/**
 * Reads `Relatorio_cadop.csv` of any edition, checking every row. The first refusal is the last
 * item; its detail has `linha` (as an editor counts), `coluna` (the file's title) and `valor`.
 */
export async function* readCadop(
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<Result<Operadora, CadopCode>, void, void> {
  let columns: Columns | null = null;
  let rowsBefore = 0;
  const seen = { cnpj: new Map<string, number>(), registroAns: new Map<string, number>() };

  for await (const item of readCsv(decodeText(bytes))) {
    if (!item.ok) return yield columns ? renamed(item, columns) : refuse("cadop_not_cadop");
    const row = item.data;
    if (row.fields.every((field) => field.trim() === "")) continue;
    if (!columns) {
      if (/^\s*</.test(row.fields[0]!)) return yield refuse("cadop_html");
      if (!isHeader(row)) {
        if (++rowsBefore > MAX_ROWS_BEFORE_HEADER) return yield refuse("cadop_not_cadop");
        continue;
      }
      const header = checkText(row, row.fields) ?? readHeader(row);
      if (!header.ok) return yield header;
      columns = header.data;
      continue;
    }
    const result = readRow(row, columns);
    if (!result.ok) return yield result;
    for (const field of ["registroAns", "cnpj"] as const) {
      const number = result.data[field];
      const linha = row.lines[columns.position[field]]!;
      const outra = seen[field].get(number);
      if (outra !== undefined) {
        const coluna = columns.titles[columns.position[field]]!;
        return yield refuse("cadop_duplicate", { linha, coluna, valor: number, outra });
      }
      seen[field].set(number, linha);
    }
    yield accept(result.data);
  }
  if (columns && seen.cnpj.size > 0) return;
  yield refuse(columns ? "cadop_no_rows" : rowsBefore > 0 ? "cadop_not_cadop" : "cadop_empty");
}

function renamed(refusal: Refusal<CsvCode>, columns: Columns): Refusal<CadopCode> {
  const { linha, campo } = refusal.detail as { linha: number; campo: number };
  const coluna = columns.titles[campo - 1] ?? `${campo}ª`;
  return refuse(CODES[refusal.code], { linha, coluna });
}
