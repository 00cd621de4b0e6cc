import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { getMembership } from "@/core/access/membership.ts";
import { cancelRequest } from "@/core/access/requests/create.ts";
import { getRequest } from "@/core/access/requests/request.ts";
import {
  ALFA,
  ask,
  askComputer,
  BETA,
  caio,
  CNES,
  idOf,
  ivo,
  lia,
  mailsTo,
  manyPerson,
  must,
  nair,
  personOf,
  rosa,
  SECOND_CNES,
  seedComputer,
  seedDirector,
  seedEstablishment,
  seedMember,
  seedPerson,
  seedTie,
  seedWorld,
  zeca,
} from "@/tests/fixtures/mod.ts";
import type { Deps } from "@/core/deps.ts";
import { formatCpf, maskCpf } from "@/core/registry/numbers.ts";
import { keys } from "@/core/store/keys.ts";
import { syntheticCns } from "@/tools/sample/people.ts";
import { testApp } from "../support/app.ts";
import { Client, clientOf } from "../support/client.ts";

/** Lia and Caio administer CNES, Nair SECOND_CNES; Rosa represents ALFA; Zeca asks. */
async function opened() {
  const deps = await seedWorld();
  const handle = await testApp(deps);
  const [a, b, other, representative, asker] = await Promise.all([
    clientOf(deps, handle, lia),
    clientOf(deps, handle, caio),
    clientOf(deps, handle, nair),
    clientOf(deps, handle, rosa, { represents: ALFA }),
    clientOf(deps, handle, zeca),
  ]);
  return { deps, handle, a, b, other, representative, asker };
}

const profileOf = async (deps: Deps, cnes = CNES) =>
  (await getMembership(deps, cnes, await idOf(deps, zeca)))?.profile;

Deno.test("J13 on the site: who, what, where; approved, and said what was approved", async () => {
  const { deps, a, other, asker } = await opened();
  using _ = deps;
  await deps.kv.set(keys.account(await idOf(deps, zeca)), {
    ...await personOf(deps, zeca),
    govbr: { level: "silver", at: 1 },
    cns: { number: syntheticCns(7), quality: "baixa", source: "consulta", at: 1 },
  });
  const { id } = must(await ask(deps, zeca));
  const { text } = await a.get("/pedidos");
  for (
    const part of [
      zeca.name,
      maskCpf(zeca.cpf),
      "declarado pela própria pessoa",
      "Baixa",
      "OPERADOR",
      CNES,
    ]
  ) {
    assertStringIncludes(text, part);
  }
  assert(!text.includes(zeca.cpf) && !text.includes(formatCpf(zeca.cpf)));
  assertStringIncludes(text, "Primeiro pedido desta pessoa aqui");
  assert(!(await other.get("/pedidos")).text.includes(zeca.name));

  const done = await a.post("/pedidos", { pedido: id, decisao: "aprovar" });
  assertEquals([done.status, done.location], [303, `/pedidos?decidido=${id}`]);
  assertStringIncludes((await a.get(done.location!)).text, "Você aprovou o perfil OPERADOR");
  // The address of somebody else's decision tells nothing.
  for (const client of [other, asker]) {
    assert(!(await client.get(done.location!)).text.includes("aprovou"));
  }
  assertEquals(await profileOf(deps), "OPERADOR");
});

Deno.test("a form that does not say what it decides approves nothing", async () => {
  const { deps, a } = await opened();
  using _ = deps;
  const { id } = must(await ask(deps, zeca));
  const forms: Record<string, string>[] = [
    {},
    { decisao: "" },
    { decisao: "aprovada" },
    { texto: "Não é daqui" },
  ];
  for (const form of forms) {
    assertEquals((await a.post("/pedidos", { pedido: id, ...form })).status, 400);
  }
  assertEquals((await getRequest(deps, id))?.state, "pendente");
});

Deno.test("two administrators: one decision, the other is told; the form twice decides once", async () => {
  const { deps, a, b } = await opened();
  using _ = deps;
  const { id } = must(await ask(deps, zeca));
  const answers = await Promise.all([
    a.post("/pedidos", { pedido: id, decisao: "aprovar" }),
    b.post("/pedidos", { pedido: id, decisao: "reprovar", motivo: "vinculo" }),
  ]);
  assertEquals(answers.map(({ status }) => status).toSorted(), [303, 422]);
  const told = answers.find(({ status }) => status === 422)!;
  const request = (await getRequest(deps, id))!;
  assertStringIncludes(
    told.text,
    `já foi decidido: ${request.state} por ${request.decidedBy!.name}`,
  );
  const again = await a.post("/pedidos", { pedido: id, decisao: "aprovar" });
  assertEquals(again.status, 422);
  assertEquals((await mailsTo(deps, zeca.email)).length, 1);
});

Deno.test("rejected with a usual reason, with own words, with both; never without", async () => {
  const { deps, a } = await opened();
  using _ = deps;
  const reasons: [Record<string, string>, string | null][] = [
    [{}, null],
    [{ motivo: "outro", texto: "   " }, null],
    [{ motivo: "inventado" }, null],
    [{ motivo: "constructor" }, null],
    [{ motivo: "outro", texto: "x".repeat(501) }, null],
    [{ motivo: "vinculo" }, "Sem vínculo atual com este estabelecimento"],
    [{ motivo: "outro", texto: " Setor\nerrado " }, "Setor errado"],
    [{ texto: "Só palavras" }, "Só palavras"],
    [
      { motivo: "dados", texto: "Confira o nome" },
      "Dados do pedido incorretos. Confira o nome",
    ],
  ];
  let id = must(await ask(deps, zeca)).id;
  for (const [fields, reason] of reasons) {
    const answer = await a.post("/pedidos", { pedido: id, decisao: "reprovar", ...fields });
    if (reason === null) {
      assertEquals(answer.status, 422);
      assertStringIncludes(answer.text, "Escreva o motivo da reprovação");
      assertStringIncludes(answer.text, "<details open");
      continue;
    }
    assertEquals(answer.status, 303, reason);
    assertEquals((await getRequest(deps, id))!.reason, reason);
    id = must(await ask(deps, zeca)).id;
  }
  const page = await a.get("/pedidos");
  assertStringIncludes(page.text, "Pedidos anteriores aqui (4)");
  assertStringIncludes(page.text, "Motivo: Setor errado");
});

Deno.test("the establishment alone, then the profile; not offered twice", async () => {
  const { deps, a } = await opened();
  using _ = deps;
  const { id, establishmentRequest } = must(await ask(deps, zeca));
  assertStringIncludes((await a.get("/pedidos")).text, "Aprovar só o estabelecimento");
  const form = { pedido: id, estabelecimento: establishmentRequest!, decisao: "estabelecimento" };
  const done = await a.post("/pedidos", form);
  assertEquals(done.status, 303);
  assertEquals(await profileOf(deps), null);
  const after = await a.get(done.location!);
  assertStringIncludes(after.text, "O perfil ainda espera a sua decisão");
  assert(!after.text.includes("Aprovar só o estabelecimento"));
  assertEquals((await a.post("/pedidos", form)).status, 422);
  assertEquals((await a.post("/pedidos", { pedido: id, decisao: "aprovar" })).status, 303);
  assertEquals(await profileOf(deps), "OPERADOR");
});

Deno.test("a computer: its label, its place, and the one it replaces", async () => {
  const { deps, a } = await opened();
  using _ = deps;
  await seedMember(deps, zeca, "OPERADOR");
  await seedComputer(deps, zeca, "antiga");
  must(
    await askComputer(deps, zeca, "nova", {
      label: "PAT <9>",
      place: "Sala 2",
      replaces: "antiga",
    }),
  );
  const { text } = await a.get("/pedidos");
  for (const part of ["PAT &lt;9", "Sala 2", "PAT-1, que deixa de valer"]) {
    assertStringIncludes(text, part);
  }
});

Deno.test("ADMINISTRADOR is decided by the representative, a colleague's computer by either", async () => {
  const { deps, handle, a, b, representative } = await opened();
  using _ = deps;
  const { id } = must(await ask(deps, zeca, "ADMINISTRADOR"));
  assert(!(await a.get("/pedidos")).text.includes(zeca.name));
  const refused = await a.post("/pedidos", { pedido: id, decisao: "aprovar" });
  assertEquals(refused.status, 422);
  assertStringIncludes(refused.text, "decidido pelo representante legal");
  const stranger = await clientOf(deps, handle, ivo, { represents: BETA });
  assertEquals((await stranger.post("/pedidos", { pedido: id, decisao: "aprovar" })).status, 403);
  // The same person, in without the certificate.
  await seedTie(deps, rosa, ALFA);
  const plain = await clientOf(deps, handle, rosa, { operadora: ALFA });
  assertEquals((await plain.post("/pedidos", { pedido: id, decisao: "aprovar" })).status, 403);
  assertStringIncludes((await representative.get("/pedidos")).text, zeca.name);
  const done = await representative.post("/pedidos", { pedido: id, decisao: "aprovar" });
  assertEquals(done.status, 303);
  assertEquals(await profileOf(deps), "ADMINISTRADOR");

  const computer = must(await askComputer(deps, caio));
  const own = await b.get("/pedidos");
  assertStringIncludes(own.text, "Ninguém decide o próprio pedido");
  assert(!own.text.includes('value="aprovar"'));
  assertEquals((await b.post("/pedidos", { pedido: computer.id, decisao: "aprovar" })).status, 422);
  for (const client of [a, representative]) {
    assertStringIncludes((await client.get("/pedidos")).text, "PAT-1");
  }
});

Deno.test("filtered by establishment; who is both sees each request once", async () => {
  const { deps, handle, a } = await opened();
  using _ = deps;
  await seedMember(deps, lia, "ADMINISTRADOR", SECOND_CNES);
  await seedDirector(deps, rosa);
  must(await ask(deps, zeca));
  must(await ask(deps, zeca, "CADASTRADOR", { cnes: SECOND_CNES }));
  const count = (text: string) => text.match(/value="aprovar"/g)?.length ?? 0;
  assertEquals(count((await a.get("/pedidos")).text), 2);
  for (const [cnes, profile] of [[CNES, "OPERADOR"], [SECOND_CNES, "CADASTRADOR"]]) {
    const { text } = await a.get(`/pedidos?fila=${cnes}`);
    assertEquals(count(text), 1);
    assertStringIncludes(text, profile!);
  }
  // What is not one's own is no filter.
  for (const queue of ["operadora", "9999999", "__proto__"]) {
    assertEquals(count((await a.get(`/pedidos?fila=${queue}`)).text), 2, queue);
  }
  must(await askComputer(deps, caio));
  const both = await clientOf(deps, handle, rosa, { represents: ALFA });
  assertEquals(count((await both.get("/pedidos")).text), 2);
  assertEquals(count((await both.get("/pedidos?fila=operadora")).text), 1);
  const { id } = must(await ask(deps, nair));
  const done = await a.post(`/pedidos?fila=${CNES}`, { pedido: id, decisao: "aprovar" });
  assertEquals(done.location, `/pedidos?fila=${CNES}&decidido=${id}`);
});

Deno.test("pages of 20, each request once, whichever list it is in", async () => {
  const { deps, handle } = await opened();
  using _ = deps;
  await seedDirector(deps, rosa);
  const client = await clientOf(deps, handle, rosa, { represents: ALFA });
  for (let i = 0; i < 45; i++) {
    const person = { ...manyPerson(i), email: `p${i}@ficticia.example` };
    await seedPerson(deps, person);
    must(await ask(deps, person, i % 3 === 0 ? "ADMINISTRADOR" : "CONSULTADOR"));
  }
  const seen: string[] = [];
  let address: string | undefined = "/pedidos";
  for (const expected of [20, 20, 5]) {
    const { text } = await client.get(address!);
    const ids = [...text.matchAll(/id="pedido-(\w{26})"/g)].map(([, id]) => id!);
    assertEquals(ids.length, expected);
    seen.push(...ids);
    address = /href="(\/pedidos\?[^"]*a-partir-de[^"]*)"/.exec(text)?.[1]?.replaceAll("&amp;", "&");
  }
  assertEquals([new Set(seen).size, address], [45, undefined]);
});

Deno.test("an establishment that went to another operadora: the old representative sees nothing", async () => {
  const { deps, handle, representative } = await opened();
  using _ = deps;
  const { id } = must(await ask(deps, zeca, "ADMINISTRADOR"));
  await seedEstablishment(deps, { cnpj: BETA, cnpjMantenedora: BETA });
  const seen = await representative.get("/pedidos");
  assertEquals([seen.status, seen.text.includes(zeca.name)], [200, false]);
  assert(!seen.text.includes(maskCpf(zeca.cpf)));
  const answer = await representative.post("/pedidos", { pedido: id, decisao: "aprovar" });
  assertEquals(answer.status, 403);
  const heir = await clientOf(deps, handle, ivo, { represents: BETA });
  assertEquals((await heir.post("/pedidos", { pedido: id, decisao: "aprovar" })).status, 303);
});

Deno.test("refused, and said: elsewhere, removed, cancelled, unknown, after the session", async () => {
  const { deps, handle, a, b, other, asker } = await opened();
  using _ = deps;
  const { id } = must(await ask(deps, zeca));
  const approving = { pedido: id, decisao: "aprovar" };
  for (const client of [other, asker]) {
    assertEquals((await client.post("/pedidos", approving)).status, 403);
  }
  // The form was opened before the administrator was removed.
  await seedMember(deps, caio, "OPERADOR");
  const removed = await b.post("/pedidos", approving);
  assertEquals(removed.status, 403);
  assertStringIncludes(removed.text, "Você não administra nenhum estabelecimento");
  assert(!removed.text.includes('href="/administracao"'));
  assertEquals(
    (await new Client(deps, handle).post("/pedidos", approving)).location,
    "/entrar?fim",
  );
  for (const pedido of ["", "nada", "0".repeat(26)]) {
    const answer = await a.post("/pedidos", { pedido, decisao: "aprovar" });
    assertEquals(answer.status, 422);
    assertStringIncludes(answer.text, "Pedido não encontrado");
  }
  must(await cancelRequest(deps, await personOf(deps, zeca), id));
  const cancelled = await a.post("/pedidos", approving);
  assertEquals(cancelled.status, 422);
  assertStringIncludes(cancelled.text, "A pessoa cancelou este pedido");
  assertEquals(await profileOf(deps), undefined);
  await a.post("/sair");
  assertEquals((await a.post("/pedidos", approving)).location, "/entrar?fim");
});
