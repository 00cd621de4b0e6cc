import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { chooseOperadora } from "@/core/account/session.ts";
import {
  ALFA,
  BETA,
  certificate,
  ivo,
  lia,
  mailsTo,
  personOf,
  seedRegistries,
  seedRepresentative,
  seedUser,
  zeca,
} from "@/tests/fixtures/mod.ts";
import { testApp } from "../support/app.ts";
import { Client } from "../support/client.ts";

async function peopled() {
  const deps = await seedRegistries();
  const handle = await testApp(deps);
  const browser = () => new Client(deps, handle);
  const representative = await browser().enter(await seedRepresentative(deps));
  const other = await browser().enter(
    await seedRepresentative(deps, ivo, certificate(deps, BETA)),
  );
  const session = (await chooseOperadora(deps, await seedUser(deps, lia), ALFA))!;
  const user = await browser().enter(session);
  const { id } = await personOf(deps, lia);
  return { deps, representative, other, user, page: `/usuarios/${id}` };
}

Deno.test("J17: deactivated by the representative, out at the next request, and in again", async () => {
  const { deps, representative, user, page } = await peopled();
  using _ = deps;
  assertEquals((await user.get("/painel")).status, 200);
  const off = await representative.post(page, { acao: "desativar" });
  assertEquals(off.location, `${page}?aviso=desativar`);
  assertStringIncludes((await representative.get(page)).text, "Desativado nesta operadora");
  assertStringIncludes((await representative.get("/usuarios")).text, "<td>Desativado</td>");
  assertEquals((await user.get("/painel")).location, "/operadoras");
  assertEquals((await user.get("/operadoras")).location, "/solicitar");
  assertStringIncludes(
    (await user.get("/solicitar")).text,
    "não foi cadastrado em nenhuma operadora",
  );
  const choice = await user.post("/operadoras", { operadora: ALFA });
  assertEquals(choice.location, "/solicitar");
  assertEquals((await user.get("/painel")).location, "/operadoras");
  await representative.post(page, { acao: "reativar" });
  assertEquals((await user.get("/painel")).status, 200);
});

Deno.test("the representative of another operadora finds and changes nobody", async () => {
  const { deps, other, user, page } = await peopled();
  using _ = deps;
  for (const acao of ["desativar", "reativar", "sistemas"]) {
    const answer = await other.post(page, { acao, email: "x@ficticia.example" });
    assertEquals(answer.status, 404, acao);
  }
  assertEquals((await other.get(page)).status, 404);
  for (const query of ["lia", lia.cpf]) {
    assert(!(await other.search("/usuarios", query)).text.includes(lia.name));
  }
  assertEquals((await user.get("/painel")).status, 200);
});

Deno.test("found by name or CPF; what is not found is said", async () => {
  const { deps, representative } = await peopled();
  using _ = deps;
  await seedUser(deps, zeca);
  for (const query of ["zec", "PRADO z", zeca.cpf.slice(0, 9)]) {
    const { text } = await representative.search("/usuarios", query);
    assertStringIncludes(text, zeca.name);
    assert(!text.includes(`>${lia.name}</a>`), query);
  }
  assertStringIncludes(
    (await representative.search("/usuarios", "xyz")).text,
    "Ninguém encontrado",
  );
});

Deno.test("a search that is not kept any more is said to be; all are shown", async () => {
  const { deps, representative } = await peopled();
  using _ = deps;
  const { location } = await representative.post("/usuarios", { busca: lia.cpf });
  assertStringIncludes((await representative.get(location!)).text, `value="${lia.cpf}"`);
  const lost = await representative.get("/usuarios?busca=AAAAAAAAAAAAAAAAAAAAAA");
  assertStringIncludes(lost.text, "Esta busca já não vale");
  assertStringIncludes(lost.text, lia.name);
  assertEquals((await representative.post("/usuarios", { busca: " " })).location, "/usuarios");
});

Deno.test("import: the preview, then the confirmation, with the text that the preview carried", async () => {
  const { deps, representative, user } = await peopled();
  using _ = deps;
  const csv = `CPF;Nome;E-mail;Sistemas\n${zeca.cpf};${zeca.name};${zeca.email};SIB\n1;X;Y;\n`;
  const upload = new FormData();
  upload.append("arquivo", new File([csv], "pessoas.csv"));
  const preview = await representative.post("/usuarios/importar", upload);
  assertStringIncludes(preview.text, "Pessoas a convidar: 1.");
  assertStringIncludes(preview.text, "Coluna CPF: CPF inválido");
  assertEquals(await mailsTo(deps, zeca.email), []);
  const confirmation = { acao: "confirmar", texto: csv };
  assertEquals((await user.post("/usuarios/importar", confirmation)).status, 403);
  const done = await representative.post("/usuarios/importar", confirmation);
  assertStringIncludes(done.text, "Pessoas convidadas: 1.");
  assertEquals((await mailsTo(deps, zeca.email)).length, 1);
  assertEquals((await representative.post("/usuarios/importar", new FormData())).status, 422);
});
