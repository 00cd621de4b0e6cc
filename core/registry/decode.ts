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
