import { assert, assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { formatCpf } from "@/core/registry/numbers.ts";
import { keys } from "@/core/store/keys.ts";
import { openStore } from "@/core/store/open.ts";
import { people, syntheticCns } from "@/tools/sample/people.ts";
import { findAccessibilityFaults } from "../support/axe.ts";
import { launchBrowser } from "../support/browser.ts";
import { type RunningPortal, startPortal } from "../support/portal.ts";
import { codeIn, mailsTo, readMail, Visitor } from "./actions.ts";

const PASSWORD = "Vento#Sul42";
const STRANGER = "estranho@pessoas.example";
const { davi, fabio, gabriela } = people;

interface Typed {
  cpf: string;
  cns: string;
  nome: string;
  email: string;
}

async function typeData(visitor: Visitor, { cpf, cns, nome, email }: Typed): Promise<void> {
  await visitor.field("CPF").fill(formatCpf(cpf));
  await visitor.field("Cartão Nacional de Saúde (CNS)").fill(cns);
  await visitor.field("Nome completo").fill(nome);
  await visitor.field("E-mail").fill(email);
  await visitor.button("Continuar").click();
}

async function typeCode(visitor: Visitor, code: string): Promise<void> {
  await visitor.field("Código de confirmação").fill(code);
  await visitor.button("Continuar").click();
}

async function choosePassword(visitor: Visitor, repeated = PASSWORD): Promise<void> {
  await visitor.field("Senha").fill(PASSWORD);
  await visitor.field("Repita a senha").fill(repeated);
  await visitor.button("Concluir o cadastro").click();
}

/** Ten minutes pass for every code: the portal's own clock cannot be moved from outside. */
async function letCodesExpire({ data }: RunningPortal): Promise<void> {
  using kv = await openStore(data);
  for await (
    const { key, value } of kv.list<object>({ prefix: keys.code.under("self_registration") })
  ) {
    await kv.set(key, { ...value, expiresAt: Date.now() - 1 });
  }
}

/** What a page says that does not depend on what was typed into it, whether its style is there yet or not. */
const shown = async (page: Page, email: string) =>
  (await page.locator("main").textContent())!.replaceAll(email, "…");

Deno.test("J10: CPF, CNS and a code by e-mail, with all that is refused", async (t) => {
  await using portal = await startPortal();
  const browser = await launchBrowser();
  try {
    await t.step("without JavaScript", async () => {
      await using visitor = await Visitor.open(browser, portal, { javaScriptEnabled: false });
      const { page } = visitor;
      await visitor.goto("/entrar");
      await page.getByRole("link", { name: "Cadastre-se com CPF e CNS" }).click();
      await visitor.heading("Cadastre-se").waitFor();

      for (const step of ["codigo", "termos", "senha"]) {
        await visitor.goto(`/cadastro/${step}`);
        await page.getByText("não foi começado neste navegador").waitFor();
      }
      await typeData(visitor, { ...fabio, cns: fabio.cns.replace(/.$/, "x") });
      await page.getByText("CNS inválido").waitFor();
      assertEquals(await visitor.field("Nome completo").inputValue(), fabio.nome);

      // The CPF of somebody, then the e-mail of somebody: the page is the one of anybody.
      await typeData(visitor, { ...davi, email: STRANGER });
      await visitor.heading("Digite o código").waitFor();
      const known = await shown(page, STRANGER);
      await page.getByRole("link", { name: "Corrigir os dados" }).click();
      await typeData(visitor, { ...fabio, email: davi.email });
      await visitor.heading("Digite o código").waitFor();
      assertEquals(await shown(page, davi.email), known);
      await typeCode(visitor, "ABCD2345");
      await page.getByText("Código incorreto. Restam 4 tentativas.").waitFor();
      await page.getByRole("link", { name: "Corrigir os dados" }).click();
      await typeData(visitor, fabio);
      await visitor.heading("Digite o código").waitFor();
      assertEquals(await shown(page, fabio.email), known);

      const code = codeIn(await readMail(portal, fabio.email, "Código de confirmação"));
      // To each address that was typed, and nothing else to anybody.
      for (const address of [STRANGER, davi.email]) {
        await readMail(portal, address, "Código de confirmação");
        assertEquals((await mailsTo(portal, address)).length, 1);
      }

      await typeCode(visitor, "ABCD2345");
      await page.getByText("Código incorreto. Restam 4 tentativas.").waitFor();
      await letCodesExpire(portal);
      await typeCode(visitor, code);
      await page.getByText("O código venceu").waitFor();
      await visitor.button("Enviar outro código").click();
      await page.getByText("Pedimos um código novo").waitFor();
      await typeCode(visitor, codeIn(await readMail(portal, fabio.email, "Código", 2)));

      await visitor.heading("Termos de uso").waitFor();
      await visitor.goto("/cadastro/senha");
      await visitor.heading("Termos de uso").waitFor();
      await visitor.acceptTerms();
      await visitor.heading("Crie a sua senha").waitFor();
      await choosePassword(visitor, `${PASSWORD}x`);
      await page.getByText("As duas senhas digitadas são diferentes").waitFor();
      await choosePassword(visitor);
      await page.waitForURL(`${portal.origin}/solicitar`);
      await visitor.goto("/cadastro");
      assertEquals(new URL(page.url()).pathname, "/solicitar");
    });

    await t.step("the CNS in one's account, of low quality", async () => {
      await using visitor = await Visitor.open(browser, portal, { javaScriptEnabled: false });
      const { page } = visitor;
      await visitor.loginWithPassword(fabio.email, PASSWORD);
      await visitor.goto("/conta/cns");
      await page.getByText(`*** **** **** ${fabio.cns.slice(11)}`).waitFor();
      await page.getByText("Baixa", { exact: true }).waitFor();
      await page.getByText("Vá a uma unidade de saúde").waitFor();
      assert(!(await page.content()).includes(fabio.cns));
      await visitor.screenshot("conta-cns-baixa");
      await visitor.button("Consultar de novo").click();
      await page.getByText("Consulta feita.").waitFor();

      await visitor.field("CNS correto").fill("123");
      await visitor.button("Guardar").click();
      await page.getByText("CNS inválido").waitFor();
      await visitor.field("CNS correto").fill(syntheticCns(5_000));
      await visitor.button("Guardar").click();
      await page.getByText("CNS guardado.").waitFor();
      await page.getByText("Ainda não conhecida").waitFor();
      await page.getByText("Declarado por você, sem conferência").waitFor();
      await visitor.screenshot("conta-cns-desconhecida");
    });

    await t.step("on a phone; the pages have no accessibility faults", async () => {
      const viewport = { width: 360, height: 740 };
      await using visitor = await Visitor.open(browser, portal, { viewport });
      const { page } = visitor;
      const look = async (name: string) => {
        assertEquals(await findAccessibilityFaults(page), [], name);
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        assert(width <= viewport.width, `${name}: ${width} pixels wide`);
        await visitor.screenshot(name);
      };
      await visitor.goto("/cadastro?de=//mal.example");
      await look("cadastro");
      await typeData(visitor, gabriela);
      await visitor.heading("Digite o código").waitFor();
      await look("cadastro-codigo");
      await typeCode(
        visitor,
        codeIn(await readMail(portal, gabriela.email, "Código de confirmação")),
      );
      await visitor.heading("Termos de uso").waitFor();
      await look("cadastro-termos");
      await visitor.acceptTerms();
      await visitor.heading("Crie a sua senha").waitFor();
      await look("cadastro-senha");
      await choosePassword(visitor);
      await page.waitForURL(`${portal.origin}/solicitar`);
      await visitor.goto("/conta/cns");
      await page.getByText("Alta: é a que o CadSUS Web pede").waitFor();
      await look("conta-cns-alta");
      // Gabriela has declared it too: that keeps it from nobody.
      await visitor.field("CNS correto").fill(syntheticCns(5_000));
      await visitor.button("Guardar").click();
      await page.getByText("CNS guardado.").waitFor();
    });
  } finally {
    await browser.close();
  }
});
