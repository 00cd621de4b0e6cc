import { assertEquals } from "@std/assert";
import { readPem } from "./pem.ts";

const block = (body: string, label = "CERTIFICATE") =>
  `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;

Deno.test("the certificates of a text are read in their order, with what stands around", () => {
  const text = `Bag Attributes\n${block("AQID")}\r\nissuer=...\n${block("BA\r\nUG")}`;
  assertEquals(readPem(text), [new Uint8Array([1, 2, 3]), new Uint8Array([4, 5, 6])]);
});

Deno.test("keys, broken blocks and other texts are passed over", () => {
  assertEquals(readPem(block("AQID", "PRIVATE KEY")), []);
  assertEquals(readPem(block("AQI")), []);
  assertEquals(readPem(block("não")), []);
  assertEquals(readPem("-----BEGIN CERTIFICATE-----\nAQID"), []);
  assertEquals(readPem("AQID"), []);
  assertEquals(readPem(""), []);
});

Deno.test("of many blocks the first ten count", () => {
  assertEquals(readPem(block("AQID").repeat(30)).length, 10);
});
