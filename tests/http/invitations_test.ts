import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { accountOfEmail, findableByCpf } from "@/core/account/account.ts";
import { transact } from "@/core/store/transact.ts";
import { INVITATION_LIFE, PROVISIONAL_LIFE } from "@/core/access/invitations/invitation.ts";
import { formatCpf } from "@/core/registry/numbers.ts";
import {
  ALFA,
  BETA,
  caio,
  certificate,
  codeFor,
  ivo,
  lia,
  login,
  mailsTo,
  nair,
  OTHER_PASSWORD,
  PASSWORD,
  provisionalFor,
  rosa,
  seedRegistries,
  seedRepresentative,
  selfRegister,
  type TestPerson,
  zeca,
} from "@/tests/fixtures/mod.ts";
import { testApp } from "../support/app.ts";
import { Client, clientOf } from "../support/client.ts";

const INTRUDER = "intruso@ficticia.example";
const SHARED = "rh@ficticia.example";

/** ALFA and BETA with their representatives at their browsers. */
async function companies() {
  const deps = await seedRegistries();
  const handle = await testApp(deps);
  const browser = () => new Client(deps, handle);
  const alfa = await browser().enter(await seedRepresentative(deps));
  const beta = await browser().enter(
    await seedRepresentative(deps, ivo, certificate(deps, BETA)),
  );
  const invite = async (by: Client, { cpf, name, email }: TestPerson, sistema = "sib") =>
    await by.post("/usuarios/novo", { cpf, nome: name, email, sistema });
  const open = async ({ cpf, email }: TestPerson, client = browser()) => {
    const senha = await provisionalFor(deps, email);
    const { location } = await client.post("/entrar", { login: cpf, senha });
    return { client, location };
  };
  /** The whole way of somebody new. */
  const join = async (person: TestPerson, password = PASSWORD) => {
    const { client } = await open(person);
    await client.post("/convite", { acao: "aceitar", aceito: "sim" });
    const form = { email: person.email, senha: password, repetida: password };
    const { location } = await client.post("/convite/cadastro", form);
    return { client, location };
  };
  return { deps, browser, alfa, beta, invite, open, join };
}

const systemsOf = ({ text }: { text: string }) =>
  [...text.matchAll(/<h3>([^<]+)<\/h3>/g)].map(([, name]) => name);
const plain = (text: string) => text.replace(/nonce="[^"]+"/g, "");
const idIn = (text: string) => /\/usuarios\/convites\/([0-9A-Z]{26})/.exec(text)![1]!;

Deno.test("J6, J7: somebody new, from the mail to the panel: four pages, one mail", async () => {
  const { deps, alfa, invite, open } = await companies();
  using _ = deps;
  const sent = await invite(alfa, lia);
  assertEquals(sent.location, "/usuarios?aviso=convidado");
  assertStringIncludes((await alfa.get(sent.location!)).text, "Convite enviado");
  assertEquals((await mailsTo(deps, lia.email)).length, 1);
  const { client, location } = await open(lia);
  assertEquals(location, "/convite");
  const page = await client.get("/convite");
  for (const part of ["ALFABETA PLANOS LTDA", formatCpf(lia.cpf), "SIB", "Não é comigo"]) {
    assertStringIncludes(page.text, part);
  }
  assertStringIncludes(page.text, "Termo de Responsabilidade");
  assertEquals((await client.post("/convite", { acao: "aceitar" })).status, 422);
  const accepted = await client.post("/convite", { acao: "aceitar", aceito: "sim" });
  assertEquals(accepted.location, "/convite/cadastro");
  const form = await client.get("/convite/cadastro");
  assertStringIncludes(form.text, `value="${lia.email}"`);
  // Back leads on to the step that is due.
  assertEquals((await client.get("/convite")).location, "/convite/cadastro");
  const fields = { email: lia.email, senha: PASSWORD, repetida: PASSWORD };
  assertEquals((await mailsTo(deps, lia.email)).length, 1);
  assertEquals((await client.post("/convite/cadastro", fields)).location, "/painel");
  assertEquals(systemsOf(await client.get("/painel")), ["SIB"]);
  const list = (await alfa.get("/usuarios")).text;
  assertStringIncludes(list, lia.name);
  assertStringIncludes(list, "<td>Ativo</td>");
});

Deno.test("somebody with an account: shown, signed in, accepted by one click", async () => {
  const { deps, alfa, invite, open } = await companies();
  using _ = deps;
  await selfRegister(deps, { ...lia, email: "pessoal@ficticia.example" });
  await invite(alfa, lia);
  const { client } = await open(lia);
  assertStringIncludes((await client.get("/convite")).text, "Já tenho conta: entrar e aceitar");
  assertStringIncludes((await client.get("/entrar")).text, "Entre na sua conta para aceitar");
  const entered = await client.post("/entrar", {
    login: "pessoal@ficticia.example",
    senha: PASSWORD,
  });
  assertMatch(entered.location!, /^\/convites\/[0-9A-Z]{26}$/);
  const page = await client.get(entered.location!);
  assertStringIncludes(page.text, "ALFABETA PLANOS LTDA");
  const accepted = await client.post(entered.location!, { acao: "aceitar" });
  assertEquals(accepted.location, "/painel");
  assertEquals(systemsOf(await client.get("/painel")), ["SIB"]);
  assertEquals((await client.get(entered.location!)).status, 422);
});

Deno.test("signed in already, with the named mailbox: a notice, a page, one click", async () => {
  const { deps, alfa, beta, browser, invite, join } = await companies();
  using _ = deps;
  await invite(alfa, lia);
  const { client } = await join(lia);
  await invite(beta, lia, "tiss");
  const panel = (await client.get("/painel")).text;
  assertStringIncludes(panel, "Um convite espera por você.");
  assertEquals(systemsOf({ text: panel }), ["SIB"]);
  const [, path] = /href="(\/convites\/[0-9A-Z]{26})"/.exec((await client.get("/convites")).text)!;
  assertStringIncludes((await client.get(path!)).text, "BETUNIA SAUDE LTDA");
  assertEquals((await client.post(path!, { acao: "nada" })).status, 400);
  assertEquals((await client.post(path!, { acao: "aceitar" })).location, "/painel");
  assertEquals(systemsOf(await client.get("/painel")), ["TISS"]);
  const entered = browser();
  await entered.post("/entrar", { login: lia.cpf, senha: PASSWORD });
  const { text } = await entered.get("/operadoras");
  for (const name of ["ALFABETA", "BETUNIA"]) assertStringIncludes(text, name);
});

Deno.test("attack: A names a stranger's CPF with A's mailbox; what B grants reaches only its own mailbox", async () => {
  const { deps, alfa, beta, browser, invite, join } = await companies();
  using _ = deps;
  await invite(alfa, { ...lia, email: INTRUDER });
  const intruder = (await join({ ...lia, email: INTRUDER }, OTHER_PASSWORD)).client;
  const sent = await invite(beta, lia, "tiss");
  assertEquals(sent.location, "/usuarios?aviso=convidado");
  assertEquals((await mailsTo(deps, INTRUDER)).filter(({ text }) => /BETUNIA/.test(text)), []);
  assert(!(await intruder.get("/painel")).text.includes("convite espera"));
  assertStringIncludes((await intruder.get("/convites")).text, "Nenhum convite espera");
  assertEquals((await intruder.post("/operadoras", { operadora: BETA })).status, 422);
  const id = idIn((await beta.get("/usuarios")).text);
  assertEquals((await intruder.get(`/convites/${id}`)).status, 422);
  assertEquals((await intruder.post(`/convites/${id}`, { acao: "aceitar" })).status, 422);
  assertEquals((await intruder.post(`/convites/${id}`, { acao: "recusar" })).status, 422);
  assertEquals(systemsOf(await intruder.get("/painel")), ["SIB"]);
  // The holder gets the mail, the account and the systems of B, and nothing of A's.
  const holder = await join(lia);
  assertEquals(holder.location, "/painel");
  assertEquals(systemsOf(await holder.client.get("/painel")), ["TISS"]);
  assertEquals(systemsOf(await intruder.get("/painel")), ["SIB"]);
  assertEquals((await browser().get(`/convites/${id}`)).location, "/entrar?fim");
});

Deno.test("attack: an account that merely declares the CPF finds no invitation", async () => {
  const { deps, alfa, browser, invite } = await companies();
  using _ = deps;
  await selfRegister(deps, { ...lia, email: INTRUDER });
  await invite(alfa, lia);
  const client = browser();
  const entered = await client.post("/entrar", { login: INTRUDER, senha: PASSWORD });
  assertEquals(entered.location, "/operadoras");
  assertEquals((await client.get("/operadoras")).location, "/solicitar");
  assertStringIncludes((await client.get("/convites")).text, "Nenhum convite espera");
  const id = idIn((await alfa.get("/usuarios")).text);
  for (const acao of ["aceitar", "recusar"]) {
    assertEquals((await client.post(`/convites/${id}`, { acao })).status, 422);
  }
  for (let i = 0; i < 8; i++) {
    assertEquals((await client.post("/convites", { senha: `Errada#${i}xyzABC` })).status, 422);
  }
  assertStringIncludes((await client.post("/convites", { senha: "x" })).text, "Muitas tentativas");
});

Deno.test("attack: the form, its mail and a preview tell nobody whose CPF or mailbox is known", async () => {
  const { deps, alfa, invite } = await companies();
  using _ = deps;
  await selfRegister(deps, zeca);
  const people = [zeca, { ...zeca, cpf: caio.cpf }, { ...zeca, email: "x@ficticia.example" }, nair];
  const csv = (person: TestPerson) =>
    `CPF;Nome;E-mail\n${person.cpf};Pessoa Qualquer;${person.email}\n`;
  const previews = [];
  for (const person of people) {
    const upload = new FormData();
    upload.append("arquivo", new File([csv(person)], "pessoas.csv"));
    const { status, text } = await alfa.post("/usuarios/importar", upload);
    previews.push([status, plain(text).replaceAll(person.cpf, "").replaceAll(person.email, "")]);
  }
  for (const preview of previews) assertEquals(preview, previews[0]);
  const answers = [];
  for (const person of [lia, zeca]) {
    const { status, location } = await invite(alfa, person);
    const [mail] = (await mailsTo(deps, person.email)).slice(-1);
    const text = mail!.text.replaceAll(person.name, "").replaceAll(formatCpf(person.cpf), "");
    const same = text.replace(/Senha provisória: \S+/, "");
    const { text: list } = await alfa.get("/usuarios");
    answers.push([status, location, mail!.subject, same, list.includes("Já")]);
  }
  assertEquals(answers[0], answers[1]);
});

Deno.test("attack: two invitations in one shared mailbox are two people's", async () => {
  const { deps, alfa, browser, invite, open, join } = await companies();
  using _ = deps;
  await invite(alfa, { ...lia, email: SHARED });
  const first = await join({ ...lia, email: SHARED });
  assertEquals(first.location, "/painel");
  await invite(alfa, { ...caio, email: SHARED }, "tiss");
  // Who has the mailbox by now can decline it, as its reader; never accept it.
  const [, path] = /href="(\/convites\/\w+)"/.exec((await first.client.get("/convites")).text)!;
  assertStringIncludes((await first.client.get(path!)).text, "Este convite é para outro CPF");
  const wrong = await first.client.post(path!, { acao: "aceitar" });
  assertEquals(wrong.status, 422);
  assertStringIncludes(wrong.text, "outro CPF");
  assertEquals(systemsOf(await first.client.get("/painel")), ["SIB"]);
  // The other takes an address of their own.
  const { client } = await open({ ...caio, email: SHARED });
  await client.post("/convite", { acao: "aceitar", aceito: "sim" });
  const password = { senha: PASSWORD, repetida: PASSWORD };
  const taken = await client.post("/convite/cadastro", { ...password, email: SHARED });
  assertStringIncludes(taken.text, "Já há conta com este e-mail: entre nela para aceitar");
  const own = await client.post("/convite/cadastro", { ...password, email: caio.email });
  assertEquals(own.location, "/convite/confirmar");
  const codigo = await codeFor(deps, caio.email);
  assertEquals((await client.post("/convite/confirmar", { codigo })).location, "/painel");
  assertEquals(systemsOf(await client.get("/painel")), ["TISS"]);
  const entered = await browser().post("/entrar", { login: caio.cpf, senha: PASSWORD });
  assertEquals(entered.location, "/painel");
});

Deno.test("attack: an e-mail typed in the first access gets the same answer until its code is there", async () => {
  const { deps, alfa, invite, open } = await companies();
  using _ = deps;
  await invite(alfa, lia);
  const { client } = await open(lia);
  await client.post("/convite", { acao: "aceitar", aceito: "sim" });
  const seen = [];
  for (const email of [rosa.email, nair.email]) {
    const form = { email, senha: PASSWORD, repetida: PASSWORD };
    const { status, location } = await client.post("/convite/cadastro", form);
    const { text } = await client.get("/convite/confirmar");
    seen.push([status, location, plain(text).replaceAll(email, "")]);
    if (email === rosa.email) {
      const wrong = await client.post("/convite/confirmar", { codigo: "ABCDEFGH" });
      assertStringIncludes(wrong.text, "Restam 4");
      const codigo = await codeFor(deps, email);
      const known = await client.post("/convite/confirmar", { codigo });
      assertEquals(known.status, 422);
      assertStringIncludes(known.text, "Já há conta com este e-mail");
      const back = await client.post("/convite/confirmar", { acao: "corrigir" });
      assertEquals(back.location, "/convite/cadastro");
    }
  }
  assertEquals(seen[0], seen[1]);
  const again = await client.post("/convite/confirmar", { acao: "reenviar" });
  assertEquals(again.location, "/convite/confirmar?reenviado");
});

Deno.test("attack: revoked a second before the acceptance, it grants nothing and says what to do", async () => {
  const { deps, alfa, beta, browser, invite, open, join } = await companies();
  using _ = deps;
  await invite(alfa, lia);
  const { client } = await open(lia);
  await client.post("/convite", { acao: "aceitar", aceito: "sim" });
  const path = `/usuarios/convites/${idIn((await alfa.get("/usuarios")).text)}`;
  const cancelled = await alfa.post(path, { acao: "cancelar" });
  assertEquals(cancelled.location, "/usuarios?aviso=revogado");
  const form = { email: lia.email, senha: PASSWORD, repetida: PASSWORD };
  const late = await client.post("/convite/cadastro", form);
  assertEquals(late.status, 422);
  assertStringIncludes(late.text, "peça outro convite à operadora");
  const refused = await browser().post("/entrar", { login: lia.cpf, senha: PASSWORD });
  assertStringIncludes(refused.text, "CPF, e-mail ou senha não conferem");
  // The same at the page of somebody who is signed in.
  await invite(alfa, { ...caio });
  const caios = (await join(caio)).client;
  await invite(beta, caio, "tiss");
  const [, waiting] = /href="(\/convites\/\w+)"/.exec((await caios.get("/convites")).text)!;
  const id = idIn((await beta.get("/usuarios")).text);
  await beta.post(`/usuarios/convites/${id}`, { acao: "cancelar" });
  const answer = await caios.post(waiting!, { acao: "aceitar" });
  assertEquals(answer.status, 422);
  assertStringIncludes(answer.text, "peça outro convite à operadora");
  assertEquals(systemsOf(await caios.get("/painel")), ["SIB"]);
});

Deno.test("“Não é comigo”: the representative is told, and the list says so", async () => {
  const { deps, alfa, invite, open } = await companies();
  using _ = deps;
  await invite(alfa, lia);
  const { client } = await open(lia);
  const declined = await client.post("/convite", { acao: "recusar" });
  assertEquals(declined.location, "/entrar?recusado");
  assertStringIncludes((await client.get("/entrar?recusado")).text, "Convite recusado");
  assertEquals((await mailsTo(deps, rosa.email)).at(-1)!.subject, "Um convite foi recusado");
  const { text } = await alfa.get("/usuarios?convites=recusados");
  assertStringIncludes(text, lia.name);
  const shown = await alfa.get(`/usuarios/convites/${idIn(text)}`);
  assertStringIncludes(shown.text, "Recusado: quem abriu respondeu");
  assertEquals((await client.get("/convite")).location, "/entrar?fim");
});

Deno.test("lapsed: said at the door, listed, renewed one by one and all at once", async () => {
  const { deps, alfa, beta, browser, invite, open } = await companies();
  using _ = deps;
  for (const person of [lia, caio]) await invite(alfa, person);
  const senha = await provisionalFor(deps, lia.email);
  deps.advance(PROVISIONAL_LIFE);
  // The session of before has ended meanwhile.
  const again = await clientOf(deps, alfa.handle, rosa, { represents: ALFA });
  const late = await browser().post("/entrar", { login: lia.cpf, senha });
  assertStringIncludes(late.text, "A senha provisória venceu. Peça à operadora que renove");
  const { text } = await again.get("/usuarios?convites=vencidos");
  for (const { name } of [lia, caio]) assertStringIncludes(text, name);
  const path = `/usuarios/convites/${idIn(text)}`;
  const renewed = await again.post(path, { acao: "renovar" });
  assertEquals(renewed.location, `${path}?aviso=renovado`);
  assertStringIncludes((await again.get(renewed.location!)).text, "outra senha provisória");
  const all = await again.post("/usuarios", { acao: "renovar-vencidos" });
  assertEquals(all.location, "/usuarios?convites=enviados&renovados=1&restam=0");
  assertStringIncludes((await again.get(all.location!)).text, "Convites renovados: 1.");
  assertEquals((await open(lia)).location, "/convite");
  deps.advance(INVITATION_LIFE);
  assertEquals((await beta.get(path)).location, "/entrar?fim");
});

Deno.test("another operadora's invitations are not there", async () => {
  const { deps, alfa, beta, invite } = await companies();
  using _ = deps;
  await invite(alfa, lia);
  const path = `/usuarios/convites/${idIn((await alfa.get("/usuarios")).text)}`;
  assertEquals((await beta.get(path)).status, 404);
  for (const acao of ["renovar", "cancelar"]) {
    assertEquals((await beta.post(path, { acao })).status, 404);
  }
  assertEquals((await alfa.post(path, { acao: "apagar" })).status, 400);
  assert(!(await beta.get("/usuarios")).text.includes(lia.name));
});

Deno.test("wrong passwords at somebody's CPF, all day, keep the invited from nothing", async () => {
  const { deps, alfa, invite, open } = await companies();
  using _ = deps;
  await invite(alfa, lia);
  // Not hashed at all, so that the guesses take no time.
  const guess = { cpf: lia.cpf, password: "x".repeat(200) };
  for (let i = 0; i < 30; i++) await login(deps, guess, { address: `198.51.100.${i}` });
  assertEquals((await open(lia)).location, "/convite");
});

Deno.test("“Já tenho conta”: a choice, a code and a wrong password on the way lose no invitation", async () => {
  const { deps, alfa, beta, invite, open, join } = await companies();
  using _ = deps;
  await invite(alfa, lia);
  await join(lia);
  const other = { ...lia, email: "pessoal@ficticia.example" };
  await selfRegister(deps, other);
  const account = (await accountOfEmail(deps, other.email))!;
  await transact(deps.kv, (tx) => findableByCpf(tx, account));
  const another = { ...lia, email: "outra@ficticia.example" };
  await invite(beta, another);
  const typed = { login: lia.cpf, senha: PASSWORD };

  const { client } = await open(another);
  assertEquals((await client.post("/entrar", typed)).location, "/entrar/conta");
  const { text } = await client.get("/entrar/conta");
  const [, conta] = /value="([0-9A-Z]{26})"/.exec(text)!;
  const { location } = await client.post("/entrar/conta", { conta: conta! });
  assertMatch(location!, /^\/convites\/[0-9A-Z]{26}$/);

  const guess = { cpf: lia.cpf, password: "x".repeat(200) };
  for (let i = 0; i < 30; i++) await login(deps, guess, { address: `198.51.100.${i}` });
  deps.advance(1);
  const { client: asked } = await open(another);
  const wrong = { login: lia.email, senha: OTHER_PASSWORD };
  assertEquals((await asked.post("/entrar", wrong)).location, "/entrar/codigo");
  assertStringIncludes((await asked.get("/entrar")).text, "Entre na sua conta para aceitar");
  const right = { ...typed, login: lia.email };
  assertEquals((await asked.post("/entrar", right)).location, "/entrar/codigo");
  const codigo = await codeFor(deps, lia.email);
  assertMatch((await asked.post("/entrar/codigo", { codigo })).location!, /^\/convites\//);
});
