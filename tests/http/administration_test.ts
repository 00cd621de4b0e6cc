import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { listComputersOf } from "@/core/access/computers.ts";
import { getMembership, isActiveMembership } from "@/core/access/membership.ts";
import {
  ALFA,
  approve,
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
  reject,
  rosa,
  SECOND_CNES,
  seedComputer,
  seedEstablishment,
  seedMember,
  seedPerson,
  seedWorld,
  type TestPerson,
  zeca,
} from "@/tests/fixtures/mod.ts";
import type { Deps } from "@/core/deps.ts";
import { formatCpf, maskCpf } from "@/core/registry/numbers.ts";
import { testApp } from "../support/app.ts";
import { Client, clientOf } from "../support/client.ts";

const PLACE = `/administracao/${CNES}`;

/** Lia and Caio administer CNES, Nair SECOND_CNES; Rosa represents ALFA; Zeca is OPERADOR at CNES. */
async function opened() {
  const deps = await seedWorld();
  const handle = await testApp(deps);
  await seedMember(deps, zeca, "OPERADOR");
  const [a, b, other, representative, member] = await Promise.all([
    clientOf(deps, handle, lia),
    clientOf(deps, handle, caio),
    clientOf(deps, handle, nair),
    clientOf(deps, handle, rosa, { represents: ALFA }),
    clientOf(deps, handle, zeca),
  ]);
  const pageOf = async (person: TestPerson) =>
    `${PLACE}/pessoas/${(await personOf(deps, person)).id}`;
  return { deps, handle, a, b, other, representative, member, pageOf, page: await pageOf(zeca) };
}

const membershipOf = async (deps: Deps, person = zeca) =>
  await getMembership(deps, CNES, await idOf(deps, person));
const change = { acao: "perfil", perfil: "CONSULTADOR", justificativa: "Mudou de função" };
const end = { acao: "desativar", motivo: "Saiu da empresa" };

Deno.test("J17: another profile with a justification; it is in the mail and in the history", async () => {
  const { deps, a, page } = await opened();
  using _ = deps;
  const done = await a.post(page, change);
  assertEquals([done.status, done.location], [303, `${page}?aviso=perfil`]);
  assertEquals((await membershipOf(deps))?.profile, "CONSULTADOR");
  const { text } = await a.get(done.location!);
  for (const part of ["Perfil mudado", "Perfil OPERADOR", "Motivo: Mudou de função", lia.name]) {
    assertStringIncludes(text, part);
  }
  const [mail] = await mailsTo(deps, zeca.email);
  assertStringIncludes(mail!.text, "Mudou de função");
  // Posted twice: once is enough, and it says so.
  const again = await a.post(page, change);
  assertEquals(again.status, 422);
  assertStringIncludes(again.text, "já tem o perfil CONSULTADOR");
  assertEquals((await mailsTo(deps, zeca.email)).length, 1);
});

Deno.test("refused: no justification, no such profile, ADMINISTRADOR; what was typed stays", async () => {
  const { deps, a, representative, page } = await opened();
  using _ = deps;
  const wrong: [Record<string, string>, string][] = [
    [{ justificativa: "" }, "Escreva o motivo"],
    [{ justificativa: " \n " }, "Escreva o motivo"],
    [{ justificativa: "x".repeat(501) }, "Escreva o motivo"],
    [{ perfil: "" }, "Escolha um dos perfis"],
    [{ perfil: "ADMINISTRADOR" }, "Escolha um dos perfis"],
    [{ perfil: "constructor" }, "Escolha um dos perfis"],
  ];
  for (const client of [a, representative]) {
    for (const [fields, text] of wrong) {
      const answer = await client.post(page, { ...change, ...fields });
      assertEquals(answer.status, 422);
      assertStringIncludes(answer.text, text);
    }
  }
  const typed = await a.post(page, { ...change, perfil: "", justificativa: "Só <isto>" });
  assertStringIncludes(typed.text, "Só &lt;isto");
  assertEquals((await a.post(page, { ...end, motivo: "" })).status, 422);
  assertEquals((await a.post(page, { acao: "apagar" })).status, 400);
  assertEquals((await membershipOf(deps))?.profile, "OPERADOR");
  assertEquals(await mailsTo(deps, zeca.email), []);
});

Deno.test("J17: deactivated with a reason; kept, found apart, and not there twice", async () => {
  const { deps, a, b, page } = await opened();
  using _ = deps;
  await seedComputer(deps, zeca, "chave");
  const answers = await Promise.all([a.post(page, end), b.post(page, end)]);
  assertEquals(answers.map(({ status }) => status).toSorted(), [303, 422]);
  const told = answers.find(({ status }) => status === 422)!;
  assertStringIncludes(told.text, "não tem acesso ativo");
  assertStringIncludes(told.text, "pede de novo os três passos");
  assert(!isActiveMembership(await membershipOf(deps)));
  assertEquals(await listComputersOf(deps, CNES, await idOf(deps, zeca)), []);
  const { text } = await a.get(page);
  for (const part of ["Acesso desativado", "Motivo: Saiu da empresa", "Perfil OPERADOR"]) {
    assertStringIncludes(text, part);
  }
  assert(!text.includes('value="desativar"'));
  assertEquals((await a.post(page, change)).status, 422);
  assert(!(await a.get(PLACE)).text.includes(zeca.name));
  assertStringIncludes((await a.get(`${PLACE}?situacao=desativadas`)).text, zeca.name);
  const ended = (await mailsTo(deps, zeca.email)).filter(({ subject }) =>
    /desativado/.test(subject)
  );
  assertEquals(ended.length, 1);
});

Deno.test("a computer is taken away, once, from either page", async () => {
  const { deps, a, b, page } = await opened();
  using _ = deps;
  for (const key of ["chave-a", "chave-b"]) await seedComputer(deps, zeca, key);
  const { id } = await personOf(deps, zeca);
  const list = `${PLACE}/computadores`;
  const shown = await a.get(list);
  for (const part of ["PAT-1", "Recepção", zeca.name]) assertStringIncludes(shown.text, part);
  const remove = { acao: "retirar", pessoa: id, computador: "chave-a" };
  const done = await a.post(list, remove);
  assertEquals(done.location, `${list}?aviso=retirar`);
  assertStringIncludes((await a.get(done.location!)).text, "Computador retirado");
  const again = await b.post(list, remove);
  assertEquals(again.status, 422);
  assertStringIncludes(again.text, "Computador não encontrado");
  for (const wrong of [{ pessoa: "" }, { pessoa: "nada" }, { computador: "" }]) {
    assertEquals((await a.post(list, { ...remove, computador: "chave-b", ...wrong })).status, 422);
  }
  const other = { ...remove, pessoa: (await personOf(deps, caio)).id, computador: "chave-b" };
  assertEquals((await a.post(list, other)).status, 422);
  assertEquals((await listComputersOf(deps, CNES, await idOf(deps, zeca))).length, 1);
  assertEquals((await a.post(page, { acao: "retirar", computador: "chave-b" })).status, 303);
  assertEquals(await listComputersOf(deps, CNES, await idOf(deps, zeca)), []);
});

Deno.test("nobody manages another ADMINISTRADOR, nor themselves; the representative does", async () => {
  const { deps, a, b, representative, pageOf } = await opened();
  using _ = deps;
  const [own, colleague] = [await pageOf(lia), await pageOf(caio)];
  for (const form of [change, end]) {
    const refusals: [string, string][] = [
      [own, "Ninguém muda o próprio acesso"],
      [colleague, "Só o representante legal"],
    ];
    for (const [address, text] of refusals) {
      const answer = await a.post(address, form);
      assertEquals(answer.status, 422);
      assertStringIncludes(answer.text, text);
      assert(!answer.text.includes('name="justificativa"'), "a form that would be refused");
      assertStringIncludes((await a.get(address)).text, text);
    }
  }
  assertEquals((await membershipOf(deps, caio))?.profile, "ADMINISTRADOR");
  assertStringIncludes((await representative.get(colleague)).text, "deixa de ser ADMINISTRADOR");
  const form = must(await ask(deps, nair, "OPERADOR"));
  assertEquals((await representative.post(colleague, change)).status, 303);
  // At once: the pages, the decision, the menu.
  assertEquals((await b.get(PLACE)).status, 403);
  assertEquals((await b.post("/pedidos", { pedido: form.id, decisao: "aprovar" })).status, 403);
  assert(!(await b.get("/conta")).text.includes('href="/administracao"'));
  assertStringIncludes((await b.get("/administracao")).text, "não administra nenhum");
});

Deno.test("who does not manage the establishment: 403, whatever the number; nothing changes", async () => {
  const { deps, handle, other, member, page } = await opened();
  using _ = deps;
  await seedComputer(deps, zeca, "chave");
  const clients = [
    other,
    member,
    await clientOf(deps, handle, ivo, { represents: BETA }),
    // The representative, in without the certificate.
    await clientOf(deps, handle, rosa, { operadora: ALFA }),
  ];
  const { id } = await personOf(deps, zeca);
  const remove = { acao: "retirar", pessoa: id, computador: "chave" };
  for (const client of clients) {
    for (const path of ["", "/computadores", "/decididos", `/pessoas/${id}`, "/pessoas/nada"]) {
      assertEquals((await client.get(`${PLACE}${path}`)).status, 403, path);
    }
    for (const form of [change, end, remove]) {
      assertEquals((await client.post(page, form)).status, 403);
    }
    assertEquals((await client.post(`${PLACE}/computadores`, remove)).status, 403);
    for (const cnes of ["7777777", "abc", "constructor", "%00"]) {
      assertEquals((await client.get(`/administracao/${cnes}`)).status, 403, cnes);
    }
  }
  const visitor = new Client(deps, handle);
  for (const form of [change, end, remove]) {
    assertEquals((await visitor.post(page, form)).location, "/entrar?fim");
  }
  assertEquals((await membershipOf(deps))?.profile, "OPERADOR");
  assertEquals((await listComputersOf(deps, CNES, await idOf(deps, zeca))).length, 1);
});

Deno.test("ids tell nothing: somebody of elsewhere, somebody unknown, somebody who only asked", async () => {
  const { deps, a, representative } = await opened();
  using _ = deps;
  must(await ask(deps, ivo));
  const ids = [(await personOf(deps, nair)).id, (await personOf(deps, ivo)).id, "0".repeat(26)];
  for (const id of [...ids, "nada", "constructor"]) {
    for (const client of [a, representative]) {
      assertEquals((await client.get(`${PLACE}/pessoas/${id}`)).status, 404);
      assertEquals((await client.post(`${PLACE}/pessoas/${id}`, end)).status, 404);
    }
  }
  // The same person has another page at the other establishment.
  const { id } = await personOf(deps, nair);
  assertEquals(
    (await representative.get(`/administracao/${SECOND_CNES}/pessoas/${id}`)).status,
    200,
  );
});

Deno.test("an establishment that went to another operadora: the representative has no say any more", async () => {
  const { deps, a, representative, page } = await opened();
  using _ = deps;
  await seedEstablishment(deps, { cnpj: BETA, cnpjMantenedora: BETA });
  assertEquals((await representative.get(page)).status, 403);
  assertEquals((await representative.post(page, end)).status, 403);
  // One that the CNES has deactivated still has people to look after.
  await seedEstablishment(deps, { active: false });
  assertEquals((await a.post(page, end)).status, 303);
});

Deno.test("found by name or by the digits that are shown; no CPF in the page, none guessed", async () => {
  const { deps, a } = await opened();
  using _ = deps;
  const find = async (query: string) => (await a.search(PLACE, query)).text;
  for (
    const query of ["zec", "PRADO z", maskCpf(zeca.cpf), zeca.cpf.slice(3, 9), formatCpf(zeca.cpf)]
  ) {
    const text = await find(query);
    assertStringIncludes(text, `>${zeca.name}</a>`, query);
    assert(!text.includes(`>${lia.name}</a>`), query);
  }
  // The hidden digits, and what holds some of them.
  for (
    const query of [zeca.cpf.slice(0, 4), zeca.cpf.slice(8), zeca.cpf.slice(0, 10), "eca", "xyz"]
  ) {
    assertStringIncludes(await find(query), "Ninguém encontrado", query);
  }
  const { text } = await a.get(PLACE);
  for (const { cpf } of [zeca, lia, caio]) {
    assert(!text.includes(cpf) && !text.includes(formatCpf(cpf)));
  }
});

Deno.test("pages of people, computers and decisions hold everything once, without a CPF", async () => {
  const { deps, a } = await opened();
  using _ = deps;
  for (let i = 0; i < 45; i++) {
    const person = { ...manyPerson(i), email: `p${i}@ficticia.example` };
    await seedPerson(deps, person);
    const request = must(await ask(deps, person));
    must(await (i % 9 === 0 ? reject(deps, request.id, lia) : approve(deps, request.id, lia)));
    if (i % 9 !== 0) {
      must(await approve(deps, must(await askComputer(deps, person, `a${i}`)).id, caio));
    }
  }
  for (let i = 0; i < 25; i++) await seedComputer(deps, zeca, `z${i}`);
  // 40 members with a computer each beside Lia, Caio and Zeca, who has 25; a decision for each, and for the 45 people.
  const pages: [string, RegExp, number][] = [
    ["", /<td><a href="[^"]*\/pessoas\/(\w{26})"/g, 43],
    ["/computadores", /name="computador" value="(\w+)"/g, 65],
    ["/decididos", /<li class="card"><h2>([^<]+)</g, 110],
  ];
  for (const [path, pattern, total] of pages) {
    const seen: string[] = [];
    let address: string | undefined = `${PLACE}${path}`;
    for (let pages = 0; address && pages < 9; pages++) {
      assert(!/\d{11}/.test(address.replace(/\d{13}-/, "")), address);
      const { text } = await a.get(address);
      const found = [...text.matchAll(pattern)].map(([, name]) => name!);
      assert(found.length <= 20);
      seen.push(...found);
      address = /href="([^"]*a-partir-de[^"]*)"/.exec(text)?.[1]?.replaceAll("&amp;", "&");
    }
    assertEquals(seen.length, total, path);
    if (path !== "/decididos") assertEquals(new Set(seen).size, total);
  }
  // A cursor that is none begins at the beginning.
  for (const path of ["", "/computadores", "/decididos"]) {
    assertEquals((await a.get(`${PLACE}${path}?a-partir-de=nada`)).status, 200);
  }
});

Deno.test("decided: who, what, by whom, where and why; the choice of establishment", async () => {
  const { deps, a, representative, member } = await opened();
  using _ = deps;
  const request = must(await ask(deps, ivo, "CADASTRADOR"));
  must(await reject(deps, request.id, caio, { via: "telegram" }));
  const { text } = await a.get(`${PLACE}/decididos`);
  for (
    const part of [
      ivo.name.toUpperCase(),
      "o perfil CADASTRADOR",
      "pelo Telegram",
      caio.name,
      "Setor errado",
    ]
  ) {
    assertStringIncludes(text, part);
  }
  // With one establishment there is nothing to choose; the representative has two.
  assertEquals((await a.get("/administracao")).location, PLACE);
  const choice = await representative.get("/administracao");
  for (const cnes of [CNES, SECOND_CNES]) {
    assertStringIncludes(choice.text, `href="/administracao/${cnes}"`);
  }
  assertStringIncludes((await member.get("/administracao")).text, "não administra nenhum");
  await seedMember(deps, lia, "ADMINISTRADOR", SECOND_CNES);
  assertStringIncludes((await a.get("/administracao")).text, "Onde você é ADMINISTRADOR");
});
