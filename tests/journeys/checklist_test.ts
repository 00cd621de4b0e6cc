import { UNLIMITED } from "@/tests/fixtures/people.ts";
import { assert, assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { decideRequest } from "@/core/access/requests/decide.ts";
import { listRequestsOf } from "@/core/access/requests/request.ts";
import type { Step } from "@/core/store/records/access.ts";
import { idOf } from "@/tests/fixtures/mod.ts";
import { people } from "@/tools/sample/people.ts";
import { sampleEstablishments } from "@/tools/sample/world.ts";
import { launchBrowser } from "../support/browser.ts";
import { startPortal } from "../support/portal.ts";
import { Visitor } from "./actions.ts";
import { type Backstage, look, openBackstage } from "./backstage.ts";

const [HOSPITAL, SEDE] = sampleEstablishments;
const { davi, gabriela } = people;

/** The word of each of the six prerequisites. */
async function words(page: Page): Promise<string[]> {
  await page.locator(".way").waitFor();
  return await page.locator(".way .tag").allTextContents();
}

const DONE = "Feito";
const YOU = "Agora é com você";
const OTHERS = "Depende de outra pessoa";
const LATER = "Depois";

async function approve(backstage: Backstage, step: Step): Promise<void> {
  const request = (await listRequestsOf(backstage, await idOf(backstage, gabriela))).find((one) =>
    one.step === step
  );
  const decided = await decideRequest(backstage, {
    requestId: request!.id,
    outcome: "aprovada",
    by: await idOf(backstage, davi),
    via: "portal",
    standing: UNLIMITED,
  });
  assert(decided.ok, JSON.stringify(decided));
}

Deno.test("J19: the way to CadSUS Web, from nothing to six ticks", async (t) => {
  await using portal = await startPortal();
  using backstage = await openBackstage(portal);
  const browser = await launchBrowser();
  try {
    await using visitor = await Visitor.open(browser, portal);
    const { page } = visitor;
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(String(error)));

    await t.step("a visitor reads it, and nothing is ticked", async () => {
      await visitor.goto("/");
      await page.getByRole("link", { name: "Veja quem faz o quê em cada um" }).click();
      await visitor.heading("Seu caminho até o CadSUS Web").waitFor();
      assertEquals(await page.locator(".way > li").count(), 6);
      assertEquals(await words(page), []);
      for (
        const official of [
          "https://cnes.saude.gov.br",
          "https://cadastro.saude.gov.br/saiba-mais",
          "https://www.gov.br",
          "https://webatendimento.saude.gov.br/faq/cadsus",
        ]
      ) assertEquals(await page.locator(`.way a[href="${official}"]`).count(), 1, official);
      await look(visitor, "j19-visitante");
    });

    await t.step("just come in: three things to do", async () => {
      await visitor.enterByGovbr(gabriela.nome, "prata");
      await visitor.heading("Solicitar acesso").waitFor();
      await page.getByRole("link", { name: "Seu caminho", exact: true }).click();
      assertEquals(await words(page), [YOU, YOU, YOU, LATER, LATER, LATER]);
      await look(visitor, "j19-inicio");
    });

    await t.step("the CNS, looked up", async () => {
      await page.getByRole("link", { name: "Meu CNS" }).click();
      await visitor.field("CNS").fill(gabriela.cns);
      await visitor.button("Guardar").click();
      await page.getByText("CNS guardado.").waitFor();
      await visitor.goto("/caminho");
      assertEquals((await words(page))[2], DONE);
    });

    await t.step("asked for, then approved", async () => {
      await visitor.askForProfile(HOSPITAL!.cnes, "OPERADOR");
      await visitor.goto("/caminho");
      assertEquals(await words(page), [DONE, OTHERS, DONE, DONE, OTHERS, LATER]);
      await look(visitor, "j19-em-analise");
      await approve(backstage, "perfil");
      await visitor.goto("/caminho");
      assertEquals(await words(page), [DONE, DONE, DONE, DONE, DONE, YOU]);
    });

    await t.step("the computer, then the door", async () => {
      await page.getByRole("link", { name: "Pedir o computador" }).click();
      await visitor.field("Etiqueta de patrimônio").fill("PAT-004512");
      await visitor.field("Local").fill("Recepção");
      await visitor.button("Pedir acesso para este computador").click();
      await page.getByText("Pedido do computador enviado").waitFor();
      await visitor.goto("/caminho");
      assertEquals((await words(page))[5], OTHERS);
      await approve(backstage, "computador");
      await visitor.goto("/caminho");
      assertEquals(await words(page), Array(6).fill(DONE));
      await page.getByText("os seis pré-requisitos estão cumpridos").waitFor();
      await look(visitor, "j19-completo");
      const door = page.getByRole("link", { name: "Acessar CadSUS Web" });
      assertEquals(await door.getAttribute("href"), `/acessar/cadsus-web/${HOSPITAL!.cnes}`);
    });

    await t.step("several establishments: a choice; a number of others shows nothing", async () => {
      await visitor.askForProfile(SEDE!.cnes, "CONSULTADOR");
      await visitor.goto(`/caminho?cnes=${SEDE!.cnes}`);
      assertEquals(await words(page), [DONE, OTHERS, DONE, OTHERS, OTHERS, LATER]);
      await look(visitor, "j19-escolha");
      await page.getByRole("navigation", { name: "Escolha o estabelecimento" })
        .getByRole("link", { name: HOSPITAL!.nome }).click();
      await page.getByText("os seis pré-requisitos estão cumpridos").waitFor();
      await visitor.goto("/caminho?cnes=9900042");
      await page.getByRole("link", { name: HOSPITAL!.nome }).first().waitFor();
      assertEquals(await page.getByText("9900042").count(), 0);
    });

    assertEquals(errors, []);
  } finally {
    await browser.close();
  }
});
