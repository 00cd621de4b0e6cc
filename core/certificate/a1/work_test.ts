import { assertEquals, assertRejects } from "@std/assert";
import { integer, nothing, octetString, oid, sequence } from "@/tests/support/pki/der.ts";
import { A1Failure } from "./failure.ts";
import { passwordForms } from "./kdf.ts";
import { verifyMac } from "./mac.ts";
import { decryptSequence } from "./pbe.ts";

const SALT = octetString(new Uint8Array(16));
const newForms = () => passwordForms("habilita");
const DATA = new Uint8Array(32);

const pkcs12 = (iterations: number) =>
  sequence(oid("1.2.840.113549.1.12.1.3"), sequence(SALT, integer(iterations)));

const pbes2 = (iterations: number, cipher = "2.16.840.1.101.3.4.1.42", ivLength = 16) =>
  sequence(
    oid("1.2.840.113549.1.5.13"),
    sequence(
      sequence(oid("1.2.840.113549.1.5.12"), sequence(SALT, integer(iterations))),
      sequence(oid(cipher), octetString(new Uint8Array(ivLength))),
    ),
  );

const macData = (iterations: number) =>
  sequence(
    sequence(sequence(oid("1.3.14.3.2.26"), nothing()), octetString(new Uint8Array(20))),
    SALT,
    integer(iterations),
  );

async function codeOf(work: Promise<unknown>): Promise<string> {
  return (await assertRejects(() => work, A1Failure) as A1Failure).code;
}

Deno.test("a file that asks for too much work is refused before the work is done", async () => {
  const decrypt = (algorithm: Uint8Array<ArrayBuffer>) =>
    codeOf(decryptSequence(algorithm, DATA, newForms()));
  assertEquals(await decrypt(pbes2(6_000_001)), "pfx_too_costly");
  assertEquals(await decrypt(pkcs12(1_250_001)), "pfx_too_costly");
  assertEquals(
    await codeOf(verifyMac(macData(2_500_001), DATA, newForms())),
    "pfx_too_costly",
  );
});

Deno.test("the work of all parts counts together", async () => {
  const forms = newForms();
  forms.budget.spend("native", 5_999_000);
  assertEquals(await codeOf(decryptSequence(pbes2(2_000), DATA, forms)), "pfx_too_costly");
});

Deno.test("an unknown scheme is named", async () => {
  const rc4 = sequence(oid("1.2.840.113549.1.12.1.2"), sequence(SALT, integer(1)));
  const failure = await assertRejects(
    () => decryptSequence(rc4, DATA, newForms()),
    A1Failure,
  );
  assertEquals(failure.detail, { tipo: "1.2.840.113549.1.12.1.2" });
  assertEquals(
    await codeOf(decryptSequence(pbes2(1, "1.2.840.113549.3.2", 8), DATA, newForms())),
    "pfx_unsupported",
  );
});
