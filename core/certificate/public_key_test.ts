import { assertEquals } from "@std/assert";
import { bitString, integer, nothing, oid, sequence } from "../../tests/support/pki/der.ts";
import type { Bytes } from "./der.ts";
import { checkKeyStrength, tryReadPublicKey } from "./public_key.ts";

/** The SubjectPublicKeyInfo of an RSA key with a modulus of so many bits. */
function rsa(bits: number, exponent: number | Uint8Array): Bytes {
  const modulus = new Uint8Array(Math.ceil(bits / 8)).fill(0xff);
  modulus[0] = 0xff >> (8 * modulus.length - bits);
  const key = sequence(integer(modulus), integer(exponent));
  return sequence(sequence(oid("1.2.840.113549.1.1.1"), nothing()), bitString(key));
}

function ec(curve: string): Bytes {
  return sequence(sequence(oid("1.2.840.10045.2.1"), oid(curve)), bitString(new Uint8Array(65)));
}

const octets = (length: number) => new Uint8Array(length).fill(0x7f);

for (
  const [what, spki, expected, weakAllowed] of [
    ["RSA of 2,048 bits", rsa(2048, 65_537), "strong", "strong"],
    ["RSA of 2,047 bits", rsa(2047, 65_537), "weak", "strong"],
    ["RSA of 1,024 bits", rsa(1024, 65_537), "weak", "strong"],
    ["RSA of 1,023 bits", rsa(1023, 65_537), "weak", "weak"],
    ["RSA of 8,192 bits", rsa(8192, 65_537), "strong", "strong"],
    ["RSA of 8,193 bits", rsa(8193, 65_537), "unsupported", "unsupported"],
    ["the exponent 3", rsa(2048, 3), "strong", "strong"],
    ["the exponent 1", rsa(2048, 1), "weak", "weak"],
    ["the even exponent 2", rsa(2048, 2), "weak", "weak"],
    ["the even exponent 65,536", rsa(2048, 65_536), "weak", "weak"],
    ["the exponent 257", rsa(2048, 257), "strong", "strong"],
    ["an exponent of 8 octets", rsa(2048, octets(8)), "strong", "strong"],
    ["an exponent of 9 octets", rsa(2048, octets(9)), "unsupported", "unsupported"],
    ["P-256", ec("1.2.840.10045.3.1.7"), "strong", "strong"],
    ["a curve of no name here", ec("1.3.132.0.10"), "unsupported", "unsupported"],
    ["Ed25519", sequence(sequence(oid("1.3.101.112")), bitString(octets(32))), "unsupported"],
    ["no key at all", sequence(octets(3)), "unsupported"],
  ] as [string, Bytes, string, string?][]
) {
  Deno.test(`the strength of a key: ${what} is ${expected}`, () => {
    assertEquals(checkKeyStrength(spki), expected);
    assertEquals(checkKeyStrength(spki, true), weakAllowed ?? expected);
  });
}

Deno.test("a key is read with its size and exponent, or is null", () => {
  assertEquals(tryReadPublicKey(rsa(2045, 3)), {
    type: "RSA",
    bits: 2045,
    exponent: new Uint8Array([3]),
  });
  assertEquals(tryReadPublicKey(ec("1.3.132.0.34")), { type: "EC", curve: "P-384" });
  assertEquals(tryReadPublicKey(ec("1.3.132.0.10")), { type: "other", oid: "1.2.840.10045.2.1" });
  assertEquals(tryReadPublicKey(octets(3)), null);
});
