import { UNLIMITED } from "@/tests/fixtures/people.ts";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  caio,
  CLOSED_CNES,
  CNES,
  type Enabled,
  idOf,
  lia,
  makeComputer,
  must,
  SECOND_CNES,
  seedEstablishment,
  seedMember,
  seedRegistries,
  seedRepresentative,
  seedUser,
  zeca,
} from "@/tests/fixtures/mod.ts";
import { decideRequest } from "@/core/access/requests/decide.ts";
import { listRequestsOf } from "@/core/access/requests/request.ts";
import { endMembership } from "@/core/access/change_membership.ts";
import { keys } from "@/core/store/keys.ts";
import type { LoggedIn, Session } from "@/core/store/records/session.ts";
import { testApp } from "../support/app.ts";
import { Client } from "../support/client.ts";

const PAGE = `/solicitar/${CNES}`;
const ASK = { acao: "perfil", perfil: "OPERADOR" };
const COMPUTER = { acao: "computador", etiqueta: "PAT-1", local: "Recepção", substitui: "" };

/** Lia, who asks, and Caio, who administers the first establishment. */
async function peopled() {
  const deps = await seedRegistries();
  const handle = await testApp(deps);
  await seedRepresentative(deps);
  const session = await seedUser(deps, lia);
  const other = await seedUser(deps, caio);
  await seedMember(deps, caio);
  const enter = (session: Session) => new Client(deps, handle).enter(session);
  const asked = async () => await listRequestsOf(deps, await idOf(deps, lia), 50);
  const decide = async (outcome: "aprovada" | "reprovada", reason = "") => {
    const waiting = (await asked()).find(({ state, step }) =>
      state === "pendente" && step !== "estabelecimento"
    );
    const by = { by: await idOf(deps, caio), via: "portal", standing: UNLIMITED } as const;
    must(await decideRequest(deps, { requestId: waiting!.id, outcome, reason, ...by }));
  };
  /** As if this session had signed a challenge with the key of a computer. */
  const prove = async ({ thumbprint }: Enabled["computer"]) => {
    const state = { ...session.state, computer: thumbprint };
    await deps.kv.set(
      keys.session(session.id),
      { ...session, state } satisfies Session<LoggedIn>,
    );
  };
  const user = await enter(session);
  return { deps, user, administrator: await enter(other), enter, asked, decide, prove };
}

Deno.test("the number first: unknown, wrong and deactivated ones are told apart", async () => {
  const { deps, user } = await peopled();
  using _ = deps;
  for (
    const [cnes, words] of [
      ["123", "Número CNES inválido"],
      ["", "Número CNES inválido"],
      ["7654321", "Nenhum estabelecimento com este número"],
      [CLOSED_CNES, "está desativado no CNES"],
    ] as const
  ) {
    const answer = await user.post("/solicitar", { cnes });
    assertEquals(answer.status, 422, cnes);
    assertStringIncludes(answer.text, words);
  }
  assertEquals((await user.post("/solicitar", { cnes: "000.0001" })).location, PAGE);
  assertStringIncludes((await user.get(PAGE)).text, `Unidade ${CNES}`);
});

Deno.test("no page of an establishment that there is not", async () => {
  const { deps, user } = await peopled();
  using _ = deps;
  for (const cnes of ["7654321", "123", "abc", `${CNES}0`, "000.0001"]) {
    assertEquals((await user.get(`/solicitar/${cnes}`)).status, 404, cnes);
    assert((await user.post(`/solicitar/${cnes}`, ASK)).status >= 400, cnes);
  }
  assertEquals((await user.post(PAGE, { acao: "apagar" })).status, 400);
});

Deno.test("one form, two requests; posted twice at once it is one", async () => {
  const { deps, user, asked } = await peopled();
  using _ = deps;
  const answers = await Promise.all([1, 2, 3].map(() => user.post(PAGE, ASK)));
  assertEquals(answers.map(({ status }) => status).sort(), [303, 422, 422]);
  assertEquals((await asked()).map(({ step }) => step).sort(), ["estabelecimento", "perfil"]);
  const refused = answers.find(({ status }) => status === 422)!;
  assertStringIncludes(refused.text, "Você já tem um pedido em análise");
  assertStringIncludes((await user.get(PAGE)).text, "Agora é com o administrador");
  // Elsewhere nothing was asked for, and nobody is there to decide.
  const elsewhere = (await user.get(`/solicitar/${SECOND_CNES}`)).text;
  assertStringIncludes(elsewhere, "Peça o estabelecimento e o perfil, juntos.");
});

Deno.test("what a form does not have is refused: profile, establishment, order of the steps", async () => {
  const { deps, user, asked, prove, decide } = await peopled();
  using _ = deps;
  await prove(await makeComputer());
  for (const perfil of ["", "DIRETOR", "constructor"]) {
    assertEquals((await user.post(PAGE, { ...ASK, perfil })).status, 422, perfil);
  }
  const closed = await user.post(`/solicitar/${CLOSED_CNES}`, ASK);
  assertEquals(closed.status, 422);
  assertStringIncludes(closed.text, "está desativado no CNES");
  assert(!closed.text.includes("Enviar pedido"));
  const early = await user.post(PAGE, COMPUTER);
  assertEquals(early.status, 422);
  assertStringIncludes(early.text, "Antes do computador, o perfil");
  assertEquals(await asked(), []);
  await user.post(PAGE, ASK);
  assertEquals((await user.post(PAGE, COMPUTER)).status, 422);
  await decide("aprovada");
  // Approved here is approved nowhere else.
  assertEquals((await user.post(`/solicitar/${SECOND_CNES}`, COMPUTER)).status, 422);
  const again = await user.post(PAGE, ASK);
  assertEquals(again.status, 422);
  assertStringIncludes(again.text, "Você já tem acesso a este estabelecimento");
});

Deno.test("a computer needs a key, a label and a place, and is asked for once", async () => {
  const { deps, user, decide, prove } = await peopled();
  using _ = deps;
  await user.post(PAGE, ASK);
  await decide("aprovada");
  const unproven = await user.post(PAGE, COMPUTER);
  assertStringIncludes(unproven.text, "ainda não tem a chave");
  const first = await makeComputer();
  await prove(first);
  const nameless = await user.post(PAGE, { ...COMPUTER, etiqueta: " " });
  assertStringIncludes(nameless.text, "Escreva a etiqueta");
  assertStringIncludes(nameless.text, "Recepção", "what was typed stays");
  assertEquals((await user.post(PAGE, { ...COMPUTER, local: "" })).status, 422);
  assertEquals((await user.post(PAGE, { ...COMPUTER, substitui: "x" })).status, 422);
  assertEquals((await user.post(PAGE, COMPUTER)).location, `${PAGE}?aviso=computador`);
  assertEquals((await user.post(PAGE, COMPUTER)).status, 422);
  await decide("aprovada");
  const approved = (await user.get(PAGE)).text;
  assertStringIncludes(approved, "Este computador</span>");
  assertStringIncludes(approved, `/acessar/cadsus-web/${CNES}`);

  // At another computer: which one is approved, and the form for this one.
  await prove(await makeComputer());
  const elsewhere = (await user.get(PAGE)).text;
  assertStringIncludes(elsewhere, "Aprovado em outro computador");
  assertStringIncludes(elsewhere, "PAT-1 (Recepção)");
  assert(!elsewhere.includes("/acessar/cadsus-web"));
  const remove = { acao: "retirar", computador: first.thumbprint };
  assertEquals((await user.post(`/solicitar/${SECOND_CNES}`, remove)).status, 422);
  assertEquals((await user.post(PAGE, remove)).location, `${PAGE}?aviso=retirado`);
  assertEquals((await user.post(PAGE, remove)).status, 422);
  assert(!(await user.get(PAGE)).text.includes("Meus computadores aqui"));
});

Deno.test("cancelled by who asked, by nobody else, and once", async () => {
  const { deps, user, administrator, enter, asked } = await peopled();
  using _ = deps;
  await user.post(PAGE, ASK);
  const { id } = (await asked()).find(({ step }) => step === "perfil")!;
  const cancel = { acao: "cancelar", pedido: id };
  const stranger = await enter(await seedUser(deps, zeca));
  for (const other of [stranger, administrator]) {
    const answer = await other.post(PAGE, cancel);
    assertEquals(answer.status, 404);
    assertStringIncludes(answer.text, "Pedido não encontrado.");
  }
  assertEquals((await user.post(PAGE, { acao: "cancelar", pedido: "x" })).status, 404);
  assertEquals((await asked()).map(({ state }) => state), ["pendente", "pendente"]);
  assertEquals((await user.post(PAGE, cancel)).location, `${PAGE}?aviso=cancelado`);
  assertEquals((await asked()).map(({ state }) => state), ["cancelada", "cancelada"]);
  const again = await user.post(PAGE, cancel);
  assertEquals(again.status, 422);
  assertStringIncludes(again.text, "não espera mais");
  assertEquals((await user.post(PAGE, ASK)).status, 303);
});

Deno.test("rejected, deactivated, closed: the page says why and what is next", async () => {
  const { deps, user, asked, decide } = await peopled();
  using _ = deps;
  await user.post(PAGE, ASK);
  await decide("reprovada", "Sem vínculo.");
  const rejected = (await user.get(PAGE)).text;
  assertStringIncludes(rejected, "Motivo: Sem vínculo. Você pode pedir de novo.");
  assertStringIncludes(rejected, `por ${caio.name}`);
  await user.post(PAGE, ASK);
  await decide("aprovada");
  const reason = "Mudou de unidade.";
  must(
    await endMembership(deps, { account: await idOf(deps, caio), standing: UNLIMITED }, {
      cnes: CNES,
      account: await idOf(deps, lia),
      reason,
    }),
  );
  const ended = (await user.get(PAGE)).text;
  assertStringIncludes(ended, "Seu acesso foi desativado");
  assertStringIncludes(ended, `Motivo: ${reason} Para voltar, peça de novo os três passos.`);
  assertStringIncludes(ended, "Pedir acesso e perfil");
  assertEquals((await user.post(PAGE, ASK)).status, 303);
  assert(!(await user.get(PAGE)).text.includes("Seu acesso foi desativado"));

  await seedEstablishment(deps, { active: false });
  const closed = (await user.get(PAGE)).text;
  assertStringIncludes(closed, "Este estabelecimento está desativado no CNES");
  assert(!closed.includes("Enviar pedido"));
  const waiting = (await asked()).find(({ state, step }) =>
    state === "pendente" && step === "perfil"
  );
  const cancel = { acao: "cancelar", pedido: waiting!.id };
  assertEquals((await user.post(PAGE, cancel)).status, 303);
});

Deno.test("asking and taking back again and again comes to an end", async () => {
  const { deps, user, asked } = await peopled();
  using _ = deps;
  for (let i = 0; i < 12; i++) {
    assertEquals((await user.post(PAGE, ASK)).status, 303, String(i));
    const waiting = (await asked()).filter(({ state }) => state === "pendente");
    const { id } = waiting.find(({ step }) => step === "perfil")!;
    await user.post(PAGE, { acao: "cancelar", pedido: id });
  }
  const refused = await user.post(PAGE, ASK);
  assertEquals(refused.status, 422);
  assertStringIncludes(refused.text, "Muitas tentativas seguidas");
});
