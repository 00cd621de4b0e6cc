/** Every way into the portal, in a browser that has nothing but a visit; looking at pages stores nothing. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { accountOfEmail, findableByCpf } from "@/core/account/account.ts";
import { putTie } from "@/core/access/users/user_of_operadora.ts";
import { govbrWorld, visitGovbr } from "@/core/signin/govbr/world_testing.ts";
import { keys } from "@/core/store/keys.ts";
import { list } from "@/core/store/read.ts";
import { transact } from "@/core/store/transact.ts";
import {
  addUser,
  ALFA,
  caio,
  codeFor,
  declaredBy,
  lia,
  login,
  must,
  nair,
  OTHER_PASSWORD,
  PASSWORD,
  provisionalFor,
  seedRepresentative,
  seedUser,
  selfRegister,
  type TestDeps,
} from "@/tests/fixtures/mod.ts";
import { testApp } from "../support/app.ts";
import { Client } from "../support/client.ts";
import { PERMISSIONS } from "./permissions.ts";

const NEW = { senha: OTHER_PASSWORD, repetida: OTHER_PASSWORD };
const ANY_ID = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

/** Every page there is; whom it is about does not matter. */
const PAGES = PERMISSIONS.filter(({ methods }) => methods.startsWith("GET"))
  .map(({ path }) => path.replace("[cnes]", "0000001").replaceAll(/\[\w+\]/g, ANY_ID));

/** Every record with its version, but for the one by which a process sees that the store takes changes. */
async function recordsOf({ kv }: TestDeps): Promise<string[]> {
  const records = await Array.fromAsync(kv.list({ prefix: [] }));
  return records.filter(({ key }) => key[0] !== keys.storeProbe.family)
    .map(({ key, versionstamp }) => `${JSON.stringify(key)} ${versionstamp}`);
}

/** A browser that has come as far as the certificate's door: it has a visit, and nothing is stored of it. */
class Visiting {
  readonly #client: Client;

  constructor(readonly deps: TestDeps, client: Client) {
    this.#client = client;
  }

  /** Posts a form, and sees that no page changes anything by being looked at then. Where it led. */
  async post(path: string, fields: Record<string, string>): Promise<string | number> {
    const { status, location } = await this.#client.post(path, fields);
    await this.look();
    return location ?? status;
  }

  async follow(path: string): Promise<string | null> {
    return (await this.#client.get(path)).location;
  }

  async text(path: string): Promise<string> {
    return (await this.#client.get(path)).text;
  }

  async look(): Promise<void> {
    const before = await recordsOf(this.deps);
    for (const path of PAGES) {
      await this.#client.head(path);
      await this.#client.get(path);
    }
    assertEquals(await recordsOf(this.deps), before);
  }
}

/** Lia is a usuário of ALFA, Caio has been invited; one browser has a visit. */
async function visiting(test: (browser: Visiting, deps: TestDeps) => Promise<void>): Promise<void> {
  await using world = await govbrWorld([lia, caio]);
  const { deps } = world;
  await seedRepresentative(deps);
  await seedUser(deps, lia);
  must(await addUser(deps, caio));
  const client = new Client(deps, await testApp(deps, { budget: false }));
  // The first keys of a store are made when they are first asked for.
  await client.get("/.well-known/jwks.json");
  const sessions = () => Array.fromAsync(list(deps.kv, keys.session.under()));
  const before = (await sessions()).length;
  await client.get("/certificado");
  assert(client.hasCookie);
  assertEquals((await sessions()).length, before, "nothing is stored of it");
  const browser = new Visiting(deps, client);
  await browser.look();
  await test(browser, deps);
}

Deno.test("an invitation, from the provisional password to the panel", () =>
  visiting(async (browser, deps) => {
    const senha = await provisionalFor(deps, caio.email);
    assertEquals(await browser.post("/entrar", { login: caio.cpf, senha }), "/convite");
    const accepted = { acao: "aceitar", aceito: "sim" };
    assertEquals(await browser.post("/convite", accepted), "/convite/cadastro");
    const other = { email: "outra@ficticia.example", ...NEW };
    assertEquals(await browser.post("/convite/cadastro", other), "/convite/confirmar");
    const codigo = await codeFor(deps, other.email);
    assertEquals(await browser.post("/convite/confirmar", { codigo }), "/painel");
  }));

Deno.test("an invitation that is carried to the sign-in", () =>
  visiting(async (browser, deps) => {
    await selfRegister(deps, { ...caio, email: "caio@pessoal.example" });
    const senha = await provisionalFor(deps, caio.email);
    assertEquals(await browser.post("/entrar", { login: caio.cpf, senha }), "/convite");
    const own = { login: "caio@pessoal.example", senha: PASSWORD };
    const page = String(await browser.post("/entrar", own));
    assertMatch(page, /^\/convites\/[0-9A-Z]{26}$/);
    assertEquals(await browser.post(page, { acao: "aceitar" }), "/painel");
  }));

Deno.test("a self-registration", () =>
  visiting(async (browser, deps) => {
    const { cpf, cns, name: nome, email } = declaredBy(nair);
    assertEquals(await browser.post("/cadastro", { cpf, cns, nome, email }), "/cadastro/codigo");
    const codigo = await codeFor(deps, email);
    assertEquals(await browser.post("/cadastro/codigo", { codigo }), "/cadastro/termos");
    assertEquals(await browser.post("/cadastro/termos", { aceito: "sim" }), "/cadastro/senha");
    assertEquals(await browser.post("/cadastro/senha", NEW), "/solicitar");
  }));

Deno.test("joining by gov.br, with a code to the account's address", () =>
  visiting(async (browser, deps) => {
    const there = await browser.follow("/govbr");
    const back = await visitGovbr(new URL(there!), { cpf: lia.cpf, email: false });
    assertEquals(await browser.follow(back.pathname + back.search), "/govbr/juntar");
    await browser.look();
    const [, conta] = /name="conta" value="([0-9A-Z]{26})"/.exec(
      await browser.text("/govbr/juntar"),
    )!;
    const asked = await browser.post("/govbr/juntar", { conta: conta!, acao: "codigo" });
    assertEquals(asked, "/govbr/juntar/codigo");
    const codigo = await codeFor(deps, lia.email);
    assertEquals(await browser.post("/govbr/juntar/codigo", { codigo }), "/painel");
  }));

Deno.test("a first access by gov.br", () =>
  visiting(async (browser) => {
    const there = await browser.follow("/govbr");
    const back = await visitGovbr(new URL(there!), { cpf: caio.cpf });
    const first = "/primeiro-acesso/termos";
    assertEquals(await browser.follow(back.pathname + back.search), first);
    assertEquals(await browser.post(first, { aceito: "sim" }), "/govbr/email");
    assertEquals(await browser.post("/govbr/email", { email: caio.email }), "/operadoras");
  }));

Deno.test("a code beside the password, after many have tried", () =>
  visiting(async (browser, deps) => {
    for (let i = 0; i < 21; i++) {
      const attempt = { address: `198.51.100.${i}` };
      await login(deps, { cpf: lia.email, password: "x".repeat(200) }, attempt);
    }
    const right = { login: lia.email, senha: PASSWORD };
    assertEquals(await browser.post("/entrar", right), "/entrar/codigo");
    const codigo = await codeFor(deps, lia.email);
    assertEquals(await browser.post("/entrar/codigo", { codigo }), "/painel");
  }));

Deno.test("a choice between accounts of one password", () =>
  visiting(async (browser, deps) => {
    const email = "segunda@ficticia.example";
    await selfRegister(deps, { ...lia, email });
    const { id, ...second } = (await accountOfEmail(deps, email))!;
    await transact(deps.kv, (tx) => {
      const named = { cpf: lia.cpf, name: lia.name, email, how: "convite" } as const;
      const reached = { by: "password", under: 0 } as const;
      putTie(tx, ALFA, id, { ...named, reached, invitation: null, by: id, since: 0 }, null);
      findableByCpf(tx, { id, ...second });
    });
    const typed = { login: lia.cpf, senha: PASSWORD };
    assertEquals(await browser.post("/entrar", typed), "/entrar/conta");
    assertEquals(await browser.post("/entrar/conta", { conta: id }), "/painel");
  }));

Deno.test("a recovery", () =>
  visiting(async (browser, deps) => {
    const asked = await browser.post("/recuperar-senha", { login: lia.cpf });
    assertEquals(asked, "/recuperar-senha/codigo");
    const codigo = await codeFor(deps, lia.email);
    const done = await browser.post("/recuperar-senha/codigo", { codigo, ...NEW });
    assertMatch(String(done), /^\/(entrar|painel|operadoras)/);
  }));
