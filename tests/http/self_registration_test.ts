import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { quietly } from "@/core/signin/govbr/world_testing.ts";
import {
  caio,
  CNS_NUMBER,
  codeFor,
  idOf,
  lia,
  PASSWORD,
  personOf,
  seedRegistries,
  selfRegister,
} from "@/tests/fixtures/mod.ts";
import type { CnsConfig } from "@/core/config/mod.ts";
import { keys } from "@/core/store/keys.ts";
import { syntheticCns } from "@/tools/sample/people.ts";
import { testApp } from "../support/app.ts";
import { Client } from "../support/client.ts";

/** Nobody listens there. */
const AWAY: CnsConfig = { url: "http://127.0.0.1:9/", token: "t" };

type World = Awaited<ReturnType<typeof seedRegistries>>;

async function browser(deps: World) {
  const client = new Client(deps, await testApp(deps));
  const seen: string[] = [];
  const post = async (path: string, fields: Record<string, string>) => {
    const { status, location } = await client.post(path, fields);
    if (location) seen.push(location);
    return status === 303 ? location : status;
  };
  return { client, post, seen };
}

const data = (changes: Record<string, string> = {}) => ({
  cpf: lia.cpf,
  cns: CNS_NUMBER,
  nome: lia.name,
  email: lia.email,
  ...changes,
});
const password = { senha: PASSWORD, repetida: PASSWORD };

Deno.test("the forms in their order, to where one came from; no address holds the CPF or the CNS", async () => {
  using deps = await seedRegistries();
  const { post, seen } = await browser(deps);
  assertEquals(await post("/cadastro", data({ de: "/caminho" })), "/cadastro/codigo");
  assertEquals(await post("/cadastro/senha", password), "/cadastro/codigo");
  const codigo = await codeFor(deps, lia.email);
  assertEquals(await post("/cadastro/codigo", { codigo }), "/cadastro/termos");
  assertEquals(await post("/cadastro/codigo", { codigo }), "/cadastro/termos");
  assertEquals(await post("/cadastro/termos", {}), 422);
  assertEquals(await post("/cadastro/termos", { aceito: "sim" }), "/cadastro/senha");
  assertEquals(await post("/cadastro/senha", password), "/caminho");
  assertEquals(await post("/cadastro/senha", password), "/solicitar");
  assert(!seen.some((path) => path.includes(lia.cpf) || path.includes(CNS_NUMBER)));
});

Deno.test("the page of a step says what was wrong with its form", async () => {
  using deps = await seedRegistries();
  const { post, client } = await browser(deps);
  await post("/cadastro", data());
  const wrong = await client.post("/cadastro/codigo", { codigo: "ABCD2345" });
  assertEquals(wrong.status, 422);
  assertStringIncludes(wrong.text, "Código incorreto. Restam 4 tentativas.");
  assert(!(await client.get("/cadastro/codigo")).text.includes("incorreto"));
});

Deno.test("another site is never led to", async () => {
  using deps = await seedRegistries();
  const { post, client } = await browser(deps);
  const page = await client.get("/cadastro?de=//mal.example");
  assert(!page.text.includes("mal.example"));
  await post("/cadastro", data({ de: "https://mal.example/" }));
  await post("/cadastro/codigo", { codigo: await codeFor(deps, lia.email) });
  await post("/cadastro/termos", { aceito: "sim" });
  assertEquals(await post("/cadastro/senha", password), "/solicitar");
});

Deno.test("what was typed stays in the form that is wrong, as text", async () => {
  using deps = await seedRegistries();
  const { client } = await browser(deps);
  const { status, text } = await client.post("/cadastro", data({ nome: "<b>Lia" }));
  assertEquals(status, 422);
  assertStringIncludes(text, "Digite o nome completo");
  assertStringIncludes(text, "&lt;b>Lia");
  assertStringIncludes(text, lia.email);
});

Deno.test("a squatter's number keeps nobody from declaring theirs, and tells nothing", async () => {
  using deps = await seedRegistries();
  await selfRegister(deps, caio);
  deps.advance(1);
  const { post, client } = await browser(deps);
  await post("/cadastro", data());
  await post("/cadastro/codigo", { codigo: await codeFor(deps, lia.email) });
  await post("/cadastro/termos", { aceito: "sim" });
  assertEquals(await post("/cadastro/senha", password), "/solicitar");
  assertEquals((await personOf(deps, lia)).cns?.number, (await personOf(deps, caio)).cns?.number);
  assert(!(await client.get("/conta/cns")).text.includes(caio.name));
});

Deno.test("a register that does not answer: the number is kept, and the page says so", async () => {
  using deps = await seedRegistries({ cns: AWAY });
  const { client, post } = await browser(deps);
  await client.enter(await selfRegister(deps, lia));
  const number = syntheticCns(401);
  await quietly(async () => {
    assertEquals(await post("/conta/cns", { cns: number }), "/conta/cns?aviso=sem-resposta");
    const again = await client.post("/conta/cns", { acao: "consultar" });
    assertEquals(again.status, 422);
    assertStringIncludes(again.text, "não respondeu");
  });
  assertEquals((await personOf(deps, lia)).cns?.number, number);
  const { text } = await client.get("/conta/cns?aviso=sem-resposta");
  assertStringIncludes(text, "O número continua guardado");
  assertStringIncludes(text, number.slice(11));
  assert(!text.includes(number));
});

Deno.test("gov.br is shown beside the quality, as what it is; without a register nothing is asked", async () => {
  using deps = await seedRegistries();
  const { client } = await browser(deps);
  await client.enter(await selfRegister(deps, lia));
  const stored = await personOf(deps, lia);
  const govbr = { level: "gold" as const, at: deps.now() };
  await deps.kv.set(keys.account(await idOf(deps, lia)), { ...stored, govbr });
  const { text } = await client.get("/conta/cns");
  assertStringIncludes(text, "Nível ouro");
  assertStringIncludes(text, "não a qualidade do CNS");
  assert(!text.includes("Consultar de novo"));
  assertEquals((await client.post("/conta/cns", { acao: "consultar" })).status, 422);
});

Deno.test("who is in has no use for the self-registration", async () => {
  using deps = await seedRegistries();
  const { client, post } = await browser(deps);
  await client.enter(await selfRegister(deps, lia));
  assertEquals((await client.get("/cadastro?de=/caminho")).location, "/caminho");
  assertEquals(await post("/cadastro", data()), "/solicitar");
  for (const step of ["codigo", "termos", "senha"]) {
    assertEquals((await client.get(`/cadastro/${step}`)).location, "/solicitar");
  }
});

Deno.test("the right code posted twice at once leads both on to the step that was made", async () => {
  using deps = await seedRegistries();
  const { post } = await browser(deps);
  await post("/cadastro", data());
  const codigo = await codeFor(deps, lia.email);
  const twice = () => post("/cadastro/codigo", { codigo });
  assertEquals(await Promise.all([twice(), twice()]), ["/cadastro/termos", "/cadastro/termos"]);
});
