import { accept, refuse, type Result } from "../result.ts";

/** One record. Lines count from 1 the way an editor counts them. */
export interface CsvRow {
  fields: string[];
  /** The line on which each field begins; they differ after a line break within quotes. */
  lines: number[];
}

export type CsvCode = "stray_quote" | "open_quote" | "field_too_long";

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
 *
 * Own code, because `CsvParseStream` of `@std/csv` refuses those editions, and with `lazyQuotes` takes
 * the rest of the file for one field, also after a quote that is never closed; nor does it say on
 * which line a field begins, or bound what it holds.
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
          return yield fail("field_too_long", open.line, open.text);
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
        if (text.length > MAX_FIELD) return yield fail("field_too_long", number, text);
        if (text.includes('"')) return yield fail("stray_quote", number, text);
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
  if (open) yield fail("open_quote", open.line, open.text);
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

/**
 * Text of a file that is UTF-8, with or without byte order mark, or ISO-8859-1 (read as its superset
 * Windows-1252). The registries publish all of them and name none: the first character that is not
 * ASCII decides. Bytes that are wrong in the encoding so chosen become U+FFFD, which the reader of
 * the rows refuses, naming the place.
 */
export async function* decodeText(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<string, void, void> {
  let decoder: TextDecoder | null = null;
  let held = new Uint8Array();
  for await (const chunk of chunks) {
    if (decoder) {
      yield decoder.decode(chunk, { stream: true });
      continue;
    }
    held = concat(held, chunk);
    const at = held.findIndex((byte) => byte >= 0x80);
    if (at >= 0 && held.length < at + sequenceLength(held[at]!)) continue;
    if (at >= 0) decoder = new TextDecoder(encodingAt(held, at));
    yield (decoder ?? new TextDecoder()).decode(held, { stream: true });
    held = new Uint8Array();
  }
  // What is still held ends in the middle of a sequence, so it is not UTF-8.
  yield decoder ? decoder.decode() : new TextDecoder("windows-1252").decode(held);
}

function encodingAt(bytes: Uint8Array, at: number): "utf-8" | "windows-1252" {
  const sequence = bytes.subarray(at, at + sequenceLength(bytes[at]!));
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(sequence);
    return "utf-8";
  } catch {
    return "windows-1252";
  }
}

/** How many bytes a UTF-8 character takes whose first byte this is; 1 for what cannot be a first byte. */
function sequenceLength(first: number): number {
  if (first >= 0xf0) return 4;
  if (first >= 0xe0) return 3;
  return first >= 0xc0 ? 2 : 1;
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
