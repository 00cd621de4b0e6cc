import { assertMatch } from "@std/assert";
import { join } from "@std/path";
import { openssl, openSslVersion } from "@/tests/support/openssl.ts";
import { parseCertificate } from "@/core/certificate/x509.ts";
import { createCrl, issueCompanyCertificate } from "./mod.ts";
import { toPem } from "./pem.ts";
import { EXAMPLE_COMPANY, testPki } from "@/tests/fixtures/pki.ts";

Deno.test({
  name: "openssl verifies the lists, and refuses what they revoke",
  ignore: await openSslVersion() === null, // nothing to compare with on this machine
  async fn() {
    const pki = await testPki();
    const { certificate, chain } = await issueCompanyCertificate(pki, EXAMPLE_COMPANY);
    const serialNumber = parseCertificate(certificate).serial;
    const times = {
      number: 7,
      thisUpdate: new Date("2026-11-01T00:00:00Z"),
      nextUpdate: new Date("2026-11-09T00:00:00Z"),
    };
    const revocationDate = new Date("2026-10-05T12:00:00Z");
    const [raiz, secretaria, emissora, revoking] = await Promise.all([
      createCrl(pki.root, times),
      createCrl(pki.secretaria, times),
      createCrl(pki.issuing, times),
      createCrl(pki.issuing, { ...times, entries: [{ serialNumber, revocationDate, reason: 1 }] }),
    ]);
    const folder = await Deno.makeTempDir();
    try {
      const write = async (name: string, label: string, ...ders: Uint8Array[]) => {
        const path = join(folder, name);
        await Deno.writeTextFile(path, ders.map((der) => toPem(label, der)).join(""));
        return path;
      };
      const root = await write("root.pem", "CERTIFICATE", pki.root.certificate);
      const cas = await write("chain.pem", "CERTIFICATE", ...chain);
      const leaf = await write("leaf.pem", "CERTIFICATE", certificate);
      const verify = async (...crls: Uint8Array[]) =>
        openssl(
          ...["verify", "-x509_strict", "-crl_check_all", "-attime", "1793707200"],
          ...["-CAfile", root, "-untrusted", cas],
          ...["-CRLfile", await write("crls.pem", "X509 CRL", ...crls), leaf],
        ).catch(({ message }) => message);
      assertMatch(await verify(raiz, secretaria, emissora), /leaf\.pem: OK/);
      assertMatch(await verify(raiz, secretaria, revoking), /certificate revoked/);
      assertMatch(await verify(raiz, secretaria), /unable to get certificate CRL/);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
