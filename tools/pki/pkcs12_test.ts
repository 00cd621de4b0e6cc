import { assertEquals, assertStringIncludes } from "@std/assert";
import { encodePkcs12, issueCompanyCertificate } from "./mod.ts";
import { EXAMPLE_COMPANY, testPki } from "./testing.ts";

const openssl = await hasOpenssl();
const pki = await testPki();
const { certificate, chain, privateKey } = await issueCompanyCertificate(pki, EXAMPLE_COMPANY);
const SCHEMES = ["aes-256", "3des", "rc2-40"] as const;
const PASSWORDS = ["habilita", "sênha çom acento", "", "пароль"];

for (const scheme of SCHEMES) {
  for (const password of PASSWORDS) {
    Deno.test({
      name: `openssl opens a ${scheme} file with the password "${password}"`,
      ignore: !openssl, // nothing to compare with on this machine
      async fn() {
        const certificates = [certificate, ...chain];
        const file = await Deno.makeTempFile({ suffix: ".p12" });
        await Deno.writeFile(
          file,
          await encodePkcs12({ privateKey, certificates, password, scheme }),
        );
        const legacy = scheme === "aes-256" ? [] : ["-legacy"];
        const args = ["pkcs12", "-in", file, "-passin", `pass:${password}`, "-nodes", ...legacy];
        const { stdout, success, stderr } = await run(args);
        await Deno.remove(file);
        assertEquals(success, true, stderr);
        assertEquals(stdout.match(/BEGIN CERTIFICATE/g)?.length, 3);
        assertStringIncludes(stdout, "BEGIN PRIVATE KEY");
      },
    });
  }
}

async function run(args: string[]) {
  const output = await new Deno.Command("openssl", { args }).output();
  const [stdout, stderr] = [output.stdout, output.stderr].map((b) => new TextDecoder().decode(b));
  return { success: output.success, stdout: stdout!, stderr: stderr! };
}

async function hasOpenssl(): Promise<boolean> {
  try {
    return (await run(["version"])).success;
  } catch {
    return false;
  }
}
