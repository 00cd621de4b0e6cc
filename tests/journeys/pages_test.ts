import { assert, assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { formatCpf } from "@/core/registry/numbers.ts";
import { DEMO_PASSWORD } from "@/tools/dev/seed.ts";
import { operadoras } from "@/tools/sample/operadoras.ts";
import { people } from "@/tools/sample/people.ts";
import { findAccessibilityFaults } from "../support/axe.ts";
import { launchBrowser } from "../support/browser.ts";
import { startPortal } from "../support/portal.ts";

const OPEN = [
  "/",
  "/entrar",
  "/recuperar-senha",
  "/desfazer-email",
  "/certificado",
  "/termos-de-uso",
  "/nada",
  "/dev",
  "/dev/telegram",
];
const INSIDE = [
  "/operadoras",
  "/painel",
  "/solicitar",
  "/solicitar/9900011",
  "/pedidos",
  "/conta",
  "/conta/senha",
  "/conta/email",
  "/conta/telegram",
];
const PHONE = { width: 360, height: 740 };

Deno.test("pages for everybody", async (t) => {
  await using portal = await startPortal();
  const browser = await launchBrowser();
  const open = async (options: Parameters<typeof browser.newContext>[0]) => {
    const context = await browser.newContext({ locale: "pt-BR", ...options });
    context.setDefaultTimeout(20_000);
    return await context.newPage();
  };
  const login = async (page: Page, person: { cpf: string }) => {
    await page.goto(`${portal.origin}/entrar`);
    await page.getByLabel("CPF ou e-mail", { exact: true }).fill(formatCpf(person.cpf));
    await page.getByLabel("Senha", { exact: true }).fill(DEMO_PASSWORD);
    await page.getByRole("button", { name: "Entrar", exact: true }).click();
    await page.getByRole("button", { name: "Sair" }).waitFor();
    // Asked once of everyone.
    if (new URL(page.url()).pathname !== "/termos") return;
    await page.getByLabel("Li e aceito os termos de uso").check();
    await page.getByRole("button", { name: "Continuar" }).click();
    await page.getByRole("link", { name: "Início" }).first().waitFor();
  };

  try {
    await t.step("no accessibility faults, and no sideways scrolling on a phone", async () => {
      const page = await open({ viewport: PHONE });
      const errors: string[] = [];
      page.on("pageerror", (error) => errors.push(String(error)));
      for (const path of OPEN) await inspect(page, portal.origin + path);
      await login(page, people.davi);
      for (const path of INSIDE) await inspect(page, portal.origin + path);
      assertEquals(errors, []);
    });

    await t.step("200 % zoom: the text reflows", async () => {
      // 1280 pixels at 200 % leave 640.
      const page = await open({ viewport: { width: 640, height: 400 } });
      for (const path of OPEN) await fits(page, portal.origin + path);
    });

    await t.step("login, choice and request work without JavaScript", async () => {
      const page = await open({ javaScriptEnabled: false });
      await login(page, people.elisa);
      await page.getByRole("heading", { name: "Escolha a operadora" }).waitFor();
      await page.getByRole("radio", { name: operadoras.sorriso.razaoSocial }).check();
      await page.getByRole("button", { name: "Confirmar" }).click();
      await page.getByRole("heading", { name: operadoras.sorriso.razaoSocial }).waitFor();
      await page.goto(`${portal.origin}/solicitar`);
      await page.getByLabel("Número CNES do estabelecimento").fill("990.0011");
      await page.getByRole("button", { name: "Continuar" }).click();
      await page.getByRole("radio", { name: /^CONSULTADOR/ }).check();
      await page.getByRole("button", { name: "Enviar pedido" }).click();
      await page.getByText("Pedido enviado").waitFor();
    });

    await t.step("the administrator decides on the site", async () => {
      const page = await open({});
      await login(page, people.davi);
      await page.goto(`${portal.origin}/pedidos`);
      await page.getByRole("heading", { name: people.elisa.nome }).waitFor();
      await page.getByText("Reprovar este pedido").click();
      await page.getByRole("button", { name: "Reprovar", exact: true }).click();
      await page.getByText("Escreva o motivo da reprovação").waitFor();
      await page.getByRole("button", { name: "Aprovar", exact: true }).click();
      await page.getByText("Você aprovou o perfil CONSULTADOR").waitFor();
      assert(await page.getByText("Nenhum pedido esperando decisão").isVisible());
    });

    await t.step("the choice of operadora by keyboard alone", async () => {
      const page = await open({});
      await page.goto(`${portal.origin}/entrar`);
      // A browser that is busy puts the focus there a moment after the page has come.
      await page.locator("input:focus").waitFor();
      await page.keyboard.type(people.elisa.cpf);
      await page.keyboard.press("Tab");
      await page.keyboard.type(DEMO_PASSWORD);
      await page.keyboard.press("Enter");
      const first = page.getByRole("radio").first();
      await first.waitFor();
      for (let i = 0; i < 30 && !await first.evaluate((e) => e === document.activeElement); i++) {
        await page.keyboard.press("Tab");
      }
      await page.keyboard.press("Space");
      assert(await first.isChecked());
      await page.keyboard.press("ArrowDown");
      assert(await page.getByRole("radio").nth(1).isChecked());
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "Sistemas" }).waitFor();
    });
  } finally {
    await browser.close();
  }
});

async function inspect(page: Page, address: string): Promise<void> {
  await fits(page, address);
  assertEquals(await findAccessibilityFaults(page), [], address);
}

async function fits(page: Page, address: string): Promise<void> {
  await page.goto(address);
  const [inner, outer] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  assert(inner! <= outer!, `${address} is ${inner} wide on a screen of ${outer}`);
}
