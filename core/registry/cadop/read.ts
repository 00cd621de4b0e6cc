import { accept, type Refusal, type Result } from "../../result.ts";
import type { Operadora } from "../../store/records/registry.ts";
import type { CadopCode } from "../messages.ts";
import { readTable } from "../table.ts";
import { type CadopRow, layout, readRow } from "./row.ts";

/**
 * Reads `Relatorio_cadop.csv` of any edition, checking every row. The first refusal is the last
 * item; its detail has `linha` (as an editor counts), `coluna` (the file's title) and `valor`.
 */
export async function* readCadop(
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<Result<Operadora, CadopCode>, void, void> {
  const findDuplicate = duplicateFinder();
  for await (const row of readTable(bytes, layout)) {
    if (!row.ok) return yield row;
    const result = readRow(row.data);
    if (!result.ok) return yield result;
    const duplicate = findDuplicate(result.data, row.data);
    if (duplicate) return yield duplicate;
    yield accept(result.data);
  }
}

/** Remembers the line of each number, and refuses the second row that has one of them. */
function duplicateFinder() {
  const lines = { registroAns: new Map<string, number>(), cnpj: new Map<string, number>() };
  return (operadora: Operadora, row: CadopRow): Refusal<CadopCode> | null => {
    for (const field of ["registroAns", "cnpj"] as const) {
      const outra = lines[field].get(operadora[field]);
      if (outra !== undefined) {
        return row.refuse("cadop_duplicate", field, { outra });
      }
      lines[field].set(operadora[field], row.line(field));
    }
    return null;
  };
}
