import { assertEquals } from "@std/assert";
import {
  buildCertificate,
  type Extension,
  extension,
  name,
} from "@/tests/support/pki/certificate.ts";
import { otherName, subjectAltName } from "@/tests/support/pki/company.ts";
import { octetString, printable } from "@/tests/support/pki/der.ts";
import { personData } from "@/tools/pki/company.ts";
import { keyPair } from "@/tests/fixtures/pki.ts";
import { readCertificateIdentity } from "./identity.ts";
import { signatureTypeOf } from "./kind.ts";
import { parseCertificate } from "./x509.ts";

const CPF = "52998224725";
const OTHER_CPF = "11144477735";
const PERSON = "2.16.76.1.3.1";
const keys = await keyPair();

const octets = (text: string) => octetString(new TextEncoder().encode(text));
const dataOf = (cpf: string, birthDate = "1970-02-28") => personData({ cpf, birthDate });
const personName = (data: string) => otherName(PERSON, octets(data));
const policy = (arc: number) => extension.policies(`2.16.76.1.2.${arc}.9999`);

async function read(
  common: string,
  names: readonly Uint8Array[],
  policies: Extension = policy(1),
) {
  const der = await buildCertificate({
    issuer: name([["CN", "AC"]]),
    subject: name([["CN", common]]),
    issuerKey: keys.privateKey,
    publicKey: keys.publicKey,
    notBefore: new Date("2026-01-01"),
    notAfter: new Date("2027-01-01"),
    extensions: [policies, subjectAltName(...names)],
  });
  const identity = await readCertificateIdentity(parseCertificate(der), { seals: true });
  if (!identity.ok) return identity.code;
  const { holder, kind, cnpj } = identity.data;
  return [kind, holder && [holder.name, holder.cpf, holder.birthDate], cnpj];
}

const MARIA = "MARIA DE EXEMPLO SILVA";

Deno.test("the holder of an e-CPF: name, CPF and birth date, however they are written", async () => {
  const holder = ["e-CPF", [MARIA, CPF, "1970-02-28"], null];
  assertEquals(await read(`${MARIA}:${CPF}`, [personName(dataOf(CPF))]), holder);
  assertEquals(await read(MARIA, [personName(dataOf(CPF))]), holder);
  const inPrintable = otherName(PERSON, printable(`${dataOf(CPF)}SSPSP`));
  assertEquals(await read(`${MARIA}:${CPF}`, [inPrintable]), holder);
  const undated = personName(dataOf(CPF, "0000-00-00"));
  assertEquals(await read(MARIA, [undated]), ["e-CPF", [MARIA, CPF, null], null]);
});

Deno.test("an e-CPF whose data are wrong, missing or contradict one another names nobody", async () => {
  for (
    const data of [dataOf("52998224724"), dataOf("0".repeat(11)), dataOf(CPF, "1970-02-31"), ""]
  ) {
    assertEquals(await read(MARIA, [personName(data)]), "person_invalid", data);
  }
  const two = [personName(dataOf(CPF)), personName(dataOf(OTHER_CPF))];
  assertEquals(await read(MARIA, two), "person_invalid");
  const other = await read(`${MARIA}:${OTHER_CPF}`, [personName(dataOf(CPF))]);
  assertEquals(other, "person_contradiction");
});

Deno.test("what is not for signing, or is a company's too, is no e-CPF", async () => {
  const names = [personName(dataOf(CPF))];
  const unknown = ["unknown", null, null];
  assertEquals(await read(MARIA, names, extension.policies("1.2.3")), unknown);
  // A certificate for secrecy (S1).
  assertEquals(await read(MARIA, names, policy(101)), unknown);
  const company = otherName("2.16.76.1.3.3", octets("12ABC34501DE35"));
  assertEquals(await read(MARIA, [...names, company]), unknown);
});

Deno.test("the policy tells the type of the key; of several the weakest counts", () => {
  const arc = (number: number | string) => `2.16.76.1.2.${number}`;
  const types = [1, 2, 3, 4].map((number) => signatureTypeOf([arc(`${number}.7`)]));
  assertEquals(types, ["A1", "A2", "A3", "A4"]);
  assertEquals(signatureTypeOf([arc("3.7"), arc("1.7")]), "A1");
  for (const none of [[], [arc("5.7")], [arc("11.7")], [arc("101.7")], [arc("3")]]) {
    assertEquals(signatureTypeOf(none), null);
  }
});
