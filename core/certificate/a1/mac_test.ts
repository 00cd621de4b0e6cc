import { assertEquals } from "@std/assert";
import { createHmac, pbkdf2Sync } from "node:crypto";
import { integer, latin1, nothing, octetString, oid, sequence } from "@/tests/support/pki/der.ts";
import { A1Failure } from "./failure.ts";
import { bmpPassword, deriveBytes, passwordForms } from "./kdf.ts";
import { verifyMac } from "./mac.ts";

const CONTENT = new TextEncoder().encode("content of the safe");
const SALT = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]);
const PASSWORD = "sênha";

/** MacData of RFC 9579: PBKDF2 and HMAC, both with SHA-256. */
function pbmac1(
  keyLength: number | null,
  password: string | Uint8Array = PASSWORD,
): Uint8Array<ArrayBuffer> {
  const key = pbkdf2Sync(password, SALT, 1000, keyLength ?? 32, "sha256");
  const digest = createHmac("sha256", key).update(CONTENT).digest();
  const hmac = sequence(oid("1.2.840.113549.2.9"), nothing());
  const length = keyLength === null ? [] : [integer(keyLength)];
  const kdf = sequence(
    oid("1.2.840.113549.1.5.12"),
    sequence(octetString(SALT), integer(1000), ...length, hmac),
  );
  const algorithm = sequence(oid("1.2.840.113549.1.5.14"), sequence(kdf, hmac));
  return sequence(sequence(algorithm, octetString(digest)), octetString(SALT));
}

async function verdict(macData: Uint8Array<ArrayBuffer>, password: string, content = CONTENT) {
  try {
    return await verifyMac(macData, content, passwordForms(password));
  } catch (error) {
    return error instanceof A1Failure ? error.code : error;
  }
}

Deno.test("PBMAC1 holds for its password and content alone", async () => {
  assertEquals(await verdict(pbmac1(32), PASSWORD), true);
  assertEquals(await verdict(pbmac1(32), "senha"), false);
  assertEquals(await verdict(pbmac1(32), PASSWORD, CONTENT.slice(1)), false);
});

Deno.test("PBMAC1 without a key length, or with a short or a long one, is refused", async () => {
  for (const length of [null, 8, 19, 65]) {
    assertEquals(await verdict(pbmac1(length), PASSWORD), "pfx_unsupported");
  }
});

Deno.test("passwords count in the encodings of older programs too", async () => {
  assertEquals(await verdict(pbmac1(32, latin1(PASSWORD)), PASSWORD), true);
  assertEquals(await verdict(pbmac1(32, bmpPassword(PASSWORD)), PASSWORD), true);
  assertEquals(await verdict(pbmac1(32, latin1("senha")), PASSWORD), false);
});

Deno.test("the empty password counts as nothing and as an empty text", async () => {
  for (const password of [new Uint8Array(), bmpPassword("")]) {
    const parameters = { hash: "SHA-256", salt: SALT, iterations: 1, length: 32 } as const;
    const key = deriveBytes(password, { ...parameters, purpose: 3 });
    const digest = createHmac("sha256", key).update(CONTENT).digest();
    const sha256 = sequence(oid("2.16.840.1.101.3.4.2.1"), nothing());
    const macData = sequence(sequence(sha256, octetString(digest)), octetString(SALT));
    assertEquals(await verdict(macData, ""), true);
    assertEquals(await verdict(macData, "x"), false);
  }
});

Deno.test("an unknown digest is refused", async () => {
  const md5 = sequence(oid("1.2.840.113549.2.5"), nothing());
  const macData = sequence(sequence(md5, octetString(new Uint8Array(16))), octetString(SALT));
  assertEquals(await verdict(macData, PASSWORD), "pfx_unsupported");
});

Deno.test("the derivation of PKCS#12 gives the published values", () => {
  // Test vectors that accompany PKCS#12 v1.0, as other implementations carry them.
  const derive = (password: string, salt: string, purpose: 1 | 2 | 3, length: number) =>
    deriveBytes(bmpPassword(password), {
      hash: "SHA-1",
      salt: Uint8Array.from(salt.match(/../g)!, (octet) => parseInt(octet, 16)),
      iterations: 1,
      purpose,
      length,
    }).toHex();
  assertEquals(
    derive("smeg", "0a58cf64530d823f", 1, 24),
    "8aaae6297b6cb04642ab5b077851284eb7128f1a2a7fbca3",
  );
  assertEquals(derive("smeg", "0a58cf64530d823f", 2, 8), "79993dfe048d3b76");
});
