import { UNLIMITED } from "@/tests/fixtures/people.ts";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { decideRequest } from "@/core/access/requests/decide.ts";
import { listRequestsOf } from "@/core/access/requests/request.ts";
import { endMembership } from "@/core/access/change_membership.ts";
import type { AccessRequest, Step } from "@/core/store/records/access.ts";
import { idOf, seedEstablishments } from "@/tests/fixtures/mod.ts";
import { DEMO_PASSWORD } from "@/tools/dev/seed.ts";
import { operadoras } from "@/tools/sample/operadoras.ts";
import { people } from "@/tools/sample/people.ts";
import { sampleEstablishments } from "@/tools/sample/world.ts";
import { findAccessibilityFaults } from "../support/axe.ts";
import { launchBrowser } from "../support/browser.ts";
import { type RunningPortal, startPortal } from "../support/portal.ts";
import { Visitor } from "./actions.ts";
import { type Backstage, becomeRepresentative, look, openBackstage } from "./backstage.ts";
import { helena } from "./people.ts";

const [HOSPITAL, SEDE, CLINIC, FAR] = sampleEstablishments;
const { davi, elisa, gabriela } = people;
const PLACE = `/solicitar/${HOSPITAL!.cnes}`;
const PHONE = { width: 390, height: 844 };

/** Logs in with the password and accepts the terms, which are asked once. */
async function openAs(
  browser: Browser,
  portal: RunningPortal,
  person: { cpf: string },
  options: BrowserContextOptions = {},
): Promise<Visitor> {
  const visitor = await Visitor.open(browser, portal, options);
  await visitor.loginWithPassword(person.cpf, DEMO_PASSWORD);
  await visitor.button("Sair").waitFor();
  if (new URL(visitor.page.url()).pathname === "/termos") {
    await visitor.acceptTerms();
    await visitor.page.waitForURL(/\/(operadoras|painel)$/);
  }
  return visitor;
}

/** Somebody's request of a step that waits, as Davi, who administers the hospital, finds it. */
async function waitingOf(backstage: Backstage, cpf: string, step: Step): Promise<AccessRequest> {
  const found = (await listRequestsOf(backstage, await idOf(backstage, { cpf }))).find((request) =>
    request.step === step && request.state === "pendente"
  );
  if (!found) throw new Error(`no ${step} waits`);
  return found;
}

async function decide(backstage: Backstage, step: Step, reason?: string): Promise<void> {
  const decided = await decideRequest(backstage, {
    requestId: (await waitingOf(backstage, elisa.cpf, step)).id,
    outcome: reason ? "reprovada" : "aprovada",
    reason,
    by: await idOf(backstage, davi),
    via: "portal",
    standing: UNLIMITED,
  });
  assert(decided.ok, JSON.stringify(decided));
}

/** What the line of progress says, and which step it is at. */
async function progress(page: Page): Promise<string[]> {
  const steps = page.locator(".step-line").first().getByRole("listitem");
  return await steps.evaluateAll((items) =>
    items.map((item) => {
      const state = item.querySelector(".step-state")!.textContent!;
      return item.getAttribute("aria-current") === "step" ? `> ${state}` : state;
    })
  );
}

async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor();
  for (let i = 0; i < 60; i++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error("not reached with the Tab key");
}

Deno.test("J10: the first two steps, without JavaScript", async (t) => {
  await using portal = await startPortal();
  using backstage = await openBackstage(portal);
  const browser = await launchBrowser();
  try {
    await using user = await openAs(browser, portal, elisa, { javaScriptEnabled: false });
    const { page } = user;
    const ask = async (profile: string) => {
      await page.getByRole("radio", { name: new RegExp(`^${profile}`) }).check();
      await user.button("Enviar pedido").click();
    };

    await t.step("the number, with what may be wrong about it", async () => {
      await seedEstablishments(backstage, [{ ...CLINIC!, active: false }]);
      await user.goto("/solicitar");
      await look(user, "j10-solicitar");
      for (
        const [cnes, words] of [
          ["123", "Número CNES inválido"],
          ["1234567", "Nenhum estabelecimento com este número CNES"],
          [CLINIC!.cnes, "desativado no CNES"],
        ] as const
      ) {
        await user.field("Número CNES do estabelecimento").fill(cnes);
        await user.button("Continuar").click();
        await page.getByRole("alert").filter({ hasText: words }).waitFor();
        assertEquals(await user.field("Número CNES do estabelecimento").inputValue(), cnes);
      }
      await user.field("Número CNES do estabelecimento").fill("990.0011");
      await user.button("Continuar").click();
      await user.heading(HOSPITAL!.nome).waitFor();
      assertEquals(await progress(page), ["> A pedir", "A pedir", "A pedir"]);
      await look(user, "j10-lugar");
    });

    await t.step("asked, and the same form again in another window", async () => {
      const other = await page.context().newPage();
      await other.goto(page.url());
      await ask("OPERADOR");
      await page.getByText("Pedido enviado").waitFor();
      await page.getByText("Agora é com o administrador do estabelecimento.").waitFor();
      assertEquals(await progress(page), ["> Em análise", "Em análise", "A pedir"]);
      await look(user, "j10-em-analise");
      await other.getByRole("radio", { name: /^CONSULTADOR/ }).check();
      await other.getByRole("button", { name: "Enviar pedido" }).click();
      await other.getByText("Você já tem um pedido em análise").waitFor();
      await other.close();
    });

    await t.step("taken back, asked again, rejected with the reason", async () => {
      await user.button("Cancelar pedido").click();
      await page.getByText("Pedido cancelado.").waitFor();
      assertEquals(await progress(page), ["> Cancelado", "Cancelado", "A pedir"]);
      await ask("OPERADOR");
      await page.getByText("Pedido enviado").waitFor();
      await decide(backstage, "perfil", "Falta o vínculo com esta unidade.");
      await user.goto("/solicitar");
      await page.getByText("Motivo: Falta o vínculo com esta unidade.").waitFor();
      assertEquals(await progress(page), ["> Reprovado", "Reprovado", "A pedir"]);
      await look(user, "j10-reprovado");
    });

    await t.step(
      "the establishment alone, then the profile; then it wants JavaScript",
      async () => {
        await user.goto(PLACE);
        await ask("CADASTRADOR");
        await decide(backstage, "estabelecimento");
        await user.goto(PLACE);
        assertEquals(await progress(page), ["Aprovado", "> Em análise", "A pedir"]);
        await decide(backstage, "perfil");
        await user.goto(PLACE);
        assertEquals(await progress(page), ["Aprovado", "Aprovado", "> A pedir"]);
        // Words inside <noscript> are not found by their text.
        const notice = page.locator("noscript .notice");
        await notice.waitFor();
        assertStringIncludes((await notice.textContent())!, "Este passo precisa do JavaScript");
        await look(user, "j10-computador-sem-js");
      },
    );

    await t.step("deactivated: why, and the three steps anew", async () => {
      const reason = "Mudou de unidade.";
      const account = await idOf(backstage, elisa);
      const member = { cnes: HOSPITAL!.cnes, account, reason };
      const ended = await endMembership(
        backstage,
        { account: await idOf(backstage, davi), standing: UNLIMITED },
        member,
      );
      assert(ended.ok, JSON.stringify(ended));
      await user.goto(PLACE);
      await page.getByText(`Motivo: ${reason}`).first().waitFor();
      assertEquals(await progress(page), ["> A pedir", "A pedir", "A pedir"]);
      await look(user, "j10-desativado");
      await ask("OPERADOR");
      await page.getByText("Pedido enviado").waitFor();
      await seedEstablishments(backstage, [{ ...HOSPITAL!, active: false }]);
      await user.goto(PLACE);
      await page.getByText("Este estabelecimento está desativado no CNES.").waitFor();
      assertEquals(await user.button("Enviar pedido").count(), 0);
    });
  } finally {
    await browser.close();
  }
});

Deno.test("J10 on a phone, by keyboard; J11: who becomes ADMINISTRADOR", async (t) => {
  await using portal = await startPortal();
  using backstage = await openBackstage(portal);
  const browser = await launchBrowser();
  try {
    await t.step("asked for and taken back with the keyboard alone, on a phone", async () => {
      await using user = await openAs(browser, portal, elisa, { viewport: PHONE });
      const { page } = user;
      await user.goto("/solicitar");
      await tabTo(page, user.field("Número CNES do estabelecimento"));
      await page.keyboard.type(SEDE!.cnes);
      await page.keyboard.press("Enter");
      await user.heading(SEDE!.nome).waitFor();
      await tabTo(page, page.getByRole("radio").first());
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      await page.getByText("Pedido enviado").waitFor();
      await page.getByText("Ainda não há administrador aqui.").waitFor();
      assertEquals(await findAccessibilityFaults(page), []);
      await tabTo(page, user.button("Cancelar pedido"));
      await page.keyboard.press("Enter");
      await page.getByText("Pedido cancelado.").waitFor();
      assertEquals(await findAccessibilityFaults(page), []);
    });

    await t.step("J11: a director with a password alone asks the representative", async () => {
      await seedEstablishments(backstage, [{ ...FAR!, directorCpf: elisa.cpf }]);
      await using user = await openAs(browser, portal, elisa);
      await user.goto(`/solicitar/${FAR!.cnes}`);
      await user.page.getByText("O CNES registra você como diretor daqui.").waitFor();
      await user.screenshot("j11-diretor-sem-govbr");
      await user.askForProfile(FAR!.cnes, "ADMINISTRADOR");
      await user.page.getByText("Agora é com o representante legal da operadora.").waitFor();
      // So does anybody else, director or not.
      await user.askForProfile(SEDE!.cnes, "ADMINISTRADOR");
      await user.page.getByText("Agora é com o representante legal da operadora.").waitFor();
      assertEquals(await user.page.getByText("Você agora é ADMINISTRADOR").count(), 0);
    });

    await t.step("J11: the representative finds and decides it", async () => {
      await using representative = await Visitor.open(browser, portal);
      await becomeRepresentative(backstage, representative, operadoras.serra, helena);
      await representative.goto("/pedidos");
      const { page } = representative;
      await page.getByText(elisa.nome).first().waitFor();
      await page.getByText("ADMINISTRADOR").first().waitFor();
      assertEquals(await page.getByText(SEDE!.nome).count(), 0, "of another operadora");
      await representative.button("Aprovar").click();
      await page.getByText(/aprov(ou|ado)/).first().waitFor();
      await using user = await openAs(browser, portal, elisa);
      await user.goto(`/solicitar/${FAR!.cnes}`);
      await user.page.getByText("Seu perfil é ADMINISTRADOR.").first().waitFor();
      assertEquals(await progress(user.page), ["Aprovado", "Aprovado", "> A pedir"]);
    });

    await t.step("J11: the director who came by gov.br has it at once", async () => {
      await seedEstablishments(backstage, [{ ...CLINIC!, directorCpf: gabriela.cpf }]);
      await using director = await Visitor.open(browser, portal);
      const { page } = director;
      await director.enterByGovbr(gabriela.nome, "prata");
      await director.heading("Solicitar acesso").waitFor();
      await page.getByText("ainda não foi cadastrado em nenhuma operadora").waitFor();
      await look(director, "j11-boas-vindas");
      await director.field("Número CNES do estabelecimento").fill(CLINIC!.cnes);
      await director.button("Continuar").click();
      await page.getByText("você recebe este perfil na hora").waitFor();
      await look(director, "j11-diretor");
      await page.getByRole("radio", { name: /^ADMINISTRADOR/ }).check();
      await director.button("Enviar pedido").click();
      await page.getByText("Você agora é ADMINISTRADOR deste estabelecimento.").waitFor();
      assertEquals(await progress(page), ["Aprovado", "Aprovado", "> A pedir"]);
      await look(director, "j11-administrador");
    });
  } finally {
    await browser.close();
  }
});
