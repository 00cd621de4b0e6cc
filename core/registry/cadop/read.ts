import { accept, type Refusal, refuse, type Result } from "../../result.ts";
import { type CsvCode, type CsvRow, readCsv } from "../csv.ts";
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
  let start: string | undefined;
  let rows = 0;
  const findDuplicate = duplicateFinder();

  for await (const item of readCsv(decodeText(bytes))) {
    if (!item.ok) {
      return yield columns ? renamed(item, columns) : notCadop(start ?? String(item.detail!.texto));
    }
    const row = item.data;
    if (row.fields.every((field) => field.trim() === "")) continue;
    if (!columns) {
      if (!isHeader(row)) {
        start ??= row.fields[0]!;
        if (++rowsBefore > MAX_ROWS_BEFORE_HEADER) break;
        continue;
      }
      const header = checkText(row, row.fields) ?? readHeader(row);
      if (!header.ok) return yield header;
      columns = header.data;
      continue;
    }
    const result = readRow(row, columns);
    if (!result.ok) return yield result;
    const duplicate = findDuplicate(result.data, row, columns);
    if (duplicate) return yield duplicate;
    rows++;
    yield accept(result.data);
  }
  if (!columns) yield start === undefined ? refuse("cadop_empty") : notCadop(start);
  else if (rows === 0) yield refuse("cadop_no_rows");
}

/** A failed download is often a page that says so; `start` is the first text of the file. */
function notCadop(start: string): Refusal<CadopCode> {
  return refuse(/^\s*</.test(start) ? "cadop_html" : "cadop_not_cadop");
}

/** Remembers the line of each number, and refuses the second row that has one of them. */
function duplicateFinder() {
  const lines = { registroAns: new Map<string, number>(), cnpj: new Map<string, number>() };
  return (operadora: Operadora, row: CsvRow, columns: Columns): Refusal<CadopCode> | null => {
    for (const field of ["registroAns", "cnpj"] as const) {
      const valor = operadora[field];
      const at = columns.position[field];
      const linha = row.lines[at]!;
      const outra = lines[field].get(valor);
      if (outra !== undefined) {
        return refuse("cadop_duplicate", { linha, coluna: columns.titles[at]!, valor, outra });
      }
      lines[field].set(valor, linha);
    }
    return null;
  };
}

function renamed(refusal: Refusal<CsvCode>, columns: Columns): Refusal<CadopCode> {
  const { linha, campo } = refusal.detail as { linha: number; campo: number };
  const coluna = columns.titles[campo - 1] ?? `${campo}ª`;
  return refuse(CODES[refusal.code], { linha, coluna });
}
