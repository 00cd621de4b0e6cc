import { assertEquals, assertStringIncludes } from "@std/assert";
import { openssl, openSslVersion } from "@/tests/support/openssl.ts";
import { encodePkcs12, issueCompanyCertificate } from "./mod.ts";
import { EXAMPLE_COMPANY, testPki } from "@/tests/fixtures/pki.ts";

const ignore = await openSslVersion() === null; // nothing to compare with on this machine
const pki = await testPki();
const { certificate, chain, privateKey } = await issueCompanyCertificate(pki, EXAMPLE_COMPANY);
const SCHEMES = ["aes-256", "3des", "rc2-40"] as const;
const PASSWORDS = ["habilita", "sênha çom acento", "", "пароль"];

for (const scheme of SCHEMES) {
  for (const password of PASSWORDS) {
    Deno.test({
      name: `openssl opens a ${scheme} file with the password "${password}"`,
      ignore,
      async fn() {
        const certificates = [certificate, ...chain];
        const file = await Deno.makeTempFile({ suffix: ".p12" });
        await Deno.writeFile(
          file,
          await encodePkcs12({ privateKey, certificates, password, scheme }),
        );
        const legacy = scheme === "aes-256" ? [] : ["-legacy"];
        const pass = `pass:${password}`;
        const stdout = await openssl(
          ...["pkcs12", "-in", file, "-passin", pass, "-nodes", ...legacy],
        );
        await Deno.remove(file);
        assertEquals(stdout.match(/BEGIN CERTIFICATE/g)?.length, 3);
        assertStringIncludes(stdout, "BEGIN PRIVATE KEY");
      },
    });
  }
}
