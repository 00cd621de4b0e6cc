/** gov.br names somebody whose CPF others have typed before: whose account it becomes. */
import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { getMembership } from "@/core/access/membership.ts";
import { getAccount, getAccountsOfCpf } from "@/core/account/account.ts";
import { keys } from "@/core/store/keys.ts";
import { read } from "@/core/store/read.ts";
import { govbrWorld } from "@/core/signin/govbr/world_testing.ts";
import {
  BETA,
  caio,
  certificate,
  CNES,
  codeFor,
  idOf,
  ivo,
  lia,
  mailsTo,
  OTHER_PASSWORD,
  PASSWORD,
  provisionalFor,
  seedEstablishment,
  seedMember,
  seedRepresentative,
  seedSecondAccount,
  selfRegister,
  type TestDeps,
  type TestPerson,
} from "@/tests/fixtures/mod.ts";
import { testApp } from "../support/app.ts";
import { enterByGovbr, finishGovbrAccess, leaveForGovbr } from "../support/at_govbr.ts";
import { Client, clientOf } from "../support/client.ts";

const asLia = { cpf: lia.cpf };
/** Somebody who has typed Lia's CPF, with a mailbox of their own. */
const intruder = { ...lia, email: "intruso@ficticia.example" };
const ADMINISTRADOR = { acao: "perfil", perfil: "ADMINISTRADOR" };

async function portal() {
  const world = await govbrWorld([lia]);
  const { deps } = world;
  const handle = await testApp(deps);
  const browser = () => new Client(deps, handle);
  const alfa = await browser().enter(await seedRepresentative(deps));
  const enter = async (login: string, senha: string) => {
    const client = browser();
    return { client, location: (await client.post("/entrar", { login, senha })).location };
  };
  return {
    ...{ deps, handle, browser, alfa, enter },
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
}

/** An operadora invites, and whoever reads the mailbox accepts. */
async function join(browser: () => Client, by: Client, person: TestPerson, senha: string) {
  const { cpf, name: nome, email } = person;
  await by.post("/usuarios/novo", { cpf, nome, email, sistema: "sib" });
  const client = browser();
  const provisional = await provisionalFor(by.deps, email);
  await client.post("/entrar", { login: cpf, senha: provisional });
  await client.post("/convite", { acao: "aceitar", aceito: "sim" });
  const done = await client.post("/convite/cadastro", { email, senha, repetida: senha });
  assertEquals(done.location, "/painel");
  return client;
}

const proven = (deps: TestDeps) => read(deps.kv, keys.provenAccount(lia.cpf));

Deno.test("attack: the holder comes by gov.br and lands in no account of whoever typed the CPF", async () => {
  await using world = await portal();
  const { deps, handle, browser, alfa, enter } = world;
  await seedMember(deps, caio);
  const theirs = await join(browser, alfa, intruder, OTHER_PASSWORD);
  const account = await idOf(deps, intruder);

  const holder = browser();
  assertEquals((await enterByGovbr(holder, asLia)).location, "/govbr/juntar");
  const page = (await holder.get("/govbr/juntar")).text;
  for (const part of ["i***@ficticia.example", "ALFABETA PLANOS LTDA", "É outra pessoa"]) {
    assertStringIncludes(page, part);
  }
  assert(!page.includes(intruder.email));
  // Nothing of the account is open to her: she has to show its password or read its mailbox.
  assertEquals((await holder.get("/painel")).location, "/entrar?fim");
  const guess = { acao: "juntar", conta: account, senha: PASSWORD };
  const refused = await holder.post("/govbr/juntar", guess);
  assertEquals(refused.status, 422);
  assertStringIncludes(refused.text, "A senha desta conta não confere");
  const own = await holder.post("/govbr/juntar", { acao: "outra" });
  assertEquals(own.location, "/primeiro-acesso/termos");
  assertEquals((await finishGovbrAccess(holder, lia.email)).location, "/operadoras");
  assertEquals(await proven(deps), await idOf(deps, lia));

  // The other account keeps what was granted to it, and is nothing more than before.
  assertEquals((await getAccount(deps, account))?.proof, null);
  const again = await enter(intruder.email, OTHER_PASSWORD);
  assertEquals(again.location, "/painel");
  assertStringIncludes((await theirs.get("/painel")).text, "<h3>SIB</h3>");
  // Those who decide read of each what stands behind the CPF.
  const operador = { acao: "perfil", perfil: "OPERADOR" };
  for (const client of [theirs, holder]) {
    assertEquals((await client.post(`/solicitar/${CNES}`, operador)).status, 303);
  }
  const cards = (await (await clientOf(deps, handle, caio)).get("/pedidos")).text;
  assertEquals(cards.split("CPF comprovado por gov.br (prata)").length, 2);
  assertEquals(cards.split("informado pela operadora").length, 2);
});

Deno.test("attack: what others grant to a proved CPF reaches its holder, not who typed it before", async () => {
  await using world = await portal();
  const { deps, browser, alfa } = world;
  const seen = certificate(deps, BETA);
  const beta = await browser().enter(await seedRepresentative(deps, ivo, seen));
  const theirs = await join(browser, alfa, intruder, OTHER_PASSWORD);
  const holder = browser();
  await enterByGovbr(holder, asLia);
  await holder.post("/govbr/juntar", { acao: "outra" });
  await finishGovbrAccess(holder, lia.email);
  const { cpf, name: nome } = lia;
  const form = { cpf, nome, email: "trabalho@ficticia.example", sistema: "tiss" };
  assertEquals((await beta.post("/usuarios/novo", form)).location, "/usuarios?aviso=convidado");
  assertStringIncludes((await theirs.get("/convites")).text, "Nenhum convite espera");
  const [, path] = /href="(\/convites\/\w+)"/.exec((await holder.get("/convites")).text)!;
  assertEquals((await theirs.post(path!, { acao: "aceitar" })).status, 422);
  assertEquals((await holder.post(path!, { acao: "aceitar" })).location, "/painel");
  assertStringIncludes((await holder.get("/painel")).text, "<h3>TISS</h3>");
});

Deno.test("attack: an open session of the intruder counts for nothing when the holder comes by gov.br", async (t) => {
  await t.step("left open in the browser that she uses", async () => {
    await using world = await portal();
    const { deps, browser } = world;
    const shared = await browser().enter(await selfRegister(deps, intruder));
    assertEquals((await shared.get("/govbr")).location, "/painel");
    assertStringIncludes((await shared.get("/conta")).text, intruder.email);
    assertEquals(await proven(deps), null);
    // Out of it she comes to a choice, like from anywhere.
    await shared.post("/sair");
    assertEquals((await enterByGovbr(shared, asLia)).location, "/govbr/juntar");
  });
  await t.step("opened there while she was at gov.br", async () => {
    await using world = await portal();
    const { deps, browser } = world;
    const open = await selfRegister(deps, intruder);
    const shared = browser();
    const back = await leaveForGovbr(shared, asLia);
    await shared.enter(open);
    assertEquals((await shared.get(back)).location, "/painel");
    const form = { acao: "juntar", conta: await idOf(deps, intruder), senha: PASSWORD };
    assertEquals((await shared.post("/govbr/juntar", form)).status, 303);
    assertEquals(await proven(deps), null);
  });
  await t.step("in an account of hers, which she joins: it ends", async () => {
    await using world = await portal();
    const { deps, browser } = world;
    const mine = { ...lia, email: "pessoal@ficticia.example" };
    const stolen = await browser().enter(await selfRegister(deps, mine));
    const holder = browser();
    await enterByGovbr(holder, asLia);
    const form = { acao: "juntar", conta: await idOf(deps, mine), senha: PASSWORD };
    const joined = await holder.post("/govbr/juntar", form);
    assertEquals([joined.status, joined.location], [303, "/operadoras"]);
    assertEquals((await stolen.get("/conta")).location, "/entrar?fim");
    const told = (await mailsTo(deps, mine.email)).at(-1)!;
    assertEquals(told.subject, "Sua conta foi juntada à sua conta gov.br");
    assertStringIncludes(told.text, "As outras sessões foram encerradas");
  });
});

Deno.test("attack: equal e-mail joins, and an old password of somebody else's speaks for nothing", async () => {
  await using world = await portal();
  const { deps, browser, enter } = world;
  await seedEstablishment(deps, { directorCpf: lia.cpf });
  const stolen = await browser().enter(await selfRegister(deps, lia, {}, OTHER_PASSWORD));
  const holder = browser();
  assertEquals((await enterByGovbr(holder, asLia)).location, "/operadoras");
  assertEquals((await stolen.get("/conta")).location, "/entrar?fim");
  const told = (await mailsTo(deps, lia.email)).at(-1)!;
  assertStringIncludes(told.text, "só vale para o que depende do CPF comprovado depois");

  // The old password opens the account, and nothing that rests on the proof.
  const old = await enter(lia.email, OTHER_PASSWORD);
  assertEquals(old.location, "/operadoras");
  const account = await idOf(deps, lia);
  await old.client.post(`/solicitar/${CNES}`, ADMINISTRADOR);
  assertEquals(await getMembership(deps, CNES, account), null);
  await takeBack(holder);
  await holder.post(`/solicitar/${CNES}`, ADMINISTRADOR);
  assertEquals((await getMembership(deps, CNES, account))?.profile, "ADMINISTRADOR");
  assertEquals((await old.client.get(`/administracao/${CNES}`)).status, 403);
  assertEquals((await holder.get(`/administracao/${CNES}`)).status, 200);
});

/** Takes back what the account has asked for. */
async function takeBack(client: Client) {
  const { text } = await client.get(`/solicitar/${CNES}`);
  const [, pedido] = /name="pedido" value="(\w+)"/.exec(text)!;
  const cancelled = await client.post(`/solicitar/${CNES}`, { acao: "cancelar", pedido: pedido! });
  assertEquals(cancelled.status, 303);
}

Deno.test("attack: bronze first, silver later by somebody else: nobody enters the bronze account", async () => {
  await using world = await portal();
  const { deps, browser } = world;
  await seedEstablishment(deps, { directorCpf: lia.cpf });
  const low = browser();
  const bronze = { ...asLia, level: "bronze" } as const;
  assertEquals((await enterByGovbr(low, bronze)).location, "/primeiro-acesso/termos");
  assertEquals((await finishGovbrAccess(low, lia.email)).location, "/operadoras");
  const account = await idOf(deps, lia);
  await low.post(`/solicitar/${CNES}`, ADMINISTRADOR);
  assertEquals(await getMembership(deps, CNES, account), null);
  assertEquals(await proven(deps), null);

  // Whoever reaches the level set is asked whose the account is, and has one of their own.
  const high = browser();
  assertEquals((await enterByGovbr(high, { ...asLia, email: false })).location, "/govbr/juntar");
  await high.post("/govbr/juntar", { acao: "outra" });
  await high.post("/primeiro-acesso/termos", { aceito: "sim" });
  const titular = "titular@ficticia.example";
  const sent = await high.post("/govbr/email", { email: titular });
  assertEquals(sent.location, "/primeiro-acesso/confirmar");
  const codigo = await codeFor(deps, titular);
  assertEquals((await high.post("/primeiro-acesso/confirmar", { codigo })).location, "/operadoras");
  const own = await proven(deps);
  assertNotEquals(own, account);
  assertEquals((await getAccount(deps, account))?.proof, null);
  // Its own session goes on, as what it is; the director is who has proved it.
  await takeBack(low);
  await low.post(`/solicitar/${CNES}`, ADMINISTRADOR);
  assertEquals(await getMembership(deps, CNES, account), null);
  await high.post(`/solicitar/${CNES}`, ADMINISTRADOR);
  assertEquals((await getMembership(deps, CNES, own!))?.profile, "ADMINISTRADOR");
  assertEquals((await low.get(`/administracao/${CNES}`)).status, 403);
});

Deno.test("attack: two joins at once, of two accounts that carry the CPF: one wins, and there is one proof", async () => {
  await using world = await portal();
  const { deps, browser } = world;
  await selfRegister(deps, intruder);
  const second = await seedSecondAccount(deps, lia, "segunda@ficticia.example");
  const first = await idOf(deps, intruder);
  const browsers = [browser(), browser()];
  for (const client of browsers) {
    assertEquals((await enterByGovbr(client, asLia)).location, "/govbr/juntar");
  }
  const form = (conta: string) => ({ acao: "juntar", conta, senha: PASSWORD });
  const answers = await Promise.all(
    [first, second.id].map((id, i) => browsers[i]!.post("/govbr/juntar", form(id))),
  );
  const [won] = answers.filter(({ status }) => status === 303);
  const [lost] = answers.filter(({ status }) => status === 422);
  assertEquals(won?.location, "/operadoras");
  assertStringIncludes(
    lost!.text,
    "Esta conta não pode mais ser juntada. Entre de novo com gov.br.",
  );
  const proved = (await getAccountsOfCpf(deps, lia.cpf)).filter(({ proof }) => proof !== null);
  assertEquals(proved.map(({ id }) => id), [await proven(deps)]);
});

Deno.test("attack: twenty accounts with her CPF, made before hers, keep the holder from nothing", async () => {
  await using world = await portal();
  const { deps, browser, alfa } = world;
  for (let i = 0; i < 20; i++) await seedSecondAccount(deps, lia, `x${i}@ficticia.example`);
  deps.advance(1);
  await join(browser, alfa, { ...lia, email: "trabalho@ficticia.example" }, PASSWORD);
  const account = await idOf(deps, { ...lia, email: "trabalho@ficticia.example" });
  const holder = browser();
  await enterByGovbr(holder, asLia);
  assertStringIncludes((await holder.get("/govbr/juntar")).text, "t***@ficticia.example");
  const form = { acao: "juntar", conta: account, senha: PASSWORD };
  assertEquals((await holder.post("/govbr/juntar", form)).location, "/painel");
  assertEquals(await proven(deps), account);
});

Deno.test("attack: twenty accounts with her CPF do not hide the one whose address gov.br has verified", async () => {
  await using world = await portal();
  const { deps, browser } = world;
  for (let i = 0; i < 20; i++) await seedSecondAccount(deps, lia, `x${i}@ficticia.example`);
  deps.advance(1);
  await selfRegister(deps, lia);
  const holder = browser();
  assertEquals((await enterByGovbr(holder, asLia)).location, "/operadoras");
  assertEquals(await proven(deps), await idOf(deps, lia));
});
