import { assertEquals, assertThrows } from "@std/assert";
import {
  type Bytes,
  DerError,
  DerReader,
  readAll,
  readBitOctets,
  readBoolean,
  readInteger,
  readOid,
  readSingle,
  readSmallInteger,
  readUnsigned,
} from "./der.ts";

const hex = (text: string): Bytes =>
  Uint8Array.from(text.match(/../g) ?? [], (octet) => parseInt(octet, 16));
const refused = (read: () => unknown) => assertThrows(read, DerError);

Deno.test("elements are read with their length in every form", () => {
  assertEquals(readSingle(hex("0403aabbcc")).content, hex("aabbcc"));
  assertEquals(readSingle(hex("0400")).content, hex(""));
  const long = new Uint8Array([0x04, 0x81, 0x80, ...new Uint8Array(128)]);
  assertEquals(readSingle(long).content.length, 128);
  const longer = new Uint8Array([0x04, 0x82, 0x01, 0x00, ...new Uint8Array(256)]);
  assertEquals(readSingle(longer).content.length, 256);
  assertEquals(readAll(hex("05000500")).length, 2);
});

Deno.test("lengths that are not DER are refused", () => {
  for (
    const text of [
      "", // nothing
      "04", // no length
      "0403aabb", // ends early
      "0480aabb0000", // indefinite
      "048101aa", // not minimal
      "04820001aa", // not minimal
      "0484000000", // length ends early
      "0485000000000101", // five octets of length
      "04ff", // reserved
      "0484ffffffff", // 4 GB
      "1f8101", // tag in several octets
      "040100aa", // bytes left over
    ]
  ) refused(() => readSingle(hex(text)));
});

Deno.test("a reader demands the tag and the end", () => {
  refused(() => readSingle(hex("0401aa"), 0x30));
  const reader = new DerReader(hex("0401aa0500"));
  assertEquals(reader.optional(0x05), null);
  assertEquals(reader.next(0x04).content, hex("aa"));
  refused(() => reader.end());
  reader.next(0x05);
  reader.end();
  refused(() => reader.next());
});

Deno.test("object identifiers", () => {
  assertEquals(readOid(hex("604c010303")), "2.16.76.1.3.3");
  assertEquals(readOid(hex("2a864886f70d01010b")), "1.2.840.113549.1.1.11");
  assertEquals(readOid(hex("813403")), "2.100.3");
  assertEquals(readOid(hex("27")), "0.39");
  for (const text of ["", "80", "2a80", "2a8001", "2a86", "2affffffffffffffffff7f"]) {
    refused(() => readOid(hex(text)));
  }
});

Deno.test("integers", () => {
  assertEquals(readUnsigned(hex("00ff")), hex("ff"));
  assertEquals(readUnsigned(hex("00")), hex("00"));
  assertEquals(readSmallInteger(hex("0800")), 2048);
  assertEquals(readSmallInteger(hex("7fffffff")), 2 ** 31 - 1);
  refused(() => readSmallInteger(hex("0080000000")));
  refused(() => readUnsigned(hex("ff")));
  for (const text of ["", "0001", "007f", "ff80"]) refused(() => readInteger(hex(text)));
});

Deno.test("booleans and bit strings", () => {
  assertEquals([readBoolean(hex("ff")), readBoolean(hex("00"))], [true, false]);
  for (const text of ["", "01", "ffff"]) refused(() => readBoolean(hex(text)));
  assertEquals(readBitOctets(hex("00aabb")), hex("aabb"));
  for (const text of ["", "01aa", "08aa"]) refused(() => readBitOctets(hex(text)));
});
