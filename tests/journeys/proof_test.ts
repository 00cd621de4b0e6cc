import { assert, assertEquals } from "@std/assert";
import type { Browser } from "playwright-core";
import type { Operadora } from "@/core/store/records/registry.ts";
import { operadoras } from "@/tools/sample/operadoras.ts";
import { people } from "@/tools/sample/people.ts";
import { launchBrowser } from "../support/browser.ts";
import { startPortal } from "../support/portal.ts";
import { Visitor } from "./actions.ts";
import { becomeRepresentative, look, openBackstage } from "./backstage.ts";
import { helena, type JourneyPerson, raul } from "./people.ts";

const { alvorada, serra } = operadoras;

/** What needs no key of the browser goes without JavaScript, all of it. */
const PLAIN = { javaScriptEnabled: false };

/** The person of the simulated gov.br as an operadora names them, and whoever reads another mailbox. */
const { cpf, nome: name } = people.gabriela;
const gabriela = { cpf, name, email: "gabriela@trabalho.example", password: "Brisa*Clara64" };
const other = { cpf, name, email: "outra@serra.example", password: "Poeira#Fina29" };

/** At most so many of the portal's pages, and the path there in the message. */
function assertPages(visitor: Visitor, most: number): void {
  const seen = visitor.countPages();
  assert(seen.length <= most, `${seen.length} pages: ${seen.join(" ")}`);
}

async function atGovbr(visitor: Visitor, level: "bronze" | "prata" | "ouro") {
  await visitor.goto("/entrar");
  visitor.countPages();
  await visitor.page.getByRole("link", { name: "Entrar com gov.br" }).click();
  await visitor.heading("gov.br simulado").waitFor();
  await visitor.page.getByRole("radio", { name }).check();
  await visitor.page.getByRole("radio", { name: level }).check();
  await visitor.button("Autorizar").click();
}

const isOf = (visitor: Visitor, operadora: { razaoSocial: string }) =>
  visitor.heading(operadora.razaoSocial).waitFor();

const isKnownAs = (visitor: Visitor, words: string) =>
  visitor.page.getByText(`Sua identificação: ${words}.`).waitFor();

async function invite(
  backstage: Awaited<ReturnType<typeof openBackstage>>,
  browser: Browser,
  portal: Visitor["portal"],
  operadora: Operadora,
  by: JourneyPerson,
  person: JourneyPerson,
) {
  await using representative = await Visitor.open(browser, portal, PLAIN);
  await becomeRepresentative(backstage, representative, operadora, by);
  await representative.registerUser(person, ["SIB"]);
}

Deno.test("J20: a CPF is proved, and two accounts have it", async (t) => {
  await using portal = await startPortal();
  using backstage = await openBackstage(portal);
  const browser = await launchBrowser();
  try {
    await using visitor = await Visitor.open(browser, portal, PLAIN);
    await using stranger = await Visitor.open(browser, portal, PLAIN);

    await t.step("somebody new, from the mail to the panel: 4 pages", async () => {
      await invite(backstage, browser, portal, alvorada, helena, gabriela);
      await visitor.acceptInvitation(gabriela);
      await isOf(visitor, alvorada);
      assertPages(visitor, 4);
      await isKnownAs(visitor, "informado pela operadora");
      await visitor.logout();
    });

    await t.step("whoever reads another mailbox has an account of their own", async () => {
      await invite(backstage, browser, portal, serra, raul, other);
      await stranger.acceptInvitation(other);
      await isOf(stranger, serra);
      await stranger.logout();
    });

    await t.step("gov.br joins the account that its owner shows: 3 pages", async () => {
      await atGovbr(visitor, "prata");
      await visitor.heading("Esta conta é sua?").waitFor();
      await look(visitor, "j20-juntar");
      const own = visitor.page.locator("form", { hasText: alvorada.razaoSocial });
      await own.getByLabel("Senha desta conta").fill(gabriela.password);
      await own.getByRole("button", { name: "Juntar", exact: true }).click();
      await isOf(visitor, alvorada);
      assertPages(visitor, 3);
      await isKnownAs(visitor, "CPF comprovado por gov.br (prata)");
    });

    await t.step("from then on gov.br leads to it, and its password too", async () => {
      await visitor.logout();
      await atGovbr(visitor, "prata");
      await isOf(visitor, alvorada);
      await visitor.logout();
      await visitor.loginWithPassword(gabriela.cpf, gabriela.password);
      await isOf(visitor, alvorada);
    });

    await t.step("the other account keeps what was granted to it, and no more", async () => {
      await stranger.loginWithPassword(other.cpf, other.password);
      await isOf(stranger, serra);
      await isKnownAs(stranger, "informado pela operadora");
    });
  } finally {
    await browser.close();
  }
});

Deno.test("J20: “é outra pessoa” makes an account of one's own", async () => {
  await using portal = await startPortal();
  using backstage = await openBackstage(portal);
  const browser = await launchBrowser();
  try {
    await using visitor = await Visitor.open(browser, portal, PLAIN);
    await using stranger = await Visitor.open(browser, portal, PLAIN);
    await invite(backstage, browser, portal, serra, raul, other);
    await stranger.acceptInvitation(other);

    await atGovbr(visitor, "ouro");
    await visitor.heading("Esta conta é sua?").waitFor();
    await visitor.button("É outra pessoa").click();
    await visitor.acceptTerms();
    await visitor.heading("Seu e-mail").waitFor();
    assertEquals(await visitor.field("E-mail").inputValue(), people.gabriela.email);
    await visitor.button("Continuar").click();
    await visitor.heading("Solicitar acesso").waitFor();

    await stranger.goto("/painel");
    await isOf(stranger, serra);
  } finally {
    await browser.close();
  }
});

Deno.test("J7: somebody with an account accepts: 4 pages, one click once signed in", async () => {
  await using portal = await startPortal();
  using backstage = await openBackstage(portal);
  const browser = await launchBrowser();
  try {
    await using visitor = await Visitor.open(browser, portal, PLAIN);
    await invite(backstage, browser, portal, alvorada, helena, gabriela);
    await visitor.acceptInvitation(gabriela);
    await isOf(visitor, alvorada);
    await visitor.logout();

    await invite(backstage, browser, portal, serra, raul, gabriela);
    visitor.countPages();
    await visitor.loginWithPassword(gabriela.cpf, gabriela.password);
    await visitor.page.getByRole("link", { name: "Ver o convite" }).click();
    await visitor.heading("Convite").waitFor();
    await look(visitor, "j7-com-conta");
    await visitor.button("Aceitar").click();
    await isOf(visitor, serra);
    assertPages(visitor, 4);
  } finally {
    await browser.close();
  }
});
