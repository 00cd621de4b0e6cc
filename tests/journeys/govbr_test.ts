import { assertEquals } from "@std/assert";
import { people } from "@/tools/sample/people.ts";
import { findAccessibilityFaults } from "../support/axe.ts";
import { launchBrowser } from "../support/browser.ts";
import { startPortal } from "../support/portal.ts";
import { Visitor } from "./actions.ts";

Deno.test("J10: somebody new comes in with gov.br, and again the next time", async () => {
  await using portal = await startPortal();
  const browser = await launchBrowser();
  try {
    await using visitor = await Visitor.open(browser, portal);
    const { page } = visitor;
    const atGovbr = async (level: string) => {
      await visitor.goto("/entrar");
      await page.getByRole("link", { name: "Entrar com gov.br" }).click();
      await visitor.heading("gov.br simulado").waitFor();
      await page.getByRole("radio", { name: people.gabriela.nome }).check();
      await page.getByRole("radio", { name: level }).check();
    };

    await atGovbr("bronze");
    await visitor.button("Negar").click();
    await page.getByText("A entrada foi cancelada no gov.br").waitFor();
    assertEquals(await findAccessibilityFaults(page), []);

    await atGovbr("ouro");
    await visitor.button("Autorizar").click();
    await visitor.acceptTerms();
    await visitor.heading("Seu e-mail").waitFor();
    assertEquals(await visitor.field("E-mail").inputValue(), people.gabriela.email);
    assertEquals(await findAccessibilityFaults(page), []);
    await visitor.button("Continuar").click();
    await visitor.heading("Solicitar acesso").waitFor();
    await page.getByText("ainda não foi cadastrado em nenhuma operadora").waitFor();
    await visitor.logout();

    await atGovbr("prata");
    await visitor.button("Autorizar").click();
    await visitor.heading("Solicitar acesso").waitFor();
  } finally {
    await browser.close();
  }
});
