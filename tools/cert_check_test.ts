import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { testConfig } from "@/tests/fixtures/deps.ts";
import { fingerprint } from "../core/certificate/trust.ts";
import { importTrust } from "../core/certificate/trust_import.ts";
import { openStore } from "../core/store/open.ts";
import { encodePkcs12, issueCompanyCertificate, openPki, type Pki } from "./pki/mod.ts";
import { toPem } from "./pki/pem.ts";
import { EXAMPLE_COMPANY } from "@/tests/fixtures/pki.ts";
import { type TaskFolder, withTaskFolder } from "./task_testing.ts";

const DAY = 24 * 60 * 60_000;

/** A folder with the data of a development portal, and the task run beside it. */
function withFolder(
  test: (folder: string, pki: Pki, check: TaskFolder["run"]) => Promise<void>,
): Promise<void> {
  return withTaskFolder(async ({ path, run }) => {
    const data = join(path, "data");
    const pki = await openPki(data);
    {
      using kv = await openStore(data);
      const anchors = [await fingerprint(pki.root.certificate)];
      const authorities = [pki.root, pki.secretaria, pki.issuing];
      await importTrust(
        { kv, config: { ...testConfig, anchors }, now: Date.now },
        authorities.map(({ certificate }) => certificate),
      );
    }
    await test(path, pki, (...args) => run("cert:check", ...args));
  });
}

function issue(pki: Pki, days = 30) {
  return issueCompanyCertificate(pki, {
    ...EXAMPLE_COMPANY,
    notBefore: new Date(Date.now() - 60 * DAY),
    notAfter: new Date(Date.now() + days * DAY),
  });
}

Deno.test("an A1 file and its public certificate alone are checked alike", () =>
  withFolder(async (folder, pki, check) => {
    const { certificate, chain, privateKey } = await issue(pki);
    const file = join(folder, "empresa.pfx");
    const certificates = [certificate, ...chain];
    await Deno.writeFile(file, await encodePkcs12({ privateKey, certificates, password: "açaí" }));
    const opened = await check(file, "--senha", "açaí", "--offline");
    assertEquals([opened.code, opened.stderr], [0, ""]);
    assertStringIncludes(opened.stdout, "12.ABC.345/01DE-35");
    assertStringIncludes(opened.stdout, "O certificado está em ordem");
    assert(!opened.stdout.includes(EXAMPLE_COMPANY.responsible.cpf));

    const pem = join(folder, "empresa.pem");
    await Deno.writeTextFile(pem, toPem("CERTIFICATE", certificate));
    const { code, stdout } = await check(pem, "--json", "--offline");
    const result = JSON.parse(stdout);
    assertEquals([code, result.accepted, result.presented.kind], [0, true, "e-CNPJ"]);
    assert(!stdout.includes(EXAMPLE_COMPANY.responsible.cpf));

    const wrong = await check(file);
    assertEquals([wrong.code, wrong.stdout], [2, ""]);
    assertStringIncludes(wrong.stderr, "Use --senha");
  }));

Deno.test("an expired certificate ends with 1 and the reason", () =>
  withFolder(async (folder, pki, check) => {
    const file = join(folder, "vencido.cer");
    await Deno.writeFile(file, (await issue(pki, -1)).certificate);
    const { code, stdout } = await check(file, "--offline");
    assertEquals(code, 1);
    assertStringIncludes(stdout, "O certificado venceu em");
    assertStringIncludes(stdout, "não abre o portal");
  }));

Deno.test("wrong use ends with 2 and says what to do", () =>
  withFolder(async (folder, _pki, check) => {
    const wrong = async (...args: string[]) => {
      const { code, stderr, stdout } = await check(...args);
      assertEquals([code, stdout], [2, ""], args.join(" "));
      return stderr;
    };
    const rubbish = join(folder, "nota.pfx");
    await Deno.writeTextFile(rubbish, "isto não é um certificado");
    assertStringIncludes(await wrong(join(folder, "falta.pfx")), "não existe");
    assertStringIncludes(await wrong(rubbish), "danificado");
    assertStringIncludes(await wrong(rubbish, "--cor", "azul"), "--cor");
  }));
