import { assert, assertEquals, assertRejects } from "@std/assert";
import { encodePkcs12, issueCompanyCertificate } from "@/tools/pki/mod.ts";
import type { Pkcs12Options } from "@/tools/pki/pkcs12.ts";
import { EXAMPLE_COMPANY, testPki } from "@/tests/fixtures/pki.ts";
import { checkPossession } from "../signature.ts";
import { parseCertificate } from "../x509.ts";
import { type A1, describeLeaf, openA1, signWithCertificate } from "./mod.ts";

const pki = await testPki();
const company = await issueCompanyCertificate(pki, EXAMPLE_COMPANY);
const other = await issueCompanyCertificate(pki, { ...EXAMPLE_COMPANY, cnpj: "11222333000181" });
const CHAIN = [company.certificate, ...company.chain];

function pfx(options: Partial<Pkcs12Options> = {}): Promise<Uint8Array<ArrayBuffer>> {
  const { privateKey } = company;
  return encodePkcs12({ privateKey, certificates: CHAIN, password: "habilita", ...options });
}

const DAMAGE = new Set(["pfx_damaged", "pfx_unsupported", "pfx_too_costly"]);

async function opened(file: Uint8Array, password = "habilita"): Promise<A1> {
  const result = await openA1(file, password);
  if (!result.ok) throw new Error(result.code);
  return result.data;
}

async function codeOf(file: Uint8Array, password = "habilita"): Promise<string> {
  const result = await openA1(file, password);
  return result.ok ? "ok" : result.code;
}

for (const scheme of ["aes-256", "3des", "rc2-40"] as const) {
  for (const password of ["habilita", "sênha çom acento", "", "пароль", "🔐 chave"]) {
    Deno.test(`a ${scheme} file opens with the password "${password}"`, async () => {
      const { certificates } = await opened(await pfx({ scheme, password }), password);
      assertEquals(certificates, CHAIN);
    });
  }

  Deno.test(`a ${scheme} file with a wrong password says so`, async () => {
    const file = await pfx({ scheme, password: "habilita" });
    for (const wrong of ["Habilita", "habilita ", "", "hábilita"]) {
      assertEquals(await codeOf(file, wrong), "pfx_wrong_password", wrong);
    }
  });

  Deno.test(`a damaged ${scheme} file never opens nor blames the password`, async () => {
    const file = await pfx({ scheme });
    const codes = new Map<string, number>();
    for (let at = 0; at < file.length; at += 127) {
      const damaged = file.slice();
      damaged[at] = damaged[at]! ^ 1;
      const code = await codeOf(damaged);
      codes.set(code, (codes.get(code) ?? 0) + 1);
    }
    assertEquals(new Set(codes.keys()).difference(DAMAGE), new Set());
    assert(codes.get("pfx_damaged")! > 20);
  });
}

Deno.test("the signature verifies with the certificate, and the key stays in", async () => {
  const a1 = await opened(await pfx());
  const { algorithm, signature } = await signWithCertificate(a1, "texto com acentuação");
  assertEquals(algorithm, "RS256");
  const valid = await checkPossession(
    parseCertificate(company.certificate),
    "RS256",
    Uint8Array.from(atob(signature), (character) => character.charCodeAt(0)),
    new TextEncoder().encode("texto com acentuação"),
  );
  assert(valid);
  assertEquals(a1.key.extractable, false);
  assertEquals(a1.key.usages, ["sign"]);
  await assertRejects(() => crypto.subtle.exportKey("pkcs8", a1.key));
});

Deno.test("the leaf is the certificate of the key, wherever it stands", async () => {
  const [leaf, issuing, secretaria] = CHAIN;
  const certificates = [secretaria!, other.certificate, issuing!, leaf!, pki.root.certificate];
  const a1 = await opened(await pfx({ certificates }));
  assertEquals(a1.certificates, [...CHAIN, pki.root.certificate]);
});

Deno.test("what the certificate says can be shown before signing", async () => {
  const said = await describeLeaf(await opened(await pfx()));
  assertEquals(said.ok && said.data, {
    facts: [
      ["Razão social", "OPERADORA DE EXEMPLO LTDA"],
      ["CNPJ", "12.ABC.345/01DE-35"],
      ["Responsável", "MARIA DE EXEMPLO SILVA"],
      ["Emitido por", "AC Habilita RFB de Desenvolvimento"],
      ["Validade", "de 31/12/2025 a 31/12/2026"],
    ],
    validUntil: "31/12/2026",
    expired: EXAMPLE_COMPANY.notAfter.getTime() < Date.now(),
  });
});

Deno.test("a file without the certificate of its key is refused", async () => {
  assertEquals(
    await codeOf(await pfx({ certificates: [other.certificate] })),
    "pfx_no_certificate",
  );
  assertEquals(await codeOf(await pfx({ certificates: company.chain })), "pfx_no_certificate");
});

Deno.test("what is no PKCS#12 file is refused", async () => {
  const file = await pfx();
  const text = new TextEncoder().encode("-----BEGIN CERTIFICATE-----");
  for (
    const bytes of [
      new Uint8Array(),
      text,
      company.certificate,
      file.subarray(0, file.length - 1),
      new Uint8Array([...file, 0]),
      new Uint8Array(100_000).fill(0x30),
      new Uint8Array(100_000).fill(0x80).map((octet, i) => i % 2 ? octet : 0x30),
    ]
  ) assertEquals(await codeOf(bytes), "pfx_damaged");
  assertEquals(await codeOf(new Uint8Array(1024 * 1024 + 1)), "pfx_too_large");
});
