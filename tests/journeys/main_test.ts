import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { operadoras } from "@/tools/sample/operadoras.ts";
import { launchBrowser } from "../support/browser.ts";
import { startPortal } from "../support/portal.ts";
import { readMail, Visitor } from "./actions.ts";
import { importEdition, makeCertificate } from "./operator.ts";
import { ana, bruno, caio, iris } from "./people.ts";
import type { Operadora } from "@/core/store/records/registry.ts";

const HOSPITAL = "9900011";
const SEDE = "9900028";
/** Gabriela's account of the simulated Telegram; here it is Ana's phone. */
const PHONE = 2002;

/** An edition of CADOP in which two of the sample operadoras have other representatives. */
const EDITION: Operadora[] = [
  { ...operadoras.alvorada, representante: iris.name },
  { ...operadoras.sorriso, representante: bruno.name },
  operadoras.serra,
];

Deno.test("from a CADOP edition to the operadora's panel", async (t) => {
  await using portal = await startPortal();
  await using browser = await launchBrowserDisposable();
  const open = () => Visitor.open(browser.browser, portal);
  const { alvorada, sorriso } = operadoras;

  let certificate = "";
  await t.step("import of a CADOP edition, certificates from dev:cert", async () => {
    assertStringIncludes(await importEdition(portal, EDITION), "2");
    certificate = await makeCertificate(portal, iris, { cnpj: alvorada.cnpj });
  });

  await using representative = await open();
  await t.step("J1: first access of the representative", async () => {
    await representative.signWith(certificate);
    await representative.heading("Primeiro acesso").waitFor();
    assertEquals(await representative.field("Usuário").inputValue(), iris.name);
    assertEquals(await representative.page.locator('input[type="password"]').count(), 0);
    await representative.screenshot("j1-usuario");
    await representative.button("Acessar").click();
    await representative.acceptTerms();
    await representative.confirmEmailAndPassword(iris);
    await representative.heading(alvorada.razaoSocial).waitFor();
    await representative.screenshot("j1-painel");
  });

  await t.step("J6: two people are invited", async () => {
    await representative.registerUser(ana, ["SIB"]);
    await representative.registerUser(caio, ["SIB", "TISS"]);
    await representative.screenshot("j6-usuarios");
  });

  await using other = await open();
  await t.step("another operadora comes to the portal", async () => {
    const file = await makeCertificate(portal, bruno, { cnpj: sorriso.cnpj });
    await other.signWith(file);
    await other.button("Acessar").click();
    await other.acceptTerms();
    await other.confirmEmailAndPassword(bruno);
    await other.heading(sorriso.razaoSocial).waitFor();
  });

  await using administrator = await open();
  await using asker = await open();
  await t.step("J7: first access with the provisional password", async () => {
    for (const [visitor, person] of [[administrator, ana], [asker, caio]] as const) {
      await visitor.acceptInvitation(person);
    }
    await asker.heading(alvorada.razaoSocial).waitFor();
    await administrator.heading(alvorada.razaoSocial).waitFor();
    const systems = administrator.page.getByRole("region", { name: "Sistemas" });
    assertEquals(await systems.getByRole("heading", { level: 3 }).allTextContents(), ["SIB"]);
  });

  await t.step("another operadora invites the same person, who accepts by one click", async () => {
    await other.registerUser(caio, ["RPC"]);
    await asker.goto("/painel");
    await asker.page.getByRole("link", { name: "Ver o convite" }).click();
    await asker.screenshot("j7-convite");
    await asker.button("Aceitar").click();
    await asker.heading(sorriso.razaoSocial).waitFor();
  });

  await t.step("the representative makes one ADMINISTRADOR of two establishments", async () => {
    await representative.goto("/usuarios");
    await representative.page.getByRole("link", { name: ana.name }).click();
    for (const cnes of [HOSPITAL, SEDE]) {
      const item = representative.page.getByRole("listitem").filter({ hasText: cnes });
      await item.getByRole("button", { name: "Tornar ADMINISTRADOR" }).click();
      await representative.page.getByRole("listitem").filter({ hasText: cnes })
        .getByText("ADMINISTRADOR", { exact: true }).waitFor();
    }
  });

  await using phone = await open();
  await t.step("J12: the administrator links Telegram", async () => {
    await administrator.goto("/conta/telegram");
    await administrator.button("Ligar o Telegram").click();
    const link = administrator.page.getByRole("link", { name: "abra o robô neste aparelho" });
    await administrator.screenshot("j12-ligar");
    await phone.page.goto((await link.getAttribute("href"))!);
    await phone.page.getByRole("button", { name: "Abrir como Gabriela" }).click();
    await phone.page.getByText("Volte ao site").first().waitFor();
    await administrator.page.getByRole("link", { name: "Já toquei em Iniciar" }).click();
    await administrator.page.getByText("Gabriela").waitFor();
    await administrator.button("Confirmar").click();
    await administrator.page.getByText("Ligado à conta").waitFor();
    await readMail(portal, ana.email, "Telegram ligado");
  });

  await t.step("J10: the other asks for a profile", async () => {
    await asker.askForProfile(HOSPITAL, "OPERADOR");
  });

  await t.step("J13: approved in the chat", async () => {
    const card = await requestInChat(phone, caio.name, "Hospital Alvorada Exemplo");
    await phone.screenshot("j13-pedido");
    await card.getByRole("button", { name: "Aprovar" }).click();
    await phone.page.getByText(/aprovad/i).first().waitFor();
    await phone.screenshot("j13-aprovado");
    await readMail(portal, caio.email, "aprovado");
  });

  await t.step("J8: the row goes green, Confirmar, only what was granted", async () => {
    await asker.logout();
    await asker.loginWithPassword(caio.cpf, caio.password);
    await asker.heading("Escolha a operadora").waitFor();
    const row = asker.page.getByRole("row").filter({ hasText: alvorada.razaoSocial });
    const plain = await colour(row);
    // Anywhere in the row, not only on the radio button.
    await row.getByText(alvorada.registroAns).click({ force: true });
    assert(await row.getByRole("radio").isChecked());
    const chosen = await colour(row);
    assert(chosen !== plain && isGreen(chosen), `${plain} -> ${chosen}`);
    await asker.screenshot("j8-escolha");
    await asker.button("Confirmar").click();
    await asker.heading(alvorada.razaoSocial).waitFor();
    const systems = asker.page.getByRole("region", { name: "Sistemas" });
    assertEquals(
      await systems.getByRole("heading", { level: 3 }).allTextContents(),
      ["SIB", "TISS"],
    );
    const places = asker.page.getByRole("region", { name: "Estabelecimentos (CNES)" });
    assertStringIncludes((await places.textContent())!, "OPERADOR");
    assertStringIncludes((await places.textContent())!, HOSPITAL);
    await asker.screenshot("j8-painel");
  });

  await t.step("the same with a rejection and its reason", async () => {
    await asker.askForProfile(SEDE, "CADASTRADOR");
    const card = await requestInChat(phone, caio.name, "Sede Alvorada Exemplo");
    await card.getByRole("button", { name: "Reprovar" }).click();
    await phone.page.getByRole("button", { name: "Escrever motivo" }).first().click();
    await phone.page.getByText("Respondendo a").waitFor();
    await phone.field("Mensagem").fill("Falta o vínculo com esta unidade.");
    await phone.button("Enviar").click();
    await phone.page.getByText(/reprovad/i).first().waitFor();
    await phone.screenshot("j13-reprovado");
    const mail = await readMail(portal, caio.email, "reprovado");
    assertStringIncludes(mail, "Falta o vínculo com esta unidade.");
    await asker.goto("/solicitar");
    await asker.page.getByText("Motivo: Falta o vínculo com esta unidade.").waitFor();
    await asker.goto("/painel");
    const places = asker.page.getByRole("region", { name: "Estabelecimentos (CNES)" });
    const sede = places.locator(".card").filter({ hasText: SEDE });
    assertStringIncludes((await sede.textContent())!, "Reprovado");
    assert(!(await sede.textContent())!.includes("Aprovado"));
  });

  await t.step("J2: next access with certificate and password", async () => {
    await representative.logout();
    await representative.signWith(certificate);
    await representative.heading("Olá de novo").waitFor();
    assertEquals(await representative.field("Usuário").inputValue(), iris.name);
    await representative.field("Senha").fill("errada");
    await representative.button("Acessar").click();
    await representative.page.getByRole("alert").waitFor();
    await representative.field("Senha").fill(iris.password);
    await representative.button("Acessar").click();
    await representative.heading(alvorada.razaoSocial).waitFor();
    await representative.page.getByText("Representante legal").waitFor();
  });
});

/** The newest bubble of the chat that shows a request. */
async function requestInChat(phone: Visitor, who: string, where: string) {
  const card = phone.page.locator(".chat-messages > li").filter({ hasText: where })
    .filter({ hasText: who }).filter({ has: phone.page.getByRole("button") }).last();
  for (let i = 0; i < 50; i++) {
    await phone.goto(`/dev/telegram?chat=${PHONE}`);
    if (await card.count() > 0) return card;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`no request of ${who} in the chat`);
}

function colour(row: import("playwright-core").Locator): Promise<string> {
  return row.evaluate((element) => getComputedStyle(element).backgroundColor);
}

function isGreen(colour: string): boolean {
  const [red, green, blue] = colour.match(/\d+/g)!.map(Number);
  return green! > red! && green! > blue!;
}

async function launchBrowserDisposable() {
  const browser = await launchBrowser();
  return { browser, [Symbol.asyncDispose]: () => browser.close() };
}
