/** Attacks on what a CPF, a CNS or a second account gives, over the whole app. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { getMembership } from "@/core/access/membership.ts";
import { createRequest } from "@/core/access/requests/create.ts";
import { getRequest } from "@/core/access/requests/request.ts";
import { getAccountsOfCpf } from "@/core/account/account.ts";
import { getBinding } from "@/core/account/binding.ts";
import { createSession } from "@/core/account/session.ts";
import type { Deps } from "@/core/deps.ts";
import { keys } from "@/core/store/keys.ts";
import type { Account } from "@/core/store/records/account.ts";
import { transact } from "@/core/store/transact.ts";
import {
  ALFA,
  BETA,
  BY_PASSWORD,
  caio,
  certificate,
  CNES,
  codeFor,
  GOVBR,
  idOf,
  ivo,
  lia,
  must,
  OTHER_PASSWORD,
  PASSWORD,
  personOf,
  representativeAt,
  seedEstablishment,
  seedPerson,
  seedProof,
  seedRegistries,
  seedRepresentative,
  seedSecondAccount,
  seedUser,
  seedWorld,
  selfRegister,
  standingOf,
  UNLIMITED,
  zeca,
} from "@/tests/fixtures/mod.ts";
import { syntheticCns } from "@/tools/sample/people.ts";
import { testApp } from "../support/app.ts";
import { Client, clientOf } from "../support/client.ts";

const SECOND = "segunda@ficticia.example";

/** A browser in the session of an account, whichever has the CPF. */
async function enter(deps: Deps, handle: Awaited<ReturnType<typeof testApp>>, account: Account) {
  const session = await transact(deps.kv, (tx) =>
    createSession(deps, tx, {
      agent: "test",
      state: {
        ...{ kind: "person", account: account.id, certificate: null, operadora: null },
        ...{ authenticatedAt: deps.now(), ...BY_PASSWORD, ...standingOf(account) },
      },
    }));
  return await new Client(deps, handle).enter(session);
}

/** The representative of BETA at the form of the first access, whose certificate names no CPF. */
async function atForm(deps: Awaited<ReturnType<typeof seedRegistries>>) {
  const seen = certificate(deps, BETA, { responsible: null });
  const session = await representativeAt(deps, "cadastro", ivo, seen);
  return await new Client(deps, await testApp(deps)).enter(session);
}

const form = (cpf: string, email: string) => ({
  ...{ cpf, email, senha: OTHER_PASSWORD, repetida: OTHER_PASSWORD },
});

Deno.test("a CPF typed at the certificate door proves nothing and binds no stranger's account", async () => {
  using deps = await seedRegistries({ govbr: GOVBR });
  await seedRepresentative(deps);
  await seedUser(deps, lia);
  const stranger = await seedProof(deps, lia);
  await seedEstablishment(deps, { directorCpf: lia.cpf });
  const client = await atForm(deps);
  const sent = await client.post("/primeiro-acesso/cadastro", form(lia.cpf, ivo.email));
  assertEquals([sent.status, sent.location], [303, "/primeiro-acesso/confirmar"]);
  const codigo = await codeFor(deps, ivo.email);
  const done = await client.post("/primeiro-acesso/confirmar", { codigo });
  assertEquals([done.status, done.location], [303, "/painel"]);

  assertEquals(await personOf(deps, lia), stranger);
  const accounts = await getAccountsOfCpf(deps, lia.cpf);
  const own = accounts.find(({ id }) => id !== stranger.id)!;
  assertEquals([accounts.length, own.email, own.proof], [2, ivo.email, null]);
  assertEquals((await getBinding(deps, BETA)).representative?.account, own.id);
  // What is shown says what it is.
  assertStringIncludes((await client.get("/painel")).text, "informado pela operadora");
  // The director's CPF, at an establishment of another operadora, gives nothing.
  const asked = await client.post(`/solicitar/${CNES}`, {
    acao: "perfil",
    perfil: "ADMINISTRADOR",
  });
  assertEquals(asked.status, 303);
  assertEquals(await getMembership(deps, CNES, own.id), null);
  // The holder has it at once, whoever typed their number.
  const holder = await enter(deps, await testApp(deps), stranger);
  await holder.post(`/solicitar/${CNES}`, { acao: "perfil", perfil: "ADMINISTRADOR" });
  const given = await getMembership(deps, CNES, stranger.id);
  assertEquals([given?.profile, given?.origin], ["ADMINISTRADOR", {
    kind: "row",
    operadora: null,
  }]);
});

Deno.test("the form at the certificate door tells of no CPF or e-mail whether it is known", async () => {
  const answers: string[] = [];
  for (const known of [true, false]) {
    using deps = await seedRegistries();
    await seedRepresentative(deps);
    if (known) await seedUser(deps, lia);
    const client = await atForm(deps);
    const page = await client.get("/primeiro-acesso/cadastro");
    const sent = await client.post("/primeiro-acesso/cadastro", form(lia.cpf, lia.email));
    const next = await client.get("/primeiro-acesso/confirmar");
    answers.push([page.status, page.text, sent.status, sent.location, next.text].join("\n"));
  }
  assertEquals(answers[0], answers[1]);
});

Deno.test("an e-mail that has an account: the code, then its password, and no second account", async () => {
  using deps = await seedRegistries();
  await seedRepresentative(deps);
  await seedUser(deps, ivo);
  const client = await atForm(deps);
  await client.post("/primeiro-acesso/cadastro", form(ivo.cpf, ivo.email));
  const early = await client.post("/primeiro-acesso/conta", { senha: PASSWORD });
  assertEquals([early.status, early.location], [303, "/primeiro-acesso/confirmar"]);
  const codigo = await codeFor(deps, ivo.email);
  const met = await client.post("/primeiro-acesso/confirmar", { codigo });
  assertEquals([met.status, met.location], [303, "/primeiro-acesso/conta"]);
  const { text } = await client.get("/primeiro-acesso/conta");
  assertStringIncludes(text, "Já há conta com o e-mail");
  const wrong = await client.post("/primeiro-acesso/conta", { senha: OTHER_PASSWORD });
  assertEquals(wrong.status, 422);
  const done = await client.post("/primeiro-acesso/conta", { senha: PASSWORD });
  assertEquals([done.status, done.location], [303, "/painel"]);
  assertStringIncludes((await client.get("/painel")).text, "Representante legal");
  assertEquals((await getAccountsOfCpf(deps, ivo.cpf)).length, 1);
});

Deno.test("a squatter blocks no CNS", async () => {
  using deps = await seedRegistries({ govbr: GOVBR });
  const handle = await testApp(deps);
  const cns = syntheticCns(77);
  await selfRegister(deps, zeca, { cns });
  await seedPerson(deps, lia);
  const holder = await clientOf(deps, handle, lia);
  const kept = await holder.post("/conta/cns", { cns });
  assertEquals([kept.status, kept.location], [303, "/conta/cns?aviso=guardado"]);
  assertEquals((await deps.kv.get(keys.accountByCns(cns))).value, await idOf(deps, lia));
  // Nor does the squatter take it back, or learn of it.
  const squatter = await clientOf(deps, handle, zeca);
  for (const typed of [syntheticCns(78), cns]) {
    const again = await squatter.post("/conta/cns", { cns: typed });
    assertEquals([again.status, again.location], [303, "/conta/cns?aviso=guardado"]);
  }
  assertEquals((await deps.kv.get(keys.accountByCns(cns))).value, await idOf(deps, lia));
});

Deno.test("an administrator's second account: the first decides nothing of it", async () => {
  using deps = await seedWorld();
  const handle = await testApp(deps);
  const second = await seedSecondAccount(deps, lia, SECOND);
  const form = { cnes: CNES, profile: "OPERADOR" };
  const { id: pedido } = must(await createRequest(deps, second, form, UNLIMITED));
  const [administrator, other] = [
    await clientOf(deps, handle, lia),
    await clientOf(deps, handle, caio),
  ];
  const own = "Ninguém decide o próprio pedido";
  assertStringIncludes((await administrator.get("/pedidos")).text, own);
  for (const decisao of ["aprovar", "reprovar"]) {
    const refused = await administrator.post("/pedidos", { pedido, decisao, motivo: "dados" });
    assertEquals(refused.status, 422);
    assertStringIncludes(refused.text, own);
  }
  assertEquals((await getRequest(deps, pedido))?.state, "pendente");
  const page = (await other.get("/pedidos")).text;
  assertStringIncludes(page, "declarado pela própria pessoa");
  assertEquals((await other.post("/pedidos", { pedido, decisao: "aprovar" })).status, 303);

  const member = `/administracao/${CNES}/pessoas/${second.id}`;
  const changes: Record<string, string>[] = [
    { acao: "perfil", perfil: "CONSULTADOR", justificativa: "Rodízio" },
    { acao: "desativar", motivo: "Saiu" },
  ];
  for (const change of changes) {
    const refused = await administrator.post(member, change);
    assertEquals(refused.status, 422);
    assertStringIncludes(refused.text, "Ninguém muda o próprio acesso");
  }
  assertEquals((await getMembership(deps, CNES, second.id))?.profile, "OPERADOR");
});

Deno.test("a session by another mailbox opens no membership that names mine", async () => {
  using deps = await seedWorld();
  const handle = await testApp(deps);
  const session = await transact(deps.kv, async (tx) =>
    createSession(deps, tx, {
      agent: "test",
      state: {
        ...{ kind: "person", account: await idOf(deps, lia), certificate: null },
        ...{ operadora: ALFA, authenticatedAt: deps.now(), ...BY_PASSWORD },
        mailboxes: ["de-outra@ficticia.example"],
      },
    }));
  const limited = await new Client(deps, handle).enter(session);
  assertEquals((await limited.get(`/administracao/${CNES}`)).status, 403);
  const { id: pedido } = must(
    await createRequest(
      deps,
      await personOf(deps, zeca),
      { cnes: CNES, profile: "OPERADOR" },
      UNLIMITED,
    ),
  );
  assert(!(await limited.get("/pedidos")).text.includes(zeca.name));
  assertEquals((await limited.post("/pedidos", { pedido, decisao: "aprovar" })).status, 403);
  assertEquals((await getRequest(deps, pedido))?.state, "pendente");
});
