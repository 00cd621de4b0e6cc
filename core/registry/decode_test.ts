import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { decodeText } from "./decode.ts";

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
