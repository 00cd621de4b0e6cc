import { UNLIMITED } from "@/tests/fixtures/people.ts";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { Browser } from "playwright-core";
import { decideRequest } from "@/core/access/requests/decide.ts";
import { createRequest } from "@/core/access/requests/create.ts";
import { keys } from "@/core/store/keys.ts";
import { idOf, personOf } from "@/tests/fixtures/mod.ts";
import { DEMO_PASSWORD } from "@/tools/dev/seed.ts";
import { people } from "@/tools/sample/people.ts";
import { sampleEstablishments } from "@/tools/sample/world.ts";
import { launchBrowser } from "../support/browser.ts";
import { startPortal } from "../support/portal.ts";
import { readMail, Visitor } from "./actions.ts";
import { ageLogins, type Backstage, look, openBackstage } from "./backstage.ts";

const { davi, elisa } = people;
/** Davi's establishment. */
const { cnes } = sampleEstablishments.find((one) => one.directorCpf === davi.cpf)!;

Deno.test("J12, J13: an administrator's chat, in the simulated Telegram", async (t) => {
  await using portal = await startPortal();
  using backstage = await openBackstage(portal);
  const browser = await launchBrowser();
  try {
    await using site = await Visitor.open(browser, portal);
    await using phone = await Visitor.open(browser, portal);
    const scene: Scene = { backstage, browser, site, phone, portal };
    await enter(site, davi.cpf);
    await t.step(
      "the code is linked by a QR code or a link, for one account only",
      () => offer(scene),
    );
    await t.step("an old login is asked for the password", () => confirm(scene));
    await t.step("the account takes no second person", () => second(scene));
    await t.step("a request appears while something is being typed", () => arrive(scene));
    await t.step("approved in the chat: the message shows it", () => approve(scene));
    await t.step("decided on the site: the message shows it, too", () => elsewhere(scene));
    await t.step("without JavaScript the same buttons work", () => plain(scene));
    await t.step("unlinked from the chat, then from the site", () => unlinkBoth(scene));
  } finally {
    await browser.close();
  }
});

interface Scene {
  backstage: Backstage;
  browser: Browser;
  portal: Awaited<ReturnType<typeof startPortal>>;
  /** Davi at the portal. */
  site: Visitor;
  /** Whoever holds a phone. */
  phone: Visitor;
}

async function enter(visitor: Visitor, cpf: string): Promise<void> {
  await visitor.loginWithPassword(cpf, DEMO_PASSWORD);
  await visitor.acceptTerms();
  await visitor.button("Sair").waitFor();
}

/** Asks the site for a code; answers the address that the QR code holds, too. */
async function askForCode(visitor: Visitor): Promise<string> {
  await visitor.goto("/conta/telegram");
  await visitor.button("Ligar o Telegram").click();
  const link = visitor.page.getByRole("link", { name: "abra o robô neste aparelho" });
  return (await link.getAttribute("href"))!;
}

/** Opens a deep link with one of the accounts. */
async function openLink(phone: Visitor, address: string, account: string): Promise<void> {
  await phone.page.goto(address);
  await phone.button(`Abrir como ${account}`).click();
}

/** The newest message with these words. */
function message(phone: Visitor, words: string) {
  return phone.page.locator(".chat-row").filter({ hasText: words }).last();
}

async function offer({ site, phone }: Scene): Promise<void> {
  const address = await askForCode(site);
  assertMatch(address, /\/dev\/telegram\?start=[\w-]{22}$/);
  await site.page.getByRole("img", { name: "Código QR que abre o robô no Telegram" }).waitFor();
  await look(site, "j12-codigo");
  await openLink(phone, address, "Davi");
  const answer = (await message(phone, "Falta um passo").textContent())!;
  assertStringIncludes(answer, davi.nome);
  assertStringIncludes(answer, `CNES ${cnes}`);
  assert(!answer.includes(davi.cpf));
  await look(phone, "j12-conversa");
  await openLink(phone, address, "Curioso");
  await message(phone, "não vale mais").waitFor();
  await openLink(phone, address, "Davi");
  await message(phone, "não vale mais").waitFor();
}

async function confirm({ backstage, site, portal }: Scene): Promise<void> {
  await site.page.getByRole("link", { name: "Já toquei em Iniciar" }).click();
  assertEquals(await site.page.locator('input[type="password"]').count(), 0);
  await ageLogins(backstage, davi.cpf);
  // The page that is open does not know yet; the confirmation asks all the same.
  await site.button("Confirmar").click();
  await site.page.getByText("digite a sua senha outra vez").waitFor();
  await look(site, "j12-confirmar");
  await site.field("Senha atual").fill("Errada#123");
  await site.button("Confirmar").click();
  await site.page.getByText("A senha não confere").waitFor();
  await site.field("Senha atual").fill(DEMO_PASSWORD);
  await site.button("Confirmar").click();
  await site.page.getByText("Ligado à conta").waitFor();
  assertStringIncludes(await readMail(portal, davi.email, "Telegram ligado"), "Davi");
}

async function second({ browser, portal, phone }: Scene): Promise<void> {
  await using other = await Visitor.open(browser, portal);
  await enter(other, elisa.cpf);
  await openLink(phone, await askForCode(other), "Davi");
  await message(phone, "já está ligada a outra pessoa").waitFor();
  await other.page.getByRole("link", { name: "Já toquei em Iniciar" }).click();
  assertEquals(await other.page.getByRole("button", { name: "Confirmar" }).count(), 0);
}

/** Elisa asks; what the portal then sends goes out with the next message to the bot. */
async function ask({ backstage, portal }: Scene, profile: string): Promise<string> {
  const person = await personOf(backstage, elisa);
  const asked = await createRequest(backstage, person, { cnes, profile }, UNLIMITED);
  if (!asked.ok) throw new Error(asked.code);
  await sendAs(portal.origin, "/ajuda");
  return asked.data.id;
}

/** A text from Davi's phone, past the page that is open. */
async function sendAs(origin: string, text: string): Promise<void> {
  const body = new URLSearchParams({ do: "send", chat: "2001", text });
  const headers = { Origin: origin };
  const response = await fetch(`${origin}/dev/telegram`, { method: "POST", body, headers });
  await response.body?.cancel();
}

async function arrive(scene: Scene): Promise<void> {
  const { phone } = scene;
  await phone.goto("/dev/telegram?chat=2001");
  await phone.field("Mensagem").fill("um rascunho");
  await ask(scene, "OPERADOR");
  await message(phone, `Quem: ${elisa.nome}`).waitFor();
  assertEquals(await phone.field("Mensagem").inputValue(), "um rascunho");
  await phone.screenshot("j13-pedido");
}

async function approve({ phone, portal }: Scene): Promise<void> {
  const card = message(phone, `Quem: ${elisa.nome}`);
  await card.getByRole("button", { name: "Detalhes" }).click();
  await message(phone, "Primeiro pedido a este CNES").waitFor();
  await message(phone, `Quem: ${elisa.nome}`).getByRole("button", { name: "Aprovar" }).click();
  const done = message(phone, `Aprovado por ${davi.nome}`);
  await done.waitFor();
  assertEquals(await done.getByRole("button", { name: "Aprovar" }).count(), 0);
  assertStringIncludes((await done.textContent())!, "pelo Telegram");
  await look(phone, "j13-aprovado");
  await readMail(portal, elisa.email, "aprovado");
}

/** Elisa asks anew elsewhere in time: what she was granted is taken back behind the scenes. */
async function askAgain(scene: Scene, profile: string): Promise<string> {
  await scene.backstage.kv.delete(keys.membership(cnes, await idOf(scene.backstage, elisa)));
  return await ask(scene, profile);
}

async function elsewhere(scene: Scene): Promise<void> {
  const { backstage, phone, portal } = scene;
  const requestId = await askAgain(scene, "CONSULTADOR");
  await message(phone, "CONSULTADOR").waitFor();
  const by = await idOf(backstage, davi);
  const decision = {
    requestId,
    by,
    via: "portal",
    standing: UNLIMITED,
    outcome: "reprovada",
  } as const;
  const decided = await decideRequest(backstage, { ...decision, reason: "Já tem outro acesso" });
  assert(decided.ok);
  await sendAs(portal.origin, "/ajuda");
  const shown = message(phone, "Motivo: Já tem outro acesso");
  await shown.waitFor();
  assertStringIncludes((await shown.textContent())!, "pelo portal");
}

async function plain(scene: Scene): Promise<void> {
  const { browser, portal } = scene;
  await using phone = await Visitor.open(browser, portal, { javaScriptEnabled: false });
  await askAgain(scene, "CADASTRADOR");
  await phone.goto("/dev/telegram?chat=2001");
  await untilShown(phone, "CADASTRADOR");
  await message(phone, "CADASTRADOR").getByRole("button", { name: "Reprovar" }).click();
  await untilShown(phone, "Por que reprovar?");
  await phone.button("Dados do pedido incorretos").last().click();
  await untilShown(phone, "Motivo: Dados do pedido incorretos");
}

/** Looks for news again and again, by the link that is there without JavaScript. */
async function untilShown(phone: Visitor, words: string): Promise<void> {
  for (let i = 0; await message(phone, words).count() === 0; i++) {
    if (i === 100) throw new Error(`${words} does not come`);
    await phone.page.getByRole("link", { name: "Ver mensagens novas" }).click();
  }
}

async function unlinkBoth({ site, phone, portal }: Scene): Promise<void> {
  await phone.goto("/dev/telegram?chat=2001");
  await phone.field("Mensagem").fill("/desligar");
  await phone.button("Enviar").click();
  await message(phone, "Desligar este Telegram").getByRole("button", { name: "Desligar" }).click();
  await message(phone, "foi desligado do seu cadastro").waitFor();
  await readMail(portal, davi.email, "Telegram desligado");

  await openLink(phone, await askForCode(site), "Davi");
  await site.page.getByRole("link", { name: "Já toquei em Iniciar" }).click();
  await site.field("Senha atual").fill(DEMO_PASSWORD);
  await site.button("Confirmar").click();
  await site.page.getByText("Ligado à conta").waitFor();
  await site.screenshot("j12-ligado");
  const before = await phone.page.getByText("foi desligado do seu cadastro").count();
  await site.button("Desligar o Telegram").click();
  await site.button("Ligar o Telegram").waitFor();
  await phone.page.getByText("foi desligado do seu cadastro").nth(before).waitFor();
}
