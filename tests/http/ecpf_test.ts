/** A person's certificate at the portal's pages, and those who want more of one than it is. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { encodeBase64 } from "@std/encoding";
import { readSession, sessionToken } from "@/core/account/session.ts";
import { keys } from "@/core/store/keys.ts";
import {
  ALFA,
  BETA,
  caio,
  codeFor,
  DAY,
  enterByGovbr,
  GOVBR,
  idOf,
  lia,
  OTHER_PASSWORD,
  PASSWORD,
  personOf,
  rosa,
  seedRegistries,
  selfRegister,
  type TestDeps,
  type TestPerson,
} from "@/tests/fixtures/mod.ts";
import { testPki, trustingPortal } from "@/tests/fixtures/pki.ts";
import {
  issueCompanyCertificate,
  type IssuedCertificate,
  issuePersonCertificate,
} from "@/tools/pki/mod.ts";
import { testApp } from "../support/app.ts";
import { Client } from "../support/client.ts";

const pki = await testPki();
const VALID = { notBefore: new Date("2026-01-01"), notAfter: new Date("2027-01-01") };
const birthDate = "1980-05-17";
const proxy = { header: "rfc9440", addresses: null, secret: "s".repeat(32), origin: null } as const;

const ecpfOf = ({ name, cpf }: TestPerson) =>
  issuePersonCertificate(pki, { ...VALID, name, cpf, birthDate });
const ofLia = await ecpfOf(lia);
const ofCaio = await ecpfOf(caio);
/** The company's, whose responsible person is Rosa. */
const ofCompany = await issueCompanyCertificate(pki, {
  ...{ ...VALID, cnpj: ALFA, companyName: "ALFABETA PLANOS LTDA" },
  responsible: { name: rosa.name, cpf: rosa.cpf, birthDate },
});

/** Lia, who has declared her CPF, at her browser. */
async function world() {
  const deps = await trustingPortal(
    pki,
    (config) => seedRegistries({ ...config, govbr: GOVBR, proxy }),
  );
  const handle = await testApp(deps);
  const session = await selfRegister(deps, lia);
  const client = await new Client(deps, handle).enter(session);
  return { deps, handle, session, client, [Symbol.dispose]: () => deps[Symbol.dispose]() };
}

/** The text to be signed that a page has given. */
function challengeIn(html: string) {
  const found = /challengeId:"([^"]+)",challengeText:"((?:[^"\\]|\\.)*)"/.exec(html)!;
  return { id: found[1]!, text: JSON.parse(`"${found[2]}"`) as string };
}

async function answer(
  { id, text }: { id: string; text: string },
  { certificate, chain, privateKey }: IssuedCertificate,
) {
  const data = new TextEncoder().encode(text);
  const signature = await crypto.subtle.sign("RSASSA-PKCS1-v1_5", privateKey, data);
  return {
    challenge: id,
    certificates: [certificate, ...chain].map((der) => encodeBase64(der)).join(),
    signature: encodeBase64(signature),
    algorithm: "RS256",
  };
}

/** Begins and signs. */
async function sign(client: Client, issued: IssuedCertificate) {
  const begun = await client.post("/certificado/cpf");
  assertEquals(begun.status, 200);
  return await client.post("/certificado/cpf", await answer(challengeIn(begun.text), issued));
}

const proofOf = async (deps: TestDeps) => (await personOf(deps, lia)).proof?.by ?? null;

Deno.test("an e-CPF proves the CPF of the account, page by page", async () => {
  using at = await world();
  const { deps, client, session, handle } = at;
  const elsewhere = new Client(deps, handle);
  await elsewhere.post("/entrar", { login: lia.email, senha: PASSWORD });
  assertEquals((await elsewhere.get("/conta")).status, 200);

  assertStringIncludes((await client.get("/conta")).text, 'href="/conta/cpf"');
  const ways = await client.get("/conta/cpf");
  assertStringIncludes(ways.text, "declarado pela própria pessoa");
  assertStringIncludes(ways.text, "Sair para entrar com gov.br");
  assertStringIncludes(ways.text, 'action="/certificado/cpf"');
  assertEquals((await client.get("/certificado/cpf")).location, "/conta/cpf");
  assertEquals((await client.get("/conta/cpf/confirmar")).location, "/conta/cpf?vencido");

  assertEquals((await sign(client, ofLia)).location, "/conta/cpf/confirmar");
  assertStringIncludes((await client.get("/conta/cpf/confirmar")).text, "Senha da conta");
  const wrong = await client.post("/conta/cpf/confirmar", { acao: "senha", senha: OTHER_PASSWORD });
  assertEquals(wrong.status, 422);
  assertStringIncludes(wrong.text, "A senha não confere");
  const done = await client.post("/conta/cpf/confirmar", { acao: "senha", senha: PASSWORD });
  assertEquals(done.location, "/conta/cpf?aviso=comprovado");
  const proved = await client.get(done.location!);
  assertStringIncludes(proved.text, "CPF comprovado por certificado e-CPF");
  assertStringIncludes(proved.text, "Apresentar outro e-CPF");
  assertEquals(await proofOf(deps), "ecpf");
  assertEquals(await readSession(deps, await sessionToken(deps, session)), null);
  assertEquals((await elsewhere.get("/conta")).location, "/entrar?fim");
});

Deno.test("without the password, a code to the account's address does it", async () => {
  using at = await world();
  const { deps, client } = at;
  await sign(client, ofLia);
  const early = await client.post("/conta/cpf/confirmar", { acao: "codigo", codigo: "AAAAAAAA" });
  assertEquals(early.location, "/conta/cpf?vencido");
  const sent = await client.post("/conta/cpf/confirmar", { acao: "enviar" });
  assertEquals(sent.location, "/conta/cpf/confirmar");
  const asked = await client.get("/conta/cpf/confirmar");
  assertStringIncludes(asked.text, "Comprovar com o código");
  assert(!asked.text.includes(lia.email), "masked");
  const wrong = await client.post("/conta/cpf/confirmar", { acao: "codigo", codigo: "AAAAAAAA" });
  assertStringIncludes(wrong.text, "Restam 4 tentativas");
  const codigo = await codeFor(deps, lia.email);
  const done = await client.post("/conta/cpf/confirmar", { acao: "codigo", codigo });
  assertEquals(done.location, "/conta/cpf?aviso=comprovado");
  assertEquals(await proofOf(deps), "ecpf");
});

Deno.test("attack: an e-CPF at the company's door opens, binds and represents nothing", async () => {
  using at = await world();
  const { deps, handle } = at;
  // Rosa, whom CADOP names for ALFA, with her own certificate instead of the company's.
  const ofRosa = await ecpfOf(rosa);
  const visitor = new Client(deps, handle);
  const door = await visitor.get("/certificado");
  assertStringIncludes(door.text, 'href="/entrar?comprovar"');
  const refused = await visitor.post("/certificado", await answer(challengeIn(door.text), ofRosa));
  assertEquals(refused.status, 422);
  assertStringIncludes(refused.text, "Este certificado é um e-CPF");
  assertStringIncludes(refused.text, "comprovar o seu CPF");
  for (const page of ["/primeiro-acesso", "/certificado/senha", "/certificado/registro"]) {
    assert(["/entrar?fim", "/certificado"].includes((await visitor.get(page)).location!), page);
  }
  for (const cnpj of [ALFA, BETA]) {
    const bound = [keys.representative(cnpj), keys.certificateOfOperadora(cnpj)];
    const found = await Promise.all(bound.map(async (key) => (await deps.kv.get(key)).value));
    assertEquals(found, [null, null]);
  }
  // The way it is good for: the sign-in leads there.
  const entry = await visitor.get("/entrar?comprovar");
  assertStringIncludes(entry.text, "para comprovar o CPF com o e-CPF");
  const login = { login: lia.email, senha: PASSWORD };
  assertEquals((await visitor.post("/entrar?comprovar", login)).location, "/conta/cpf");
});

Deno.test("attack: somebody else's e-CPF, and a company's certificate, prove no CPF", async () => {
  using at = await world();
  const { deps, client } = at;
  const other = await sign(client, ofCaio);
  assertEquals(other.status, 422);
  assertStringIncludes(other.text, "Este e-CPF é de outro CPF");
  const company = await sign(client, ofCompany);
  assertEquals(company.status, 422);
  assertStringIncludes(company.text, "O certificado apresentado é um e-CNPJ");
  // Lia's certificate, which anybody may have, and another key.
  const stolen = await sign(client, { ...ofLia, privateKey: ofCaio.privateKey });
  assertEquals(stolen.status, 422);
  assertStringIncludes(stolen.text, "não foi feita com a chave deste certificado");
  assertEquals((await client.get("/conta/cpf/confirmar")).location, "/conta/cpf?vencido");
  assertEquals(await proofOf(deps), null);
});

Deno.test("attack: a signature counts once, in its session, for this purpose", async () => {
  using at = await world();
  const { deps, client, handle } = at;
  const begun = await client.post("/certificado/cpf");
  const signed = await answer(challengeIn(begun.text), ofLia);
  assertEquals((await client.post("/certificado/cpf", signed)).status, 303);
  const again = await client.post("/certificado/cpf", signed);
  assertStringIncludes(again.text, "já foi usado");

  // An intruder has an account with Lia's CPF, and what her key has signed elsewhere.
  const intruder = new Client(deps, handle);
  const intrusion = await selfRegister(deps, lia, { email: "intruso@ficticia.example" });
  await intruder.enter(intrusion);
  const taken = await answer(challengeIn((await client.post("/certificado/cpf")).text), ofLia);
  const elsewhere = await intruder.post("/certificado/cpf", taken);
  assertStringIncludes(elsewhere.text, "feito em outra sessão");
  // Signed at the company's door, where a visitor is let in.
  const visitor = new Client(deps, handle);
  const door = await answer(challengeIn((await visitor.get("/certificado")).text), ofLia);
  const tried = await intruder.post("/certificado/cpf", door);
  assertEquals(tried.status, 422);
  const { value: account } = await deps.kv.get<{ proof: unknown }>(
    keys.account(intrusion.state.account),
  );
  assertEquals(account?.proof, null);
  const late = await answer(challengeIn((await client.post("/certificado/cpf")).text), ofLia);
  deps.advance(5 * 60_000);
  assertStringIncludes((await client.post("/certificado/cpf", late)).text, "vale por 5 minutos");
});

Deno.test("attack: an open session with the certificate, and without the credential, proves nothing", async () => {
  using at = await world();
  const { deps, client } = at;
  await sign(client, ofLia);
  for (const form of [{}, { acao: "senha" }, { acao: "senha", senha: "" }]) {
    const tried = await client.post("/conta/cpf/confirmar", form as Record<string, string>);
    assertEquals(tried.status, 422, JSON.stringify(form));
  }
  assertEquals(await proofOf(deps), null);
  deps.advance(10 * 60_000);
  const late = await client.post("/conta/cpf/confirmar", { acao: "senha", senha: PASSWORD });
  assertEquals(late.location, "/conta/cpf?vencido");
  assertStringIncludes((await client.get(late.location!)).text, "passaram mais de 10 minutos");
  assertEquals(await proofOf(deps), null);
});

Deno.test("attack: an e-CPF after gov.br in another account, and gov.br after an e-CPF", async () => {
  using at = await world();
  const { deps, client } = at;
  const first = await idOf(deps, { cpf: lia.cpf, email: lia.email });
  await sign(client, ofLia);
  await client.post("/conta/cpf/confirmar", { acao: "senha", senha: PASSWORD });
  await enterByGovbr(deps, { ...lia, email: "govbr@ficticia.example" });
  const proven = await deps.kv.get(keys.provenAccount(lia.cpf));
  assert(proven.value !== first);
  assertEquals((await client.get("/conta")).location, "/entrar?fim");
  const back = await client.post("/entrar", { login: lia.email, senha: PASSWORD });
  assertEquals(back.status, 303);
  assertStringIncludes((await client.get("/conta/cpf")).text, "declarado pela própria pessoa");
  const refused = await sign(client, ofLia);
  assertEquals(refused.status, 422);
  assertStringIncludes(refused.text, "já comprovou este CPF por gov.br");
  assertEquals((await deps.kv.get(keys.provenAccount(lia.cpf))).value, proven.value);
});

Deno.test("the certificate of the connection does as well, in the session of the account only", async () => {
  using at = await world();
  const { deps, client, handle, session } = at;
  const form = { acao: "navegador" };
  const none = await client.post("/certificado/cpf", form);
  assertEquals(none.status, 422);
  const through = (issued: IssuedCertificate) =>
    new Client(deps, (request, info) => {
      const headers = new Headers(request.headers);
      headers.set("habilita-proxy-secret", proxy.secret);
      headers.set("client-cert", `:${encodeBase64(issued.certificate)}:`);
      return handle(new Request(request, { headers }), info);
    });
  const company = await (await through(ofCompany).enter(session)).post("/certificado/cpf", form);
  assertStringIncludes(company.text, "O certificado apresentado é um e-CNPJ");
  const visitor = through(ofLia);
  assertEquals((await visitor.post("/certificado/cpf", form)).location, "/entrar?fim");
  const atDoor = await visitor.get("/certificado");
  assertEquals(atDoor.status, 200);
  const refused = await visitor.post("/certificado/navegador");
  assertStringIncludes(refused.text, "Este certificado é um e-CPF");
  const own = await through(ofLia).enter(session);
  assertEquals((await own.post("/certificado/cpf", form)).location, "/conta/cpf/confirmar");
  const done = await own.post("/conta/cpf/confirmar", { acao: "senha", senha: PASSWORD });
  assertEquals(done.location, "/conta/cpf?aviso=comprovado");
  assertEquals(await proofOf(deps), "ecpf");
});

Deno.test("tries are counted", async () => {
  using at = await world();
  const { deps, client } = at;
  for (let i = 0; i < 10; i++) await client.post("/certificado/cpf", { challenge: "x" });
  const late = await sign(client, ofLia);
  assertStringIncludes(late.text, "Muitas tentativas");
  deps.advance(DAY / 96);
  assertEquals((await sign(client, ofLia)).status, 303);
});
