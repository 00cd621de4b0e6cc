import { UNLIMITED } from "@/tests/fixtures/people.ts";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { Browser, Locator } from "playwright-core";
import { maskEmail } from "@/core/registry/numbers.ts";
import { keys } from "@/core/store/keys.ts";
import type { TelegramLink } from "@/core/store/records/account.ts";
import { DEMO_PASSWORD } from "@/tools/dev/seed.ts";
import { operadoras } from "@/tools/sample/operadoras.ts";
import { people } from "@/tools/sample/people.ts";
import { launchBrowser } from "../support/browser.ts";
import { list } from "@/core/store/read.ts";
import { type RunningPortal, startPortal } from "../support/portal.ts";
import { codeIn, find, provisionalIn, readMail, Visitor } from "./actions.ts";
import {
  ageLogins,
  type Backstage,
  becomeRepresentative,
  edit,
  look,
  openBackstage,
} from "./backstage.ts";
import { helena, lais, nina, otto } from "./people.ts";
import { idOf, must, operadoraOf, personOf } from "@/tests/fixtures/mod.ts";
import { revokeInvitation } from "@/core/access/invitations/invite.ts";
import { listInvitations } from "@/core/access/invitations/list.ts";

const { alvorada, sorriso, serra } = operadoras;
const MINUTE = 60_000;

/** What needs no key of the browser goes without JavaScript, all of it. */
const PLAIN = { javaScriptEnabled: false };

interface Scene {
  portal: RunningPortal;
  backstage: Backstage;
  browser: Browser;
}

type Work = (scene: Scene) => Promise<void>;

/** The steps one after the other, each from where the one before has led. */
async function walk(t: Deno.TestContext, steps: Record<string, Work>): Promise<void> {
  await using portal = await startPortal();
  using backstage = await openBackstage(portal);
  const browser = await launchBrowser();
  try {
    for (const [name, work] of Object.entries(steps)) {
      const done = await t.step(name, () => work({ portal, backstage, browser }));
      if (!done) throw new Error(`not reached: what follows “${name}”`);
    }
  } finally {
    await browser.close();
  }
}

Deno.test("J7, J8, J9: one's own account, by forms alone", (t) =>
  walk(t, {
    "J7: wrong, unknown and expired provisional passwords": provisional,
    "J7: invitation, e-mail and password, code, in this order and no other": firstAccess,
    "J7: taken back before the first access ends": revokedMeanwhile,
    "J8: nothing chosen, not one's own, taken away meanwhile": refusedChoice,
    "J8: by keyboard, the row is green": chosenByKeyboard,
    "J9: password forgotten": forgotten,
    "J9: e-mail changed, and taken back from the old address": emailChanged,
    "J9: password changed, sessions listed and ended": sessions,
    "J9: somebody of gov.br sets a password": govbrPassword,
    "J9: the account says that Telegram is blocked": telegramBlocked,
  }));

const alertOf = (visitor: Visitor) => visitor.page.getByRole("alert").innerText();
const noticeOf = (visitor: Visitor) => visitor.page.getByRole("status").first().innerText();
const provisionalOf = async (portal: RunningPortal, email: string, count = 1) =>
  provisionalIn(await readMail(portal, email, "Seu acesso ao portal", count));

/** What a browser would not send by itself. */
const withoutChecks = (visitor: Visitor) =>
  visitor.page.locator("main form").evaluate((form) => {
    (form as HTMLFormElement).noValidate = true;
  });

async function provisional({ portal, backstage, browser }: Scene) {
  await using representative = await Visitor.open(browser, portal, PLAIN);
  await becomeRepresentative(backstage, representative, alvorada, helena);
  await representative.registerUser(lais, ["SIB"]);
  await representative.registerUser(otto, ["TISS"]);

  await using visitor = await Visitor.open(browser, portal, PLAIN);
  await visitor.loginWithPassword(lais.cpf, "Errada#123");
  const wrong = await alertOf(visitor);
  assertMatch(wrong, /CPF, e-mail ou senha não conferem/);
  await visitor.loginWithPassword(nina.cpf, "Errada#123");
  assertEquals(await alertOf(visitor), wrong);

  const password = await provisionalOf(portal, otto.email);
  await representative.page.getByRole("link", { name: otto.name }).click();
  const id = new URL(representative.page.url()).pathname.split("/").at(-1)!;
  await edit(backstage, keys.invitation(alvorada.cnpj, id), ({ password }) => ({
    password: { ...password!, expiresAt: Date.now() - 1 },
  }));
  await visitor.loginWithPassword(otto.cpf, password);
  assertMatch(await alertOf(visitor), /A senha provisória venceu/);
  await representative.button("Renovar o convite").click();
  assertMatch(await noticeOf(representative), /outra senha provisória/);
  await visitor.loginWithPassword(otto.cpf, password);
  assertMatch(await alertOf(visitor), /CPF, e-mail ou senha não conferem/);
}

async function firstAccess({ portal, browser }: Scene) {
  const password = await provisionalOf(portal, lais.email);
  await using visitor = await Visitor.open(browser, portal, PLAIN);
  await using second = await Visitor.open(browser, portal, PLAIN);
  for (const one of [visitor, second]) {
    await one.loginWithPassword(lais.cpf, password);
    await one.heading("Convite").waitFor();
  }
  for (const path of ["/convite/confirmar", "/convite/cadastro", "/primeiro-acesso/cadastro"]) {
    await visitor.goto(path);
    await visitor.heading("Convite").waitFor();
  }
  await visitor.goto("/painel");
  await visitor.heading("Entrar com senha").waitFor();
  await visitor.goto("/convite");
  await look(visitor, "j7-novo");
  await visitor.page.locator("main form").first().evaluate((form) => {
    (form as HTMLFormElement).noValidate = true;
  });
  await visitor.button("Aceitar").click();
  assertMatch(await alertOf(visitor), /preciso ler e aceitar os termos/);
  await visitor.acceptInvited();

  await visitor.heading("E-mail e senha").waitFor();
  assertEquals(await visitor.field("E-mail").inputValue(), lais.email);
  await look(visitor, "j7-cadastro");
  const wrong: [email: string, password: string, repeated: string, RegExp][] = [
    ["lais@empresa", lais.password, lais.password, /E-mail inválido/],
    [lais.email, lais.password, "Outra#Coisa9", /senhas digitadas são diferentes/],
    [lais.email, "sem-nada-disso", "sem-nada-disso", /letra maiúscula/],
    [lais.email, "Duarte#2931", "Duarte#2931", /não pode conter seu nome/],
    [lais.email, "Alvorada#2931", "Alvorada#2931", /nem o nome da operadora/],
    [lais.email, "Senha@123", "Senha@123", /muito comum/],
  ];
  for (const [email, chosen, repeated, text] of wrong) {
    await fillRegistration(visitor, email, chosen, repeated);
    assertMatch(await alertOf(visitor), text);
    assertEquals(await visitor.field("E-mail").inputValue(), email);
  }
  // Somebody else's address: the same page, and the truth only to who reads it.
  await fillRegistration(visitor, people.elisa.email, lais.password);
  await visitor.heading("Confirme seu e-mail").waitFor();
  await look(visitor, "j7-codigo");
  await confirm(visitor, "ABCDEFGH");
  assertMatch(await alertOf(visitor), /Código incorreto\. Restam 4/);
  await confirm(visitor, codeIn(await readMail(portal, people.elisa.email, "Código")));
  assertMatch(await alertOf(visitor), /Já há conta com este e-mail/);
  await visitor.button("Corrigir o e-mail").click();
  await visitor.heading("E-mail e senha").waitFor();

  // The second browser gets as far as its own code.
  await second.acceptInvited();
  await fillRegistration(second, nina.email, lais.password);
  await second.heading("Confirme seu e-mail").waitFor();
  const theirs = codeIn(await readMail(portal, nina.email, "Código de confirmação"));

  // The invited address needs none.
  await fillRegistration(visitor, lais.email, lais.password);
  await visitor.heading(alvorada.razaoSocial).waitFor();
  const systems = visitor.page.getByRole("region", { name: "Sistemas" });
  assertEquals(await systems.getByRole("heading", { level: 3 }).allTextContents(), ["SIB"]);

  await confirm(second, theirs);
  assertMatch(
    await second.page.getByRole("main").innerText(),
    /já foi aceito, cancelado ou renovado/,
  );
  await second.loginWithPassword(lais.cpf, password);
  assertMatch(await alertOf(second), /CPF, e-mail ou senha não conferem/);
}

const confirm = (visitor: Visitor, code: string) =>
  visitor.fill({ "Código de confirmação": code }, "Confirmar");

async function fillRegistration(
  visitor: Visitor,
  email: string,
  password: string,
  repeated = password,
) {
  await visitor.field("E-mail").fill(email);
  await visitor.field("Senha").fill(password);
  await visitor.field("Repita a senha").fill(repeated);
  await visitor.button("Concluir").click();
}

async function revokedMeanwhile({ portal, browser, backstage }: Scene) {
  await using visitor = await Visitor.open(browser, portal, PLAIN);
  await visitor.loginWithPassword(otto.cpf, await provisionalOf(portal, otto.email, 2));
  await visitor.acceptInvited();
  const { items } = await listInvitations(backstage, alvorada.cnpj, { filter: "enviados" });
  const [actor, operadora] = await Promise.all([
    personOf(backstage, helena),
    operadoraOf(backstage, alvorada.cnpj),
  ]);
  const { id } = items.find(({ cpf }) => cpf === otto.cpf)!;
  must(await revokeInvitation(backstage, actor, operadora, id));
  await fillRegistration(visitor, otto.email, otto.password);
  assertMatch(await alertOf(visitor), /peça outro convite à operadora/);
  await visitor.page.getByRole("link", { name: "Ir para a entrada" }).click();
  await visitor.heading("Entrar com senha").waitFor();
}

/** As the representative does on the person's page. */
async function switchTie(backstage: Backstage, cnpj: string, cpf: string, active: boolean) {
  const account = await idOf(backstage, { cpf });
  const deactivated = active ? undefined : { by: account, at: Date.now() };
  await edit(backstage, keys.userOfOperadora(cnpj, account), () => ({ deactivated }));
  await backstage.kv.set(keys.operadoraOfUser(account, cnpj), active);
}

async function elisaChooses({ portal, browser }: Scene): Promise<Visitor> {
  const visitor = await Visitor.open(browser, portal, PLAIN);
  await visitor.loginWithPassword(people.elisa.cpf, DEMO_PASSWORD);
  await visitor.heading(/Termos de uso|Escolha a operadora/).waitFor();
  if (visitor.page.url().endsWith("/termos")) await visitor.acceptTerms();
  await visitor.goto("/operadoras");
  await visitor.heading("Escolha a operadora").waitFor();
  return visitor;
}

async function refusedChoice(scene: Scene) {
  await using visitor = await elisaChooses(scene);
  const { page } = visitor;
  await withoutChecks(visitor);
  await visitor.button("Confirmar").click();
  assertMatch(await alertOf(visitor), /Escolha uma operadora da lista/);
  await page.getByRole("radio", { name: sorriso.razaoSocial }).evaluate((radio, cnpj) => {
    (radio as HTMLInputElement).value = cnpj;
  }, serra.cnpj);
  await page.getByRole("radio", { name: sorriso.razaoSocial }).check();
  await visitor.button("Confirmar").click();
  assertMatch(await alertOf(visitor), /não está entre as suas/);

  await switchTie(scene.backstage, sorriso.cnpj, people.elisa.cpf, false);
  await page.getByRole("radio", { name: sorriso.razaoSocial }).check();
  await visitor.button("Confirmar").click();
  assertMatch(await alertOf(visitor), /não está entre as suas/);
  assertEquals(await page.getByRole("radio").count(), 1);
  await switchTie(scene.backstage, sorriso.cnpj, people.elisa.cpf, true);
}

async function chosenByKeyboard(scene: Scene) {
  await using visitor = await elisaChooses(scene);
  const { page } = visitor;
  const [first, second] = [page.getByRole("radio").nth(0), page.getByRole("radio").nth(1)];
  for (let i = 0; i < 30 && !await isFocused(first); i++) await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  assert(await isGreen(page.getByRole("row").nth(1)));
  assert(!await isGreen(page.getByRole("row").nth(2)));
  await page.keyboard.press("ArrowDown");
  assert(await second.isChecked());
  assert(await isGreen(page.getByRole("row").nth(2)));
  assert(!await isGreen(page.getByRole("row").nth(1)));
  await look(visitor, "j8-verde");
  await page.keyboard.press("Enter");
  await visitor.heading(sorriso.razaoSocial).waitFor();
}

const isFocused = (locator: Locator) => locator.evaluate((one) => one === document.activeElement);

/** The colour when what moves has come to rest. */
async function isGreen(row: Locator): Promise<boolean> {
  const colour = await row.evaluate(async (element) => {
    await Promise.all(element.getAnimations().map(({ finished }) => finished));
    return getComputedStyle(element).backgroundColor;
  });
  const [red, green, blue] = colour.match(/\d+/g)!.map(Number);
  return green! > red! && green! > blue!;
}

async function forgotten({ portal, backstage, browser }: Scene) {
  await using elsewhere = await Visitor.open(browser, portal, PLAIN);
  await elsewhere.loginWithPassword(lais.cpf, lais.password);
  await elsewhere.heading(alvorada.razaoSocial).waitFor();

  await using visitor = await Visitor.open(browser, portal, PLAIN);
  await using stranger = await Visitor.open(browser, portal, PLAIN);
  await visitor.goto("/recuperar-senha/codigo");
  await visitor.heading("Recuperar a senha").waitFor();
  await ask(visitor, "123");
  assertMatch(await alertOf(visitor), /Digite o CPF, com 11 números/);
  const seen: string[] = [];
  for (const [one, cpf] of [[visitor, lais.cpf], [stranger, nina.cpf]] as const) {
    await ask(one, cpf);
    await one.heading("Escolha a nova senha").waitFor();
    seen.push(await one.page.getByRole("main").textContent() ?? "");
  }
  assertEquals(seen[0], seen[1]);
  await look(visitor, "j9-codigo");

  const code = codeIn(await readMail(portal, lais.email, "Código para trocar a senha"));
  await choose(stranger, code, "Novo*Vale51");
  assertMatch(await alertOf(stranger), /Código incorreto\. Restam 4/);
  await choose(visitor, code, "curta");
  assertMatch(await alertOf(visitor), /pelo menos 8/);
  const [session] = await recoveries(backstage, lais.cpf);
  await edit(backstage, keys.recovery(session!), () => ({ expiresAt: Date.now() - 1 }));
  await choose(visitor, code, "Novo*Vale51");
  assertMatch(await alertOf(visitor), /O código venceu/);

  await ask(visitor, lais.cpf);
  await visitor.heading("Escolha a nova senha").waitFor();
  const again = codeIn(await readMail(portal, lais.email, "Código para trocar a senha", 2));
  await choose(visitor, again, "Novo*Vale51");
  assertMatch(await noticeOf(visitor), /Senha trocada/);
  await readMail(portal, lais.email, "Sua senha foi trocada");
  await elsewhere.goto("/painel");
  await elsewhere.heading("Entrar com senha").waitFor();
  await visitor.loginWithPassword(lais.cpf, lais.password);
  assertMatch(await alertOf(visitor), /CPF, e-mail ou senha não conferem/);
  await visitor.loginWithPassword(lais.cpf, "Novo*Vale51");
  await visitor.heading(alvorada.razaoSocial).waitFor();
}

async function ask(visitor: Visitor, cpf: string) {
  await visitor.goto("/recuperar-senha");
  await visitor.field("CPF ou e-mail").fill(cpf);
  await visitor.button("Enviar código").click();
}

async function choose(visitor: Visitor, code: string, password: string) {
  await visitor.field("Código de confirmação").fill(code);
  await visitor.field("Senha nova").fill(password);
  await visitor.field("Repita a senha").fill(password);
  await visitor.button("Trocar a senha").click();
}

/** The sessions in which somebody's password is being recovered. */
async function recoveries(deps: Backstage, cpf: string): Promise<string[]> {
  const all = await Array.fromAsync(list(deps.kv, keys.recovery.under()));
  return all.flatMap(({ key, value: { handle } }) =>
    "cpf" in handle && handle.cpf === cpf ? [key[1] as string] : []
  );
}

async function emailChanged({ portal, browser }: Scene) {
  const [old, email, password] = [people.davi.email, "davi.novo@jornada.example", DEMO_PASSWORD];
  await using visitor = await Visitor.open(browser, portal, PLAIN);
  await visitor.loginWithPassword(people.davi.cpf, password);
  await visitor.acceptTerms();
  await visitor.goto("/conta/email");
  await look(visitor, "j9-email");
  const wrong: [email: string, password: string, RegExp][] = [
    [email, "Errada#123", /A senha não confere/],
    [old, password, /já é o seu e-mail/],
    ["davi@empresa", password, /E-mail inválido/],
  ];
  const askFor = async (address: string, current: string) => {
    await visitor.field("E-mail novo").fill(address);
    await visitor.field("Senha atual").fill(current);
    await visitor.button("Enviar código").click();
  };
  for (const [address, current, text] of wrong) {
    await askFor(address, current);
    assertMatch(await alertOf(visitor), text);
  }
  await askFor(email, password);
  await visitor.field("Código de confirmação").fill("ABCDEFGH");
  await visitor.button("Confirmar").click();
  assertMatch(await alertOf(visitor), /Código incorreto/);
  await look(visitor, "j9-email-codigo");
  const code = codeIn(await readMail(portal, email, "Código de confirmação"));
  await visitor.field("Código de confirmação").fill(code);
  await visitor.button("Confirmar").click();
  assertMatch(await noticeOf(visitor), /E-mail trocado/);
  assertStringIncludes(await visitor.page.getByRole("main").innerText(), email);
  await readMail(portal, email, "Este é o seu e-mail no portal agora");

  const told = await readMail(portal, old, "foi trocado");
  assertStringIncludes(told, email);
  await using reader = await Visitor.open(browser, portal, PLAIN);
  const link = new URL(find(told, /(https?:\S+desfazer-email\S+)/));
  await reader.goto(link.pathname + link.search);
  await visitor.goto("/conta");
  assertStringIncludes(await visitor.page.getByRole("main").innerText(), email);
  await reader.button("Desfazer a mudança").click();
  assertStringIncludes(await noticeOf(reader), maskEmail(old));
  await visitor.goto("/conta");
  await visitor.heading("Entrar com senha").waitFor();
  await reader.goto(link.pathname + link.search);
  await reader.button("Desfazer a mudança").click();
  assertMatch(await alertOf(reader), /não vale mais/);

  // Whoever had changed it knew the password: it has ended, and a code gives another.
  await reader.loginWithPassword(people.davi.cpf, password);
  assertMatch(await alertOf(reader), /não conferem/);
  await ask(reader, old);
  await choose(reader, codeIn(await readMail(portal, old, "Código para trocar a senha")), password);
  assertMatch(await noticeOf(reader), /Senha trocada/);
}

async function sessions({ portal, browser }: Scene) {
  await using visitor = await Visitor.open(browser, portal, PLAIN);
  await using other = await Visitor.open(browser, portal, PLAIN);
  const password = "Novo*Vale51";
  for (const one of [visitor, other]) {
    await one.loginWithPassword(lais.cpf, password);
    await one.heading(alvorada.razaoSocial).waitFor();
  }
  await visitor.goto("/conta/senha");
  await look(visitor, "j9-senha");
  const change = async (current: string, chosen: string, repeated = chosen) => {
    await visitor.field("Senha atual").fill(current);
    await visitor.field("Senha nova").fill(chosen);
    await visitor.field("Repita a senha").fill(repeated);
    await visitor.button("Trocar a senha").click();
  };
  await change("Errada#123", lais.password);
  assertMatch(await alertOf(visitor), /A senha não confere/);
  await change(password, password);
  assertMatch(await alertOf(visitor), /igual à atual/);
  await change(password, lais.password, password);
  assertMatch(await alertOf(visitor), /são diferentes/);
  await change(password, lais.password);
  assertMatch(await noticeOf(visitor), /Senha trocada/);
  await other.goto("/conta");
  await other.heading("Entrar com senha").waitFor();

  await other.loginWithPassword(lais.cpf, lais.password);
  await visitor.goto("/conta");
  await look(visitor, "j9-conta");
  const table = visitor.page.getByRole("region", { name: "Sessões abertas" });
  const end = table.getByRole("button", { name: "Encerrar" });
  while (await end.count() > 0) {
    await end.first().click();
    assertMatch(await noticeOf(visitor), /Sessão encerrada/);
  }
  await other.goto("/conta");
  await other.heading("Entrar com senha").waitFor();
  await other.loginWithPassword(lais.cpf, lais.password);
  await visitor.button("Sair de todas").click();
  assertMatch(await noticeOf(visitor), /Você saiu do portal/);
  for (const one of [visitor, other]) {
    await one.goto("/conta");
    await one.heading("Entrar com senha").waitFor();
  }
}

async function govbrPassword({ portal, backstage, browser }: Scene) {
  const { cpf, email } = people.gabriela;
  await using visitor = await Visitor.open(browser, portal, PLAIN);
  const enter = async () => {
    await visitor.goto("/govbr");
    await visitor.page.getByRole("radio", { name: people.gabriela.nome }).check();
    await visitor.page.getByRole("radio", { name: "ouro" }).check();
    await visitor.button("Autorizar").click();
  };
  await enter();
  await visitor.acceptTerms();
  await visitor.heading("Seu e-mail").waitFor();
  await visitor.button("Continuar").click();
  await visitor.button("Sair").waitFor();
  await visitor.goto("/conta");
  const ways = visitor.page.getByRole("region", { name: "Como você entra" });
  assertMatch(await ways.innerText(), /Você não tem senha[\s\S]*Conta nível ouro, usada em/);
  await look(visitor, "j9-conta-govbr");

  // A login of a while ago does not suffice, for the password nor for the address.
  await ageLogins(backstage, cpf);
  await visitor.goto("/conta/email");
  assertMatch(await noticeOf(visitor), /até 10 minutos depois de entrar/);
  await visitor.goto("/conta/senha");
  await visitor.heading("Criar uma senha").waitFor();
  await look(visitor, "j9-govbr-de-novo");
  await visitor.button("Sair para entrar de novo").click();
  assertMatch(await noticeOf(visitor), /Você saiu do portal/);

  await enter();
  await visitor.button("Sair").waitFor();
  await visitor.goto("/conta/senha");
  await look(visitor, "j9-criar-senha");
  const create = async (password: string, repeated = password) => {
    await visitor.field("Senha nova").fill(password);
    await visitor.field("Repita a senha").fill(repeated);
    await visitor.button("Criar a senha").click();
  };
  await create(nina.password, otto.password);
  assertMatch(await alertOf(visitor), /são diferentes/);
  await create(nina.password);
  assertMatch(await noticeOf(visitor), /Senha criada/);
  await readMail(portal, email, "Sua senha foi criada");
  // From now on it is asked.
  await visitor.goto("/conta/email");
  await visitor.field("Senha atual").waitFor();
  await visitor.logout();
  await visitor.loginWithPassword(cpf, nina.password);
  await visitor.button("Sair").waitFor();
}

async function telegramBlocked({ portal, backstage, browser }: Scene) {
  const link: TelegramLink = {
    userId: 2001,
    chatId: 2001,
    name: "Davi",
    ...UNLIMITED,
    since: Date.now() - 60 * MINUTE,
    blockedSince: Date.now() - MINUTE,
  };
  await backstage.kv.set(keys.telegramLink(await idOf(backstage, people.davi)), link);
  await using visitor = await Visitor.open(browser, portal, PLAIN);
  await visitor.loginWithPassword(people.davi.cpf, DEMO_PASSWORD);
  await visitor.goto("/conta");
  const telegram = visitor.page.getByRole("region", { name: "Telegram" });
  assertMatch(await telegram.innerText(), /você bloqueou o bot[\s\S]*Desbloquear/);
  await look(visitor, "j9-telegram-bloqueado");
}
