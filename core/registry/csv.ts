import { accept, refuse, type Result } from "../result.ts";

/** One record. Lines count from 1 the way an editor counts them. */
export interface CsvRow {
  fields: string[];
  /** The line on which each field begins; they differ after a line break within quotes. */
  lines: number[];
}

export type CsvCode = "csv_stray_quote" | "csv_open_quote" | "csv_field_too_long";

/** Longer than any genuine field; bounds memory when a closing quote is missing. */
const MAX_FIELD = 2_000;
/** Text without any line break is cut here, to be refused as a field that is too long. */
const MAX_LINE = 100_000;

/**
 * Reads delimited text (RFC 4180 with another separator) record by record; an empty line is a record
 * with one empty field. The first refusal is the last item: its detail has `linha`, `campo` (position from 1) and
 * `texto` (how the field begins).
 *
 * Older editions of CADOP do not double the quotes within a field (`"QUADRA "A""`). A quote is
 * therefore the closing one only before a separator or the end of the line, and in a field that
 * has such a bare quote `""` at its end is a quote and the closing one.
 */
export async function* readCsv(
  chunks: AsyncIterable<string>,
  separator = ";",
): AsyncGenerator<Result<CsvRow, CsvCode>, void, void> {
  let row: CsvRow = { fields: [], lines: [] };
  let open: { text: string; line: number; bare: boolean } | null = null;
  let number = 0;
  const fail = (code: CsvCode, line: number, text: string) =>
    refuse(code, { linha: line, campo: row.fields.length + 1, texto: text.slice(0, 40) });

  for await (const line of readLines(chunks)) {
    number++;
    let at = 0;
    for (;;) {
      let end: number;
      if (!open && line[at] === '"') {
        open = { text: "", line: number, bare: false };
        at++;
      }
      if (open) {
        const close = scanQuoted(line, at, separator, open);
        if (open.text.length > MAX_FIELD) {
          return yield fail("csv_field_too_long", open.line, open.text);
        }
        if (close < 0) {
          open.text += "\n";
          break;
        }
        row.fields.push(open.text);
        row.lines.push(open.line);
        open = null;
        end = close + 1;
      } else {
        const next = line.indexOf(separator, at);
        end = next < 0 ? line.length : next;
        const text = line.slice(at, end);
        if (text.length > MAX_FIELD) return yield fail("csv_field_too_long", number, text);
        if (text.includes('"')) return yield fail("csv_stray_quote", number, text);
        row.fields.push(text);
        row.lines.push(number);
      }
      if (end >= line.length) {
        yield accept(row);
        row = { fields: [], lines: [] };
        break;
      }
      at = end + separator.length;
    }
  }
  if (open) yield fail("csv_open_quote", open.line, open.text);
}

/**
 * Adds to `open` the quoted text of `line` from `at` on and answers where its closing quote is, or -1
 * when the field goes on in the next line.
 */
function scanQuoted(
  line: string,
  at: number,
  separator: string,
  open: { text: string; bare: boolean },
): number {
  const endsAt = (i: number) => i === line.length || line.startsWith(separator, i);
  for (;;) {
    const quote = line.indexOf('"', at);
    if (quote < 0) {
      open.text += line.slice(at);
      return -1;
    }
    open.text += line.slice(at, quote);
    if (endsAt(quote + 1)) return quote;
    const doubled = line[quote + 1] === '"';
    open.text += '"';
    if (doubled && open.bare && endsAt(quote + 2)) return quote + 1;
    if (!doubled) open.bare = true;
    at = quote + (doubled ? 2 : 1);
  }
}

/** Lines ended by LF, CRLF or CR; the last one needs no end. */
async function* readLines(chunks: AsyncIterable<string>): AsyncGenerator<string, void, void> {
  let rest = "";
  for await (const chunk of chunks) {
    rest += chunk;
    // A CR at the end may be half of a CRLF.
    const complete = rest.endsWith("\r") ? rest.slice(0, -1) : rest;
    const lines = complete.split(/\r\n|[\r\n]/);
    rest = lines.pop()! + rest.slice(complete.length);
    yield* lines;
    if (rest.length > MAX_LINE) {
      yield rest;
      rest = "";
    }
  }
  if (rest !== "") yield rest.replace(/\r$/, "");
}
