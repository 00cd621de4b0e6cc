import { assertEquals, assertThrows } from "@std/assert";
import { bitString, explicit, implicit, integer, sequence } from "../../tests/support/pki/der.ts";
import { type Bytes, DerError, readAll } from "./der.ts";
import { issue } from "@/tests/fixtures/pki.ts";
import { parseCertificate } from "./x509.ts";

const { der } = await issue(null);
const [tbs, algorithm, signature] = readAll(readAll(der)[0]!.content).map(({ bytes }) => bytes);
const fields = readAll(readAll(tbs!)[0]!.content).map(({ bytes }) => bytes);
/** Serial number, algorithm, issuer, validity, subject, key. */
const common = fields.slice(1, 7);
const extensions = fields[7]!;

const certificate = (...content: Bytes[]): Bytes =>
  sequence(sequence(...content), algorithm!, signature!);
const version = (n: number): Bytes => explicit(0, integer(n - 1));
const uniqueId = (tag: 1 | 2): Bytes => implicit(tag, bitString(new Uint8Array([1])).slice(2));

for (
  const [what, input] of [
    ["version 1", certificate(...common)],
    [
      "version 2 with unique identifiers",
      certificate(version(2), ...common, uniqueId(1), uniqueId(2)),
    ],
    [
      "version 3 with one and extensions",
      certificate(version(3), ...common, uniqueId(2), extensions),
    ],
  ] as const
) {
  Deno.test(`a certificate of ${what} is read`, () => {
    assertEquals(parseCertificate(input).notBefore, Date.parse("2026-01-01"));
  });
}

for (
  const [what, input] of [
    ["a unique identifier of the issuer in version 1", certificate(...common, uniqueId(1))],
    ["a unique identifier of the subject in version 1", certificate(...common, uniqueId(2))],
    ["extensions in version 1", certificate(...common, extensions)],
    ["extensions in version 2", certificate(version(2), ...common, extensions)],
    ["version 1 written out", certificate(version(1), ...common)],
    ["version 4", certificate(version(4), ...common)],
    ["a field more", certificate(version(3), ...common, extensions, extensions)],
  ] as const
) {
  Deno.test(`a certificate is refused for ${what}`, () => {
    assertThrows(() => parseCertificate(input), DerError);
  });
}
