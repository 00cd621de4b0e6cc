import { assertEquals } from "@std/assert";
import {
  buildCertificate,
  type Extension,
  extension,
  name,
} from "@/tests/support/pki/certificate.ts";
import { companyExtensions, otherName, subjectAltName } from "@/tests/support/pki/company.ts";
import {
  bmp,
  concat,
  ia5,
  implicit,
  latin1,
  octetString,
  printable,
  teletex,
  utf8,
} from "@/tests/support/pki/der.ts";
import { personData } from "@/tools/pki/company.ts";
import { EXAMPLE_COMPANY, keyPair } from "@/tests/fixtures/pki.ts";
import { type CertificateIdentity, readCertificateIdentity } from "./identity.ts";
import { parseCertificate, tryParseCertificate } from "./x509.ts";

const { cnpj, responsible } = EXAMPLE_COMPANY;
const OTHER_CNPJ = "11222333000181";
const E_CNPJ = extension.policies("2.16.76.1.2.1.9999");
const SE_S = extension.policies("2.16.76.1.2.201.9999");

const keys = await keyPair();

type Attributes = [string, string][];

function build(extensions: Extension[], subject?: Attributes): Promise<Uint8Array<ArrayBuffer>> {
  return buildCertificate({
    issuer: name([["CN", "AC"]]),
    subject: name(subject ?? [["CN", `EMPRESA LTDA:${cnpj}`]]),
    issuerKey: keys.privateKey,
    publicKey: keys.publicKey,
    notBefore: new Date("2026-01-01"),
    notAfter: new Date("2027-01-01"),
    extensions,
  });
}

async function identify(extensions: Extension[], subject?: Attributes, seals = true) {
  return await readCertificateIdentity(parseCertificate(await build(extensions, subject)), {
    seals,
  });
}

async function accepted(
  extensions: Extension[],
  subject?: Attributes,
  seals = true,
): Promise<CertificateIdentity> {
  const identity = await identify(extensions, subject, seals);
  if (!identity.ok) throw new Error(identity.code);
  return identity.data;
}

async function refused(extensions: Extension[], subject?: Attributes) {
  const identity = await identify(extensions, subject);
  if (identity.ok) throw new Error("accepted");
  return { code: identity.code, ...identity.detail };
}

const octets = (text: string) => octetString(latin1(text));
const cnpjName = (text = cnpj as string) => otherName("2.16.76.1.3.3", octets(text));
const responsibleNames = (data: string, who: string = responsible.name) => [
  otherName("2.16.76.1.3.2", octets(who)),
  otherName("2.16.76.1.3.4", octets(data)),
];
const company = (...names: Uint8Array[]) => [E_CNPJ, subjectAltName(cnpjName(), ...names)];

Deno.test("an e-CNPJ as the authorities issue it", async () => {
  const identity = await accepted(companyExtensions({ ...EXAMPLE_COMPANY }));
  assertEquals(identity.kind, "e-CNPJ");
  assertEquals(identity.cnpj, cnpj);
  assertEquals(identity.companyName, "EMPRESA LTDA");
  assertEquals(identity.responsible, responsible);
  assertEquals(identity.subject, `CN=EMPRESA LTDA:${cnpj}`);
  assertEquals(identity.issuer, "CN=AC");
  assertEquals(identity.notBefore, Date.parse("2026-01-01"));
  assertEquals(identity.notAfter, Date.parse("2027-01-01"));
  assertEquals(identity.policies, ["2.16.76.1.2.1.9999"]);
});

Deno.test("the fingerprint is that of the DER", async () => {
  const der = await build(company());
  const identity = await readCertificateIdentity(parseCertificate(der), { seals: true });
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", der));
  assertEquals(identity.ok && identity.data.sha256, digest.toHex());
});

Deno.test("every string type is read, accents included", async () => {
  const accented = "MARIA DA CONCEIÇÃO";
  const encodings = {
    octetLatin1: octetString(latin1(accented)),
    octetUtf8: octetString(new TextEncoder().encode(accented)),
    utf8: utf8(accented),
    teletex: teletex(accented),
    bmp: bmp(accented),
  };
  for (const [type, value] of Object.entries(encodings)) {
    const identity = await accepted(company(
      otherName("2.16.76.1.3.2", value),
      otherName("2.16.76.1.3.4", octets(personData(responsible))),
    ));
    assertEquals(identity.responsible?.name, accented, type);
  }
  for (const type of [octets, printable, ia5, utf8, bmp]) {
    const san = subjectAltName(otherName("2.16.76.1.3.3", type(cnpj)));
    assertEquals((await accepted([E_CNPJ, san])).cnpj, cnpj);
  }
});

Deno.test("the tail of the responsible person's data may have any length", async () => {
  const fixed = personData(responsible).slice(0, 45);
  for (const tail of ["", "SSPSP", "SSPSP ", "DETRANRJ", "SSP  SP", "          "]) {
    const identity = await accepted(company(...responsibleNames(fixed + tail)));
    assertEquals(identity.responsible, responsible, tail);
  }
});

Deno.test("the names may stand in any order, among e-mail addresses and foreign ones", async () => {
  const email = implicit(1, latin1("contato@operadora.example"));
  const upn = otherName("1.3.6.1.4.1.311.20.2.3", octetString(new Uint8Array([0, 1, 2])));
  const names = [email, ...responsibleNames(personData(responsible)).reverse(), upn, cnpjName()];
  const identity = await accepted([E_CNPJ, subjectAltName(...names)]);
  assertEquals([identity.cnpj, identity.responsible], [cnpj, responsible]);
});

Deno.test("a certificate without responsible person, or with zeros for one, names nobody", async () => {
  assertEquals((await accepted(company())).responsible, null);
  const zeros = responsibleNames("0".repeat(45));
  assertEquals((await accepted(company(...zeros))).responsible, null);
  const undated = responsibleNames("00000000" + personData(responsible).slice(8));
  assertEquals((await accepted(company(...undated))).responsible?.birthDate, null);
});

Deno.test("wrong data of the responsible person are refused", async () => {
  const data = personData(responsible);
  for (
    const wrong of [
      data.slice(0, 18),
      "31021970" + data.slice(8),
      "1970-2-2" + data.slice(8),
      data.slice(0, 18) + "9" + data.slice(19),
      data.slice(0, 8) + "11111111111" + data.slice(19),
    ]
  ) {
    assertEquals(await refused(company(...responsibleNames(wrong))), {
      code: "responsible_invalid",
    });
  }
  assertEquals(
    await refused(company(...responsibleNames(data), ...responsibleNames(data, "OUTRA PESSOA"))),
    { code: "responsible_invalid" },
  );
});

Deno.test("a lower-case CNPJ is the same CNPJ", async () => {
  const san = subjectAltName(cnpjName(cnpj.toLowerCase()));
  assertEquals((await accepted([E_CNPJ, san])).cnpj, cnpj);
});

Deno.test("a CNPJ with wrong check digits is refused", async () => {
  const wrong = cnpj.slice(0, 13) + "6";
  assertEquals(
    await refused([E_CNPJ, subjectAltName(cnpjName(wrong))], [["CN", "EMPRESA"]]),
    { code: "cnpj_invalid", cnpj: wrong },
  );
  const empty = [E_CNPJ, subjectAltName(cnpjName(""))];
  assertEquals(await refused(empty), { code: "cnpj_missing" });
});

Deno.test("the common name may have no CNPJ, or one that is cut off", async () => {
  for (
    const common of ["EMPRESA LTDA", `EMPRESA:${cnpj.slice(0, 9)}`, "EMPRESA: FILIAL SAO PAULO", ""]
  ) assertEquals((await accepted(company(), [["CN", common]])).cnpj, cnpj, common);
});

Deno.test("the company's name is what stands before the CNPJ", async () => {
  const nameIn = async (common: string) =>
    (await accepted(company(), [["CN", common]])).companyName;
  assertEquals(await nameIn(`SAUDE: PLANOS LTDA:${cnpj}`), "SAUDE: PLANOS LTDA");
  assertEquals(await nameIn(`SAUDE:${cnpj.slice(0, 5)}`), "SAUDE");
  assertEquals(await nameIn("EMPRESA LTDA"), "EMPRESA LTDA");
});

Deno.test("places that name different companies are a contradiction, shown with both", async () => {
  const contradiction = { code: "cnpj_contradiction", cnpj, outro: OTHER_CNPJ } as const;
  assertEquals(await refused(company(), [["CN", `EMPRESA:${OTHER_CNPJ}`]]), contradiction);
  assertEquals(await refused(company(), [["CN", "EMPRESA:11.222.333/0001-81"]]), contradiction);
  assertEquals(
    await refused(company(), [["CN", `EMPRESA:${OTHER_CNPJ}`], ["CN", `EMPRESA:${cnpj}`]]),
    contradiction,
  );
  assertEquals(
    await refused(company(), [["serialNumber", OTHER_CNPJ], ["CN", "EMPRESA"]]),
    contradiction,
  );
  assertEquals(await refused(company(cnpjName(OTHER_CNPJ))), contradiction);
});

Deno.test("the same CNPJ in every place, and other ids in serialNumber, are no contradiction", async () => {
  const subject: Attributes = [["serialNumber", cnpj], ["CN", `EMPRESA:${cnpj}`]];
  assertEquals((await accepted(company(cnpjName()), subject)).cnpj, cnpj);
  const other: Attributes = [["serialNumber", "A1-000123"], ["CN", "EMPRESA"]];
  assertEquals((await accepted(company(), other)).cnpj, cnpj);
});

Deno.test("a seal has its CNPJ in serialNumber or .3.3, never in the common name alone", async () => {
  const subject: Attributes = [["serialNumber", cnpj], ["CN", "EMPRESA"]];
  assertEquals((await accepted([SE_S], subject)).cnpj, cnpj);
  assertEquals((await accepted([SE_S], subject)).kind, "SE-S");
  assertEquals((await accepted([SE_S, subjectAltName(cnpjName())])).cnpj, cnpj);
  assertEquals(await refused([SE_S], [["CN", `EMPRESA:${cnpj}`]]), { code: "cnpj_missing" });
  const hardware = extension.policies("2.16.76.1.2.202.1");
  assertEquals((await accepted([hardware], subject)).kind, "SE-H");
});

Deno.test("a seal's policy means nothing below a root without seals", async () => {
  const { cnpj: read, kind } = await accepted([SE_S], [["serialNumber", cnpj]], false);
  assertEquals([kind, read], ["unknown", null]);
});

Deno.test("what is no company's certificate is named, and has no CNPJ", async () => {
  const person = otherName("2.16.76.1.3.1", octets(personData(responsible)));
  const dns = implicit(2, latin1("www.operadora.example"));
  const uses = (oid: string) => [...company(), extension.extendedKeyUsage(oid)];
  const kinds: [string, Extension[]][] = [
    ["e-CPF", [E_CNPJ, subjectAltName(person)]],
    ["unknown", company(person)],
    ["ssl", company(dns)],
    ["ssl", uses("1.3.6.1.5.5.7.3.1")],
    ["code-signing", uses("1.3.6.1.5.5.7.3.3")],
    ["time-stamping", uses("1.3.6.1.5.5.7.3.8")],
    ["ca", [...company(), extension.basicConstraints(true)]],
    ["unknown", [subjectAltName(cnpjName())]],
    ["unknown", [E_CNPJ]],
    ["unknown", []],
    ["unknown", [extension.policies("2.16.76.1.2.101.1"), subjectAltName(cnpjName())]],
    ["unknown", [extension.policies("2.16.76.1.2.11.1"), subjectAltName(cnpjName())]],
  ];
  for (const [kind, extensions] of kinds) {
    const identity = await accepted(extensions);
    assertEquals([identity.kind, identity.cnpj], [kind, null]);
  }
});

Deno.test("A1 to A4 are signature certificates", async () => {
  for (const arc of [1, 2, 3, 4]) {
    const extensions = [extension.policies(`2.16.76.1.2.${arc}.7`), subjectAltName(cnpjName())];
    assertEquals((await accepted(extensions)).kind, "e-CNPJ");
  }
});

Deno.test("names that cannot be read make the certificate malformed", async () => {
  const malformed = async (value: Uint8Array) => {
    const der = await build([E_CNPJ, subjectAltName(otherName("2.16.76.1.3.3", value))]);
    assertEquals(tryParseCertificate(der), null);
  };
  await malformed(octets("EMPRESA\n"));
  await malformed(octets("12ABC345\u0000"));
  await malformed(new Uint8Array([0x0c, 1, 0xff]));
  await malformed(new Uint8Array([0x02, 1, 1]));
  await malformed(concat(octets(cnpj), octets(cnpj)));
  await malformed(new Uint8Array([0x1e, 1, 0]));
});
