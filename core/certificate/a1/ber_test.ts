import { assertEquals, assertThrows } from "@std/assert";
import { EXAMPLE_COMPANY, testPki } from "@/tests/fixtures/pki.ts";
import { encodePkcs12, issueCompanyCertificate } from "@/tools/pki/mod.ts";
import { type Bytes, DerError, readAll, readSingle } from "../der.ts";
import { toDer } from "./ber.ts";
import { openA1 } from "./mod.ts";

const hex = (text: string): Bytes =>
  Uint8Array.from(text.match(/../g) ?? [], (octet) => parseInt(octet, 16));

Deno.test("indefinite and long lengths become definite and minimal", () => {
  assertEquals(toDer(hex("3080020101020102" + "0000")), hex("3006020101020102"));
  assertEquals(toDer(hex("308002010130800201020000" + "0000")), hex("300802010130030201" + "02"));
  assertEquals(toDer(hex("30820003020101")), hex("3003020101"));
  assertEquals(toDer(hex("3003020101")), hex("3003020101"));
});

Deno.test("an octet string in pieces becomes one", () => {
  assertEquals(toDer(hex("24800401aa0402bbcc0000")), hex("0403aabbcc"));
  assertEquals(toDer(hex("24070401aa2402" + "0400")), hex("0401aa"));
});

Deno.test("what is not BER is refused", () => {
  for (
    const text of [
      "",
      "30",
      "3080020101", // no end
      "0480aa0000", // a value of indefinite length
      "3003020101ff", // bytes left over
      "3002020101", // the inner one is longer
      "2403020101", // an octet string made of integers
      "3f810100", // tag in several octets
      "3085000000000100", // length of five octets
      "30".repeat(2),
    ]
  ) assertThrows(() => toDer(hex(text)), DerError, undefined, text);
});

Deno.test("nesting is bounded", () => {
  assertThrows(() => toDer(hex("3080".repeat(10_000))), DerError, "deep");
});

Deno.test("a file written with indefinite lengths and pieces opens", async () => {
  const { certificate, chain, privateKey } = await issueCompanyCertificate(
    await testPki(),
    EXAMPLE_COMPANY,
  );
  const certificates = [certificate, ...chain];
  const password = "habilita";
  const file = indefinite(await encodePkcs12({ privateKey, certificates, password }));
  const opened = await openA1(file, password);
  assertEquals(opened.ok && opened.data.certificates, certificates);
});

/**
 * The same file as a streaming encoder writes it: every structure of indefinite length, long octet
 * strings in pieces, with the `[0]` of encrypted content standing for an octet string.
 */
function indefinite(der: Bytes): Bytes {
  const { bytes, content, tag } = readSingle(der);
  const end = [0, 0];
  if (tag === 0x04 && content.length > 200) {
    return new Uint8Array([0x24, 0x80, ...pieces(content), ...end]);
  }
  if (tag === 0x80) return new Uint8Array([0xa0, 0x80, ...pieces(content), ...end]);
  if ((tag & 0x20) === 0) return bytes;
  const inner = readAll(content).flatMap((element) => [...indefinite(element.bytes)]);
  return new Uint8Array([tag, 0x80, ...inner, ...end]);
}

function pieces(content: Bytes): number[] {
  const all: number[] = [];
  for (let at = 0; at < content.length; at += 100) {
    const piece = content.subarray(at, at + 100);
    all.push(0x04, piece.length, ...piece);
  }
  return all;
}
