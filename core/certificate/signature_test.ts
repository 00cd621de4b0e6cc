import { assertEquals } from "@std/assert";
import { explicit, integer, nothing, oid, sequence } from "../../tests/support/pki/der.ts";
import type { Bytes } from "./der.ts";
import { rsaPair } from "@/tests/fixtures/pki.ts";
import { checkSignature } from "./signature.ts";
import type { Certificate } from "./x509.ts";

const SHA256 = "2.16.840.1.101.3.4.2.1";
const SHA384 = "2.16.840.1.101.3.4.2.2";
const MGF1 = "1.2.840.113549.1.1.8";

/** RSASSA-PSS-params (RFC 4055, 3.1) in an AlgorithmIdentifier. */
function pss(
  { hash = SHA256, mask = MGF1, maskHash = hash, salt = 32, more = [] }: {
    hash?: string;
    mask?: string;
    maskHash?: string;
    salt?: number;
    more?: Bytes[];
  },
): Bytes {
  const parameters = sequence(
    explicit(0, sequence(oid(hash), nothing())),
    explicit(1, sequence(oid(mask), sequence(oid(maskHash), nothing()))),
    explicit(2, integer(salt)),
    ...more,
  );
  return sequence(oid("1.2.840.113549.1.1.10"), parameters);
}

const keys = await rsaPair("SHA-256", 2048, "RSA-PSS");
const issuer = {
  spki: new Uint8Array(await crypto.subtle.exportKey("spki", keys.publicKey)),
} as Certificate;
const tbs = new TextEncoder().encode("what is signed");

/** Checks a signature whose salt has so many octets, under what the certificate says of it. */
async function check(algorithm: Bytes, saltLength = 32) {
  const signed = await crypto.subtle.sign({ name: "RSA-PSS", saltLength }, keys.privateKey, tbs);
  const signature = new Uint8Array(signed);
  return await checkSignature({ tbs, signatureAlgorithm: algorithm, signature }, issuer);
}

for (
  const [what, algorithm, expected] of [
    ["as it was signed", pss({}), "valid"],
    ["with another salt", pss({ salt: 20 }), "invalid"],
    ["with a salt of 65 octets", pss({ salt: 65 }), "unsupported"],
    ["with another hash for the mask", pss({ maskHash: SHA384 }), "unsupported"],
    ["with another mask", pss({ mask: SHA256 }), "unsupported"],
    ["with a hash of no name here", pss({ hash: "1.3.14.3.2.26" }), "unsupported"],
    ["with a trailer field", pss({ more: [explicit(3, integer(1))] }), "unsupported"],
    ["with defaults, which are SHA-1", sequence(oid("1.2.840.113549.1.1.10"), sequence()), "weak"],
  ] as [string, Bytes, string][]
) {
  Deno.test(`RSA-PSS ${what}: ${expected}`, async () => {
    assertEquals(await check(algorithm), expected);
  });
}

Deno.test("RSA-PSS with a salt of 64 octets holds", async () => {
  assertEquals(await check(pss({ salt: 64 }), 64), "valid");
});
