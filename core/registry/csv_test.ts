import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { decodeText, readCsv } from "./csv.ts";

async function* cut(text: string, size: number) {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}

async function read(text: string, size = 7) {
  return await Array.fromAsync(readCsv(cut(text, size)));
}

async function fields(text: string, size?: number) {
  return (await read(text, size)).map((row) => row.ok ? row.data.fields : row.code);
}

Deno.test("quoted, unquoted and empty fields", async () => {
  assertEquals(await fields('a;"b";;""\n;\n'), [["a", "b", "", ""], ["", ""]]);
});

Deno.test("line ends of every kind, the last one left out or not, however the text is cut", async () => {
  for (let size = 1; size < 9; size++) {
    for (const end of ["\n", "\r\n", "\r"]) {
      assertEquals(await fields(`a;"b"${end}c;d`, size), [["a", "b"], ["c", "d"]]);
      assertEquals(await fields(`a;"b"${end}c;d${end}`, size), [["a", "b"], ["c", "d"]]);
    }
  }
});

Deno.test("separators, doubled quotes and line breaks within quotes are text", async () => {
  assertEquals(await fields('"a;b";"c ""d"" e";"""f"""\n'), [["a;b", 'c "d" e', '"f"']]);
  assertEquals(await fields('"a\r\nb";c\n'), [["a\nb", "c"]]);
  assertEquals(await fields('"a""\n;b";c\n'), [['a"\n;b', "c"]]);
});

Deno.test("quotes that a writer did not double are text", async () => {
  assertEquals(await fields('"QUADRA "A", BLOCO";"VILA "B"";"c"\n'), [
    ['QUADRA "A", BLOCO', 'VILA "B"', "c"],
  ]);
  assertEquals(await fields('"VILA "B""\n'), [['VILA "B"']]);
});

Deno.test("lines are counted as an editor does", async () => {
  const rows = await read('a;b\r\n"c\r\nd";e\r\n\r\nf;"g\n\nh"\ni');
  assertEquals(rows.map((row) => row.ok && row.data.lines), [
    [1, 1],
    [2, 3],
    [4],
    [5, 5],
    [8],
  ]);
});

Deno.test("a quote that is never closed is refused where it was opened", async () => {
  assertEquals((await read('a;b\nc;"d\ne;f\n')).at(-1), {
    ok: false,
    code: "open_quote",
    detail: { linha: 2, campo: 2, texto: "d\ne;f\n" },
  });
});

Deno.test("a quote within an unquoted field is refused", async () => {
  for (const texto of ['b"c', ' "b"', 'b"']) {
    assertEquals(await read(`a;${texto};c\n`), [
      { ok: false, code: "stray_quote", detail: { linha: 1, campo: 2, texto } },
    ]);
  }
});

Deno.test("a field that does not end is refused before it fills the memory", async () => {
  async function* endless(chunk: string, first = "") {
    yield first;
    for (;;) yield chunk;
  }
  for (const source of [endless("x".repeat(1000)), endless("x\n", 'a;b\nc;"')]) {
    const rows = await Array.fromAsync(readCsv(source));
    const last = rows.at(-1)!;
    assertEquals(last.ok || last.code, "field_too_long");
  }
});

Deno.test("what is written with doubled quotes is read back", async () => {
  const field = fc.string({ unit: fc.constantFrom(...'ab ";\n,é'), maxLength: 12 });
  const table = fc.array(fc.array(field, { minLength: 1, maxLength: 4 }), { maxLength: 5 });
  await fc.assert(fc.asyncProperty(table, fc.integer({ min: 1, max: 9 }), async (rows, size) => {
    const text = rows.map((row) =>
      row.map((field) => `"${field.replaceAll('"', '""')}"`).join(";") + "\n"
    ).join("");
    assertEquals(await fields(text, size), rows);
  }));
});

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

async function decode(bytes: Uint8Array, size = bytes.length || 1): Promise<string> {
  const chunks = ReadableStream.from(function* () {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }());
  return (await Array.fromAsync(decodeText(chunks))).join("");
}

const utf8 = (text: string) => new TextEncoder().encode(text);

Deno.test("every encoding of the registries gives the same text, however it is cut", async () => {
  const text = 'Razão;"AÇÃO É ÚNICA";São João;Ãnimo nº 1;fim';
  for (let size = 1; size < 12; size++) {
    assertEquals(await decode(utf8(text), size), text);
    assertEquals(await decode(utf8(`\ufeff${text}`), size), text);
    assertEquals(await decode(latin1(text), size), text);
  }
});

Deno.test("any text comes back from UTF-8", async () => {
  const texts = fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\ufeff"));
  await fc.assert(fc.asyncProperty(texts, fc.integer({ min: 1, max: 9 }), async (text, size) => {
    assertEquals(await decode(utf8(text), size), text);
  }));
});

Deno.test("a file that ends within a character is not UTF-8", async () => {
  assertEquals(await decode(latin1("S\xc3")), "SÃ");
  assertEquals(await decode(latin1("\xe9")), "é");
  assertEquals(await decode(new Uint8Array()), "");
});

Deno.test("dashes and quotes of Windows-1252 are read", async () => {
  assertEquals(await decode(latin1("caf\xe9 \x96 \x93a\x94")), "café – “a”");
});

Deno.test("a byte that is wrong in UTF-8 stays visible", async () => {
  assertEquals(await decode(new Uint8Array([...utf8("ção;"), 0xe9, 0x3b])), "ção;\ufffd;");
  assertEquals(await decode(new Uint8Array([...utf8("ção"), 0xc3])), "ção\ufffd");
});
