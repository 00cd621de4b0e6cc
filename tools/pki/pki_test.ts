import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { openssl, openSslVersion } from "@/tests/support/openssl.ts";
import { issueCompanyCertificate, openPki } from "./mod.ts";
import { toPem } from "./pem.ts";
import { EXAMPLE_COMPANY, testPki } from "@/tests/fixtures/pki.ts";

const ignore = await openSslVersion() === null; // nothing to compare with on this machine

async function withFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a folder's PKI is made once and stays the same", () =>
  withFolder(async (folder) => {
    const data = join(folder, "data");
    const first = await openPki(data);
    const again = await openPki(data);
    for (const level of ["root", "secretaria", "issuing"] as const) {
      assertEquals(again[level].certificate, first[level].certificate);
    }
    const files = [...Deno.readDirSync(join(data, "pki"))].map(({ name }) => name).sort();
    const levels = ["emissora", "raiz", "secretaria"];
    assertEquals(files, levels.flatMap((level) => [`${level}.crt`, `${level}.key`]));
    const { mode } = await Deno.stat(join(data, "pki", "raiz.key"));
    if (mode !== null) assertEquals(mode & 0o077, 0);
  }));

Deno.test("two that open at the same time get the same PKI and leave nothing behind", () =>
  withFolder(async (folder) => {
    const [a, b] = await Promise.all([openPki(folder), openPki(folder)]);
    assertEquals(a.root.certificate, b.root.certificate);
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["pki"]);
  }));

Deno.test({
  name: "openssl accepts the chain and reads the company from the certificate",
  ignore,
  fn: () =>
    withFolder(async (folder) => {
      const pki = await testPki();
      const { certificate, chain } = await issueCompanyCertificate(pki, {
        ...EXAMPLE_COMPANY,
        crlUrls: ["http://crl.example/emissora.crl"],
      });
      const write = async (file: string, ...ders: Uint8Array[]) => {
        const path = join(folder, file);
        const pems = ders.map((der) => toPem("CERTIFICATE", der));
        await Deno.writeTextFile(path, pems.join(""));
        return path;
      };
      const root = await write("root.pem", pki.root.certificate);
      const cas = await write("chain.pem", ...chain);
      const leaf = await write("leaf.pem", certificate);
      const strict = ["-x509_strict", "-purpose", "sslclient", "-attime", "1793707200"];
      const verified = await openssl(
        ...["verify", ...strict, "-CAfile", root, "-untrusted", cas, leaf],
      );
      assertMatch(verified, /: OK/);
      const text = await openssl("x509", "-in", leaf, "-noout", "-text", "-nameopt", "RFC2253");
      assertStringIncludes(text, `CN=OPERADORA DE EXEMPLO LTDA:${EXAMPLE_COMPANY.cnpj}`);
      // OpenSSL shows otherNames that are octet strings in its dump of the structure alone.
      const dump = await openssl("asn1parse", "-in", leaf);
      const hex = (text: string) => new TextEncoder().encode(text).toHex().toUpperCase();
      assertStringIncludes(dump, hex(EXAMPLE_COMPANY.cnpj));
      assertStringIncludes(dump, hex("2802197052998224725"));
      assertStringIncludes(text, "http://crl.example/emissora.crl");
      assertStringIncludes(text, "TLS Web Client Authentication");
    }),
});

Deno.test("a long company name is cut together with the CNPJ at 64 characters", async () => {
  const { certificate } = await issueCompanyCertificate(await testPki(), {
    ...EXAMPLE_COMPANY,
    companyName: "Associação ".repeat(7),
  });
  const text = new TextDecoder("latin1").decode(certificate);
  assertStringIncludes(text, "ASSOCIACAO ".repeat(7).slice(0, 64));
});
