import type { Result } from "../../result.ts";
import type { CnesCode } from "../messages.ts";
import { readTable } from "../table.ts";
import type { Municipios } from "./municipios.ts";
import { layout, type ReadRow, readRow } from "./row.ts";

/**
 * Reads `tbEstabelecimento….csv` of any edition, checking every row, in constant memory. The first
 * refusal is the last item; its detail has `linha`, `coluna` and `valor`.
 */
export async function* readCnes(
  bytes: AsyncIterable<Uint8Array>,
  municipios: Municipios,
): AsyncGenerator<Result<ReadRow, CnesCode>, void, void> {
  const seen = new NumberSet();
  for await (const row of readTable(bytes, layout)) {
    if (!row.ok) return yield row;
    const result = readRow(row.data, municipios);
    if (result.ok && !seen.add(Number(result.data.row.cnes))) {
      return yield row.data.refuse("cnes_duplicate", "cnes");
    }
    yield result;
    if (!result.ok) return;
  }
}

/** Numbers of 7 digits, a bit for each: 1.25 MB whatever the number of rows. */
class NumberSet {
  readonly #bits = new Uint8Array(10_000_000 / 8);

  /** False when the number was there. */
  add(number: number): boolean {
    const bit = 1 << (number & 7);
    const present = (this.#bits[number >> 3]! & bit) !== 0;
    this.#bits[number >> 3]! |= bit;
    return !present;
  }
}
