import { Buffer } from "node:buffer";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { Browser } from "playwright-core";
import { seedEstablishments } from "@/tests/fixtures/registry.ts";
import { formatCpf } from "@/core/registry/numbers.ts";
import { keys } from "@/core/store/keys.ts";
import { DEMO_PASSWORD } from "@/tools/dev/seed.ts";
import { operadoras } from "@/tools/sample/operadoras.ts";
import { people } from "@/tools/sample/people.ts";
import { launchBrowser } from "../support/browser.ts";
import { type RunningPortal, startPortal } from "../support/portal.ts";
import { mailsTo, provisionalIn, readMail, Visitor } from "./actions.ts";
import { type Backstage, becomeRepresentative, edit, look, openBackstage } from "./backstage.ts";
import { caio, helena, lais, nina, otto, raul } from "./people.ts";

const { alvorada, sorriso, serra } = operadoras;
const FREE = "9900059";

/** All that a representative does goes without JavaScript. */
const PLAIN = { javaScriptEnabled: false };

Deno.test("J6: the people of an operadora, by forms alone", async (t) => {
  await using portal = await startPortal();
  using backstage = await openBackstage(portal);
  const browser = await launchBrowser();
  try {
    await using visitor = await Visitor.open(browser, portal, PLAIN);
    await using other = await Visitor.open(browser, portal, PLAIN);
    await becomeRepresentative(backstage, visitor, alvorada, helena);
    await becomeRepresentative(backstage, other, serra, raul);
    const scene = { portal, backstage, browser, visitor, other };
    // Each goes on from where the one before has led.
    const step = async (name: string, work: () => Promise<void>) => {
      if (!await t.step(name, work)) throw new Error(`not reached: what follows “${name}”`);
    };
    await step(
      "one person: what is wrong is said, nothing that was typed is lost",
      () => registerOne(scene),
    );
    await step(
      "a CPF of the portal: another mailbox, the same answer, accepted with the account they have",
      () => inviteKnown(scene),
    );
    await step(
      "somebody invited by two operadoras: one account, the second by one click",
      () => invitedTwice(scene),
    );
    await step("CSV: preview, report per line, the same file again", () => importFile(scene));
    await step("revoked, invited anew, renewed, all that lapsed", () => keepInvitations(scene));
    await step("systems changed, and told", () => changeOne(scene));
    await step("off and on again, seen by the person's open session", () => switchOff(scene));
    await step("an establishment bound and unbound", () => bindEstablishment(scene));
    await step("nobody else: no usuário, no other operadora, no visitor", () => strangers(scene));
    await step(
      "a certificate that ended under an open form registers nobody",
      () => losePowers(scene),
    );
  } finally {
    await browser.close();
  }
});

interface Scene {
  portal: RunningPortal;
  backstage: Backstage;
  browser: Browser;
  /** The representative of Alvorada. */
  visitor: Visitor;
  /** The representative of Serra. */
  other: Visitor;
}

const alertOf = (visitor: Visitor) => visitor.page.getByRole("alert").innerText();
const noticeOf = (visitor: Visitor) => visitor.page.getByRole("status").first().innerText();

async function fillPerson(
  visitor: Visitor,
  { cpf, name, email }: { cpf: string; name: string; email: string },
) {
  await visitor.field("CPF").fill(cpf);
  await visitor.field("Nome completo").fill(name);
  await visitor.field("E-mail").fill(email);
  await visitor.button("Cadastrar").click();
}

async function registerOne({ portal, visitor, other }: Scene) {
  await other.goto("/usuarios");
  await other.page.getByText("Ninguém aceitou um convite ainda").waitFor();
  await visitor.goto("/usuarios");
  await visitor.page.getByRole("link", { name: "Cadastrar usuário" }).click();
  await visitor.heading("Cadastrar usuário").waitFor();
  await look(visitor, "j6-novo");
  const wrong: [Partial<typeof lais>, RegExp][] = [
    [{ cpf: "111.111.111-11" }, /CPF inválido/],
    [{ name: "Laís" }, /nome completo/],
    [{ email: "lais@empresa" }, /E-mail inválido/],
  ];
  for (const [change, text] of wrong) {
    await visitor.page.getByRole("checkbox", { name: /^TISS/ }).check();
    await fillPerson(visitor, { ...lais, ...change });
    assertMatch(await alertOf(visitor), text);
    assertEquals(await visitor.field("Nome completo").inputValue(), change.name ?? lais.name);
    assert(await visitor.page.getByRole("checkbox", { name: /^TISS/ }).isChecked());
  }

  await visitor.registerUser({ ...lais, cpf: formatCpf(lais.cpf) }, ["SIB"]);
  assertMatch(await noticeOf(visitor), /Convite enviado/);
  assert(!new URL(visitor.page.url()).search.includes(lais.cpf));
  const row = visitor.page.getByRole("row").filter({ hasText: lais.name });
  assertMatch(await row.innerText(), /l\*\*\*@jornada/);
  await look(visitor, "j6-usuarios");
  const mail = await readMail(portal, lais.email, "Seu acesso ao portal");
  for (const part of [formatCpf(lais.cpf), alvorada.razaoSocial, "72 horas"]) {
    assertStringIncludes(mail, part);
  }
  await visitor.goto("/usuarios/novo");
  await fillPerson(visitor, lais);
  assertMatch(await alertOf(visitor), /Já há um convite com este CPF/);
}

async function inviteKnown({ portal, browser, other }: Scene) {
  const email = "davi.trabalho@jornada.example";
  const { cpf, nome: name } = people.davi;
  await other.registerUser({ ...otto, cpf, name, email }, ["RPC"]);
  assertMatch(await noticeOf(other), /Convite enviado/);
  await look(other, "j6-conhecido");

  // Davi's account has another mailbox: the provisional password shows that he reads this one.
  await using davi = await Visitor.open(browser, portal, PLAIN);
  const password = provisionalIn(await readMail(portal, email, "Seu acesso ao portal"));
  await davi.loginWithPassword(people.davi.cpf, password);
  await davi.heading("Convite").waitFor();
  await look(davi, "j7-convite");
  await davi.page.getByRole("link", { name: "Já tenho conta: entrar e aceitar" }).click();
  await davi.fill({ "CPF ou e-mail": people.davi.cpf, "Senha": DEMO_PASSWORD }, "Entrar");
  await davi.heading(/Termos de uso|Convite/).waitFor();
  if (davi.page.url().endsWith("/termos")) {
    await davi.acceptTerms();
    await davi.goto("/convites");
    await look(davi, "j7-convites");
    await davi.page.getByRole("link", { name: serra.razaoSocial }).click();
  }
  await davi.page.getByText(serra.razaoSocial).waitFor();
  await look(davi, "j7-aceitar");
  await davi.button("Aceitar").click();
  await davi.heading(serra.razaoSocial).waitFor();
  const systems = davi.page.getByRole("region", { name: "Sistemas" });
  assertEquals(await systems.getByRole("heading", { level: 3 }).allTextContents(), ["RPC"]);
  await readMail(portal, people.davi.email, "Você agora tem acesso a SERRA");
}

async function invitedTwice({ portal, browser, other }: Scene) {
  await other.registerUser(lais, []);
  await using person = await Visitor.open(browser, portal, PLAIN);
  await person.acceptInvitation(lais, 2);
  await person.heading(serra.razaoSocial).waitFor();
  await person.page.getByRole("link", { name: "Ver o convite" }).click();
  await person.page.getByRole("link", { name: alvorada.razaoSocial }).click();
  await person.button("Aceitar").click();
  await person.heading(alvorada.razaoSocial).waitFor();
}

async function importFile({ portal, visitor }: Scene) {
  const { page } = visitor;
  await visitor.goto("/usuarios/importar");
  await upload(visitor, "Nome;E-mail\nSem CPF;x@jornada.example\n");
  assertMatch(await alertOf(visitor), /Falta a coluna CPF/);
  await upload(visitor, "CPF;Nome;E-mail\n");
  assertMatch(await alertOf(visitor), /não tem nenhuma pessoa/);

  const csv = [
    "CPF;Nome;E-mail;Sistemas",
    `${formatCpf(otto.cpf)};${otto.name};${otto.email};SIB, TISS`,
    `${raul.cpf};${raul.name};outro@jornada.example;`,
    `${lais.cpf};${lais.name};${lais.email};`,
    `123;${nina.name};${nina.email};`,
    `${otto.cpf};${otto.name};${otto.email};`,
    `${nina.cpf};Nina;${nina.email};`,
    `${caio.cpf};${caio.name};${caio.email};SIB, XYZ`,
  ].join("\r\n");
  await upload(visitor, csv);
  await page.getByText("Pessoas a convidar: 2. Linhas com erro: 4.").waitFor();
  const outcome = async (line: number) =>
    (await page.getByRole("row").nth(line - 1).getByRole("cell").last().innerText()).trim();
  assertMatch(await outcome(2), /^Será convidada e recebe a senha/);
  assertMatch(await outcome(3), /^Será convidada e recebe a senha/);
  assertMatch(await outcome(4), /^Já convidada ou cadastrada aqui: nada muda/);
  assertMatch(await outcome(5), /^Não será convidada\. Coluna CPF: CPF inválido/);
  assertMatch(await outcome(6), /Coluna CPF: Este CPF já está na linha 2/);
  assertMatch(await outcome(7), /Coluna Nome: Digite o nome completo/);
  assertMatch(await outcome(8), /Coluna Sistemas: Sistema desconhecido/);
  await look(visitor, "j6-previa");
  // So far it was a preview.
  assertEquals(await mailsTo(portal, otto.email), []);
  await visitor.button("Cadastrar").click();
  await page.getByText("Pessoas convidadas: 2. Linhas com erro: 4.").waitFor();
  assertMatch(await outcome(2), /^Convidada; a senha seguiu/);
  await readMail(portal, otto.email, "Seu acesso ao portal");
  await readMail(portal, "outro@jornada.example", "Seu acesso ao portal");

  await page.getByRole("link", { name: "Enviar outro arquivo" }).click();
  await upload(visitor, csv);
  await page.getByText("Pessoas a convidar: 0.").waitFor();
  assertEquals(await visitor.button("Cadastrar").count(), 0);
}

/** As a spreadsheet of Windows saves it: not in UTF-8. */
async function upload(visitor: Visitor, csv: string) {
  await visitor.field("Arquivo CSV").setInputFiles({
    name: "pessoas.csv",
    mimeType: "text/csv",
    buffer: Buffer.from(csv, "latin1"),
  });
  await visitor.button("Conferir").click();
}

async function keepInvitations({ portal, backstage, visitor }: Scene) {
  const { page } = visitor;
  await visitor.goto("/usuarios");
  await page.getByRole("link", { name: raul.name }).click();
  await visitor.button("Cancelar o convite").click();
  assertMatch(await noticeOf(visitor), /Convite cancelado/);
  await readMail(portal, "outro@jornada.example", "foi cancelado");
  await visitor.registerUser(raul, []);
  await readMail(portal, raul.email, "Seu acesso ao portal");
  await page.getByRole("link", { name: raul.name }).click();
  await visitor.heading(raul.name).waitFor();
  await look(visitor, "j6-convite");
  await visitor.button("Renovar o convite").click();
  assertMatch(await noticeOf(visitor), /outra senha provisória/);
  await readMail(portal, raul.email, "Seu acesso ao portal", 2);

  const id = new URL(page.url()).pathname.split("/").at(-1)!;
  await edit(backstage, keys.invitation(alvorada.cnpj, id), ({ password }) => ({
    password: { ...password!, expiresAt: Date.now() - 1 },
  }));
  await visitor.goto("/usuarios");
  await page.getByRole("link", { name: "Vencidos" }).click();
  await page.getByRole("link", { name: raul.name }).waitFor();
  await look(visitor, "j6-vencidos");
  await visitor.button("Renovar todos os vencidos").click();
  assertMatch(await noticeOf(visitor), /Convites renovados: 1/);
  await readMail(portal, raul.email, "Seu acesso ao portal", 3);
  await page.getByRole("link", { name: "Cancelados" }).click();
  await page.getByRole("link", { name: raul.name }).waitFor();
}

async function changeOne({ portal, browser, visitor }: Scene) {
  const { page } = visitor;
  await using person = await Visitor.open(browser, portal, PLAIN);
  await person.acceptInvitation(otto);
  await person.heading(alvorada.razaoSocial).waitFor();
  await visitor.goto("/usuarios");
  await page.getByLabel("Nome ou CPF").fill("brand");
  await visitor.button("Buscar").click();
  await page.getByRole("link", { name: otto.name }).click();
  await visitor.heading(otto.name).waitFor();
  await look(visitor, "j6-pessoa");
  await page.getByRole("checkbox", { name: /^SIB/ }).uncheck();
  await visitor.button("Salvar sistemas").click();
  assertMatch(await noticeOf(visitor), /Sistemas atualizados/);
  assertStringIncludes(
    await readMail(portal, otto.email, "Seus sistemas em ALVORADA"),
    "Agora você acessa: TISS.",
  );
}

async function switchOff({ portal, browser, visitor }: Scene) {
  await using elisa = await Visitor.open(browser, portal, PLAIN);
  await elisa.loginWithPassword(people.elisa.cpf, DEMO_PASSWORD);
  await elisa.acceptTerms();
  await elisa.goto("/operadoras");
  await elisa.page.getByRole("radio", { name: alvorada.razaoSocial }).check();
  await elisa.button("Confirmar").click();
  await elisa.heading(alvorada.razaoSocial).waitFor();

  await visitor.search("/usuarios", "elisa");
  const results = visitor.page.url();
  await visitor.page.getByRole("link", { name: people.elisa.nome }).click();
  // Back to the results, which nothing has to be posted for again.
  await visitor.page.goBack();
  assertEquals([visitor.page.url(), results.includes("elisa")], [results, false]);
  await visitor.page.getByRole("link", { name: people.elisa.nome }).click();
  await visitor.button("Desativar nesta operadora").click();
  assertMatch(await noticeOf(visitor), /Pessoa desativada nesta operadora/);
  await readMail(portal, people.elisa.email, "Seu acesso a ALVORADA");
  // The next request, not the next login; the other operadora is untouched.
  await elisa.goto("/painel");
  await elisa.heading("Escolha a operadora").waitFor();
  await elisa.button("Confirmar").click();
  await elisa.heading(sorriso.razaoSocial).waitFor();
  await visitor.button("Reativar nesta operadora").click();
  assertMatch(await noticeOf(visitor), /Pessoa reativada/);
  await readMail(portal, people.elisa.email, "voltou");
  await elisa.goto("/operadoras");
  await elisa.page.getByRole("radio", { name: alvorada.razaoSocial }).waitFor();
}

async function bindEstablishment({ backstage, visitor }: Scene) {
  const { page } = visitor;
  await seedEstablishments(backstage, [{ cnes: FREE, nome: "Clínica Livre da Amostra" }]);
  await visitor.goto("/estabelecimentos");
  // What the CNES binds by CNPJ has nothing to press.
  assertEquals(await page.getByRole("link", { name: "Desligar" }).count(), 0);
  const wrong: [string, RegExp][] = [
    ["12", /Digite os 7 números/],
    ["7777777", /Nenhum estabelecimento/],
    ["9900035", /ligado a outra operadora/],
  ];
  for (const [cnes, text] of wrong) {
    await visitor.field("Número CNES").fill(cnes);
    await visitor.button("Ligar à operadora").click();
    assertMatch(await alertOf(visitor), text);
  }
  await visitor.field("Número CNES").fill("990.0059");
  await visitor.button("Ligar à operadora").click();
  assertMatch(await noticeOf(visitor), /ligado à operadora/);
  await look(visitor, "j6-estabelecimentos");

  const row = page.getByRole("row").filter({ hasText: FREE });
  await row.getByRole("link", { name: "Desligar Clínica Livre da Amostra" }).click();
  await page.getByRole("heading", { name: "Desligar Clínica Livre da Amostra?" }).waitFor();
  assertStringIncludes(await page.getByRole("main").innerText(), "continuam como estão");
  await look(visitor, "j6-desligar");
  await page.getByRole("link", { name: "Cancelar" }).click();
  assertEquals(await row.count(), 1);
  await row.getByRole("link").click();
  await visitor.button("Desligar da operadora").click();
  assertMatch(await noticeOf(visitor), /desligado da operadora/);
  assertEquals(await row.count(), 0);
  // An address kept from before asks nothing about what is not there any more.
  await visitor.goto(`/estabelecimentos?desligar=${FREE}`);
  assertEquals(await visitor.button("Desligar da operadora").count(), 0);
}

async function strangers({ portal, browser, visitor, other }: Scene) {
  await visitor.search("/usuarios", "otto");
  const address = await visitor.page.getByRole("link", { name: otto.name }).getAttribute("href");
  await other.goto(address!);
  await other.heading("Página não encontrada").waitFor();
  await other.search("/usuarios", otto.name);
  await other.page.getByText("Ninguém encontrado").waitFor();

  await using usuario = await Visitor.open(browser, portal);
  await usuario.loginWithPassword(people.elisa.cpf, DEMO_PASSWORD);
  await usuario.heading("Escolha a operadora").waitFor();
  for (const path of ["/usuarios", "/usuarios/novo", "/usuarios/importar", address!]) {
    await usuario.goto(path);
    await usuario.heading("Sem permissão").waitFor();
  }
  await usuario.logout();
  await usuario.goto("/usuarios");
  await usuario.heading("Entrar com senha").waitFor();
}

async function losePowers({ portal, backstage, visitor }: Scene) {
  await visitor.goto("/usuarios/novo");
  await edit(backstage, keys.certificateOfOperadora(alvorada.cnpj), () => ({
    sha256: "f".repeat(64),
  }));
  await fillPerson(visitor, nina);
  await visitor.heading("Sem permissão").waitFor();
  const named = backstage.kv.list({ prefix: keys.invitationByCpf.under(nina.cpf) });
  assertEquals(await Array.fromAsync(named), []);
  assertEquals(await mailsTo(portal, nina.email), []);
}
