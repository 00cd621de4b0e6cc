import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { openssl, openSslVersion } from "@/tests/support/openssl.ts";
import { issueCompanyCertificate } from "@/tools/pki/mod.ts";
import { issue } from "@/tools/pki/authority.ts";
import { toPem } from "@/tools/pki/pem.ts";
import { EXAMPLE_COMPANY, testPki } from "@/tests/fixtures/pki.ts";
import { openA1, signWithCertificate } from "./mod.ts";

/** Files as OpenSSL writes them; skipped where there is none to write them. */
const ignore = await openSslVersion() === null;

const company = await issueCompanyCertificate(await testPki(), EXAMPLE_COMPANY);
const PASSWORD = "sênha de açaí";
const VARIANTS: Record<string, string[]> = {
  "of OpenSSL 3": [],
  "with RC2-40 and 3DES": ["-legacy"],
  "with RC2-128": ["-legacy", "-certpbe", "PBE-SHA1-RC2-128"],
  "with 3DES throughout": [
    "-certpbe",
    "PBE-SHA1-3DES",
    "-keypbe",
    "PBE-SHA1-3DES",
    "-macalg",
    "sha1",
  ],
  "with 3DES under PBES2": ["-certpbe", "DES-EDE3-CBC", "-keypbe", "DES-EDE3-CBC"],
  "with AES-128 and SHA-512": [
    "-certpbe",
    "AES-128-CBC",
    "-keypbe",
    "AES-128-CBC",
    "-macalg",
    "sha512",
  ],
  "with AES-192 and SHA-384": [
    "-certpbe",
    "AES-192-CBC",
    "-keypbe",
    "AES-192-CBC",
    "-macalg",
    "sha384",
  ],
  "with certificates in the open": ["-certpbe", "NONE"],
  "with 100,000 iterations": ["-iter", "100000"],
  "without MAC": ["-nomac"],
};

for (const [title, options] of Object.entries(VARIANTS)) {
  Deno.test({
    name: `a file ${title} opens, and only with its password`,
    ignore,
    async fn() {
      const file = await exportPkcs12(
        company.privateKey,
        company.certificate,
        company.chain,
        options,
      );
      const opened = await openA1(file, PASSWORD);
      assertEquals(opened.ok && opened.data.certificates, [company.certificate, ...company.chain]);
      const wrong = await openA1(file, "senha de acai");
      assertEquals(wrong.ok || wrong.code, "pfx_wrong_password");
    },
  });
}

for (const [namedCurve, algorithm] of [["P-256", "ES256"], ["P-384", "ES384"]] as const) {
  Deno.test({
    name: `a file with a ${namedCurve} key opens and signs`,
    ignore,
    async fn() {
      const parameters = { name: "ECDSA", namedCurve };
      const pair = await crypto.subtle.generateKey(parameters, true, ["sign", "verify"]);
      const certificate = await issue(null, pair.privateKey, {
        name: "CN=EXEMPLO",
        publicKey: pair.publicKey,
        notBefore: new Date("2026-01-01"),
        notAfter: new Date("2027-01-01"),
        extensions: [],
      });
      const opened = await openA1(
        await exportPkcs12(pair.privateKey, certificate, [], []),
        PASSWORD,
      );
      assertEquals(opened.ok && opened.data.algorithm, algorithm);
      if (opened.ok) {
        assertEquals((await signWithCertificate(opened.data, "texto")).algorithm, algorithm);
      }
    },
  });
}

async function exportPkcs12(
  key: CryptoKey,
  certificate: Uint8Array,
  chain: readonly Uint8Array[],
  options: readonly string[],
): Promise<Uint8Array> {
  const folder = await Deno.makeTempDir();
  try {
    const [keyFile, certificates, out] = ["key.pem", "all.pem", "out.p12"]
      .map((file) => join(folder, file)) as [string, string, string];
    const pkcs8 = new Uint8Array(await crypto.subtle.exportKey("pkcs8", key));
    await Deno.writeTextFile(keyFile, toPem("PRIVATE KEY", pkcs8));
    const pems = [certificate, ...chain].map((der) => toPem("CERTIFICATE", der));
    await Deno.writeTextFile(certificates, pems.join(""));
    await openssl(
      ...["pkcs12", "-export", "-inkey", keyFile, "-in", certificates, "-out", out],
      ...["-passout", `pass:${PASSWORD}`],
      ...options,
    );
    return await Deno.readFile(out);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
