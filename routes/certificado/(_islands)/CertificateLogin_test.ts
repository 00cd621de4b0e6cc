import { Buffer } from "node:buffer";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { Page } from "playwright-core";
import { MINUTE, type TestDeps } from "@/tests/fixtures/deps.ts";
import { testApp } from "@/tests/support/app.ts";
import { launchBrowser } from "@/tests/support/browser.ts";
import { encodePkcs12, issueCompanyCertificate } from "@/tools/pki/mod.ts";
import type { Pkcs12Scheme } from "@/tools/pki/pkcs12.ts";
import { EXAMPLE_COMPANY, testPki, trustingPortal } from "@/tests/fixtures/pki.ts";

const PASSWORD = "sênha de açaí";

const pki = await testPki();
const company = await issueCompanyCertificate(pki, EXAMPLE_COMPANY);

async function a1File(scheme: Pkcs12Scheme, name = "empresa.pfx") {
  const { certificate, chain, privateKey } = company;
  const certificates = [certificate, ...chain];
  const bytes = await encodePkcs12({ privateKey, certificates, password: PASSWORD, scheme });
  return { name, mimeType: "application/x-pkcs12", buffer: Buffer.from(bytes) };
}

/** Runs a test on the certificate page of a real portal in a real browser. */
async function onPage(test: (page: Page, deps: TestDeps) => Promise<void>): Promise<void> {
  using deps = await trustingPortal(pki);
  const app = await testApp(deps);
  await using server = Deno.serve({ port: 0, hostname: "localhost", onListen() {} }, app);
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    const failures: string[] = [];
    page.on("pageerror", (error) => failures.push(String(error)));
    await page.goto(`http://localhost:${server.addr.port}/certificado`);
    await test(page, deps);
    assertEquals(failures, []);
  } finally {
    await browser.close();
  }
}

const alert = (page: Page) => page.getByRole("alert").textContent();
const open = async (page: Page, password: string) => {
  await page.getByLabel("Senha do certificado").fill(password);
  await page.getByRole("button", { name: "Abrir certificado" }).click();
};

for (const scheme of ["aes-256", "3des", "rc2-40"] as const) {
  Deno.test(`a ${scheme} file is opened, shown and signed with`, () =>
    onPage(async (page) => {
      await page.getByLabel("Arquivo do certificado A1").setInputFiles(await a1File(scheme));
      await open(page, PASSWORD);
      await page.getByRole("heading", { name: "Confira o certificado" }).waitFor();
      const facts = await page.getByRole("definition").allTextContents();
      assertEquals(facts.slice(0, 3), [
        "OPERADORA DE EXEMPLO LTDA",
        "12.ABC.345/01DE-35",
        "MARIA DE EXEMPLO SILVA",
      ]);
      const [request] = await Promise.all([
        page.waitForRequest((request) => request.method() === "POST"),
        page.getByRole("button", { name: "Assinar e entrar" }).click(),
      ]);
      const form = new URLSearchParams(request.postData()!);
      assertEquals([...form.keys()], ["challenge", "certificates", "signature", "algorithm"]);
      assertEquals(form.get("algorithm"), "RS256");
      assert(!request.postData()!.includes(encodeURIComponent("açaí")));
      assertMatch(form.get("signature")!, /^[A-Za-z0-9+/]{342}==$/);
      // The signature has passed; the test's portal knows no operadora.
      await page.getByRole("heading", { name: "Operadora não identificada" }).waitFor();
    }));
}

Deno.test("a page left open too long asks for another challenge and signs that", () =>
  onPage(async (page, deps) => {
    await page.getByLabel("Arquivo do certificado A1").setInputFiles(await a1File("aes-256"));
    await open(page, PASSWORD);
    await page.getByRole("heading", { name: "Confira o certificado" }).waitFor();
    deps.advance(6 * MINUTE);
    await page.evaluate(`{ const now = Date.now; Date.now = () => now() + ${6 * MINUTE}; }`);
    const given = await page.content();
    const [signed] = await Promise.all([
      page.waitForRequest((request) => request.method() === "POST"),
      page.waitForRequest("**/certificado/desafio"),
      page.getByRole("button", { name: "Assinar e entrar" }).click(),
    ]);
    const id = new URLSearchParams(signed.postData()!).get("challenge")!;
    assert(id && !given.includes(id), id);
    await page.getByRole("heading", { name: "Operadora não identificada" }).waitFor();
  }));

Deno.test("a wrong password and a damaged file are told apart", () =>
  onPage(async (page) => {
    const file = page.getByLabel("Arquivo do certificado A1");
    await file.setInputFiles(await a1File("aes-256"));
    await open(page, "errada");
    assertStringIncludes(await alert(page) ?? "", "senha não abre");
    assertEquals(await page.getByLabel("Senha do certificado").inputValue(), "");

    const buffer = Buffer.from("texto");
    await file.setInputFiles({ name: "nota.pfx", mimeType: "text/plain", buffer });
    await open(page, PASSWORD);
    assertStringIncludes(await alert(page) ?? "", "danificado");
  }));

Deno.test("the keyboard is enough", () =>
  onPage(async (page) => {
    const input = page.getByLabel("Arquivo do certificado A1");
    await input.setInputFiles(await a1File("aes-256"));
    const focused = () =>
      page.evaluate("document.activeElement.id || document.activeElement.textContent");
    await page.getByLabel("Senha do certificado").waitFor();
    assertEquals(await focused(), "a1-password");
    await page.keyboard.type("errada");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").waitFor();
    assertEquals(await focused(), "a1-password");
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Confira o certificado" }).waitFor();
    assertEquals(await focused(), "Confira o certificado");
  }));

Deno.test("the reader is loaded only when a file is chosen", () =>
  onPage(async (page) => {
    const before = await loadedScripts(page);
    assert(before.gzip <= 12 * 1024, `${before.gzip} bytes before a file is chosen`);
    await page.getByLabel("Arquivo do certificado A1").setInputFiles(await a1File("rc2-40"));
    await open(page, PASSWORD);
    await page.getByRole("heading", { name: "Confira o certificado" }).waitFor();
    const after = await loadedScripts(page);
    assert(after.count > before.count);
    assert(after.gzip - before.gzip <= 30 * 1024, `${after.gzip - before.gzip} bytes of reader`);
  }));

/** How many scripts the page has loaded, and how many bytes they have when each is compressed. */
async function loadedScripts(page: Page): Promise<{ count: number; gzip: number }> {
  await page.waitForLoadState("networkidle");
  const addresses = await page.evaluate(
    "performance.getEntriesByType('resource').map((r) => r.name).filter((n) => n.endsWith('.js'))",
  ) as string[];
  const sizes = await Promise.all([...new Set(addresses)].map(async (address) => {
    const { body } = await fetch(address, { headers: { "accept-encoding": "identity" } });
    const compressed = body!.pipeThrough(new CompressionStream("gzip"));
    return (await new Response(compressed).arrayBuffer()).byteLength;
  }));
  return { count: sizes.length, gzip: sizes.reduce((sum, size) => sum + size, 0) };
}
