import { Buffer } from "node:buffer";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { testApp } from "@/tests/support/app.ts";
import { launchBrowser } from "@/tests/support/browser.ts";
import { encodePkcs12, issueCompanyCertificate } from "@/tools/pki/mod.ts";
import { EXAMPLE_COMPANY, testPki, trustingPortal } from "@/tests/fixtures/pki.ts";

const PASSWORD = "sênha de açaí";

Deno.test("an A1 file is opened in the browser, and only its certificates are posted", async () => {
  const pki = await testPki();
  const { certificate, chain, privateKey } = await issueCompanyCertificate(pki, EXAMPLE_COMPANY);
  const certificates = [certificate, ...chain];
  const file = await encodePkcs12({ privateKey, certificates, password: PASSWORD });
  using deps = await trustingPortal(pki);
  await using server = Deno.serve(
    { port: 0, hostname: "localhost", onListen() {} },
    await testApp({ ...deps, config: { ...deps.config } }),
  );
  const origin = `http://localhost:${server.addr.port}`;
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(`${origin}/certificado/diagnostico`);
    await page.getByLabel("Arquivo do certificado A1").setInputFiles({
      name: "empresa.pfx",
      mimeType: "application/x-pkcs12",
      buffer: Buffer.from(file),
    });
    const open = async (password: string) => {
      await page.getByLabel("Senha do certificado").fill(password);
      await page.getByRole("button", { name: "Abrir certificado" }).click();
    };
    await open("errada");
    assertStringIncludes((await page.getByRole("alert").textContent())!, "senha");
    const [request] = await Promise.all([
      page.waitForRequest((request) => request.method() === "POST"),
      open(PASSWORD),
    ]);
    assertEquals([...new URLSearchParams(request.postData()!).keys()], ["certificates"]);
    assertEquals(
      new URLSearchParams(request.postData()!).get("certificates"),
      certificates.map((der) => der.toBase64()).join(),
    );
  } finally {
    await browser.close();
  }
});
