import "reflect-metadata";
import { X509Certificate } from "@peculiar/x509";
import { assertEquals } from "@std/assert";
import { encodeHex } from "@std/encoding";
import { createPki, issueCompanyCertificate } from "../../tools/pki/mod.ts";
import { ATTRIBUTE } from "./name.ts";
import { parseCertificate } from "./x509.ts";

const DAY = 24 * 60 * 60_000;

/** Certificates of each kind and string type, and the authorities above them. */
async function certificates(): Promise<Uint8Array<ArrayBuffer>[]> {
  const pki = await createPki();
  const issued = await Promise.all(
    (["e-CNPJ", "SE-S", "SE-H"] as const).map((kind, i) =>
      issueCompanyCertificate(pki, {
        kind,
        cnpj: "12ABC34501DE35",
        companyName: `Operadora Fictícia ${"& Filhas ".repeat(i * 4)}Ltda`,
        responsible: { name: "Íris Inventada", cpf: "52998224725", birthDate: "1980-05-17" },
        notBefore: new Date(Date.UTC(2026, 0, 1)),
        notAfter: new Date(Date.UTC(2026, 0, 1) + (i === 2 ? 9_000 : 365) * DAY),
      })
    ),
  );
  return [
    ...issued.map(({ certificate }) => certificate),
    ...[pki.root, pki.secretaria, pki.issuing].map(({ certificate }) => certificate),
  ].map((der) => new Uint8Array(der));
}

Deno.test("our reader sees what @peculiar/x509 sees", async () => {
  for (const der of await certificates()) {
    const ours = parseCertificate(der);
    const theirs = new X509Certificate(der);
    assertEquals(ours.serial, theirs.serialNumber.replace(/^0+/, ""));
    assertEquals(ours.notBefore, theirs.notBefore.getTime());
    assertEquals(ours.notAfter, theirs.notAfter.getTime());
    assertEquals(encodeHex(ours.spki), encodeHex(new Uint8Array(theirs.publicKey.rawData)));
    assertEquals(encodeHex(ours.signature), encodeHex(new Uint8Array(theirs.signature)));
    for (const [name, same] of [["subject", "subjectName"], ["issuer", "issuerName"]] as const) {
      for (const oid of [ATTRIBUTE.commonName, ATTRIBUTE.organization]) {
        const values = ours[name].attributes.filter((attribute) => attribute.oid === oid);
        assertEquals(values.map(({ value }) => value), theirs[same].getField(oid));
      }
    }
  }
});
