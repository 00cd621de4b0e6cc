import { type Refusal, refuse } from "../result.ts";
import type { CsvRow } from "./csv.ts";
import type { Columns } from "./table_columns.ts";
import type { TableCode } from "./table_messages.ts";

/**
 * Traces of text read in the wrong encoding and written again: `Ã§` for `ç`, `â€“` for a dash, the
 * replacement character, control characters. `¿` is not one: the ANS itself has it in names.
 */
const MOJIBAKE =
  /[ÂÃ][\u0080-\u009f\u00a1-\u00bf‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ€]|â€|\ufffd|(?![\t\n\r])\p{Cc}/u;

/** Most fields have nothing beyond printable ASCII, which is told faster. */
const BEYOND_ASCII = /[^ -~]/;

/** What a spreadsheet makes of a long number. */
const SCIENTIFIC = /^\d+([.,]\d+)?E\+?\d+$/i;

/** One row of a table, its fields by name. */
export class TableRow<F extends string, P extends string> {
  readonly #row: CsvRow;
  readonly #columns: Columns<F>;
  readonly #prefix: P;

  constructor(row: CsvRow, columns: Columns<F>, prefix: P) {
    this.#row = row;
    this.#columns = columns;
    this.#prefix = prefix;
  }

  /** A field's text. Blanks around it and line breaks within are accidents of typing. */
  text(field: F): string {
    const text = this.#row.fields[this.#columns.position[field]]!;
    return text === "" ? "" : text.replace(/\s+/g, " ").trim();
  }

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
    if (this.text(field) === "") return this.refuse(`${this.#prefix}_required`, field);
    return this.checkSpreadsheet(field);
  }

  /** Like `checkNumber` for a field that may be empty. */
  checkSpreadsheet(field: F): Refusal<TableCode<P>> | null {
    if (!SCIENTIFIC.test(this.text(field))) return null;
    return this.refuse(`${this.#prefix}_scientific`, field);
  }
}

/** Where the first trace of damaged text is among the fields at `positions` (all unless told). */
export function checkText<P extends string>(
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
