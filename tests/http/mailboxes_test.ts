/** What a mailbox that an operadora has named reaches, and what it does not. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { PROVISIONAL_LIFE } from "@/core/access/invitations/invitation.ts";
import { getMembership } from "@/core/access/membership.ts";
import { runOutbox } from "@/core/outbox/testing.ts";
import { keys } from "@/core/store/keys.ts";
import { read } from "@/core/store/read.ts";
import type { Outgoing } from "@/core/store/records/outbox.ts";
import {
  ALFA,
  approve,
  ask,
  BETA,
  BETA_CNES,
  caio,
  certificate,
  codeFor,
  idOf,
  ivo,
  lia,
  mailsTo,
  MINUTE,
  must,
  nair,
  OTHER_PASSWORD,
  PASSWORD,
  provisionalFor,
  seedMember,
  seedRegistries,
  seedRepresentative,
  seedSuccessor,
  type TestPerson,
} from "@/tests/fixtures/mod.ts";
import { testApp } from "../support/app.ts";
import { Client, clientOf } from "../support/client.ts";

const INTRUDER = "intruso@ficticia.example";
/** The mailbox that BETA has given her. */
const AT_BETA = { ...lia, email: "lia@beta.example" };

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
    assertEquals(
      (await by.post("/usuarios/novo", { cpf, nome: name, email, sistema })).location,
      "/usuarios?aviso=convidado",
    );
  /** Somebody new, from the mail to the panel. */
  const join = async ({ cpf, email }: TestPerson) => {
    const client = browser();
    const login = { login: cpf, senha: await provisionalFor(deps, email) };
    assertEquals((await client.post("/entrar", login)).location, "/convite");
    await client.post("/convite", { acao: "aceitar", aceito: "sim" });
    const form = { email, senha: PASSWORD, repetida: PASSWORD };
    assertEquals((await client.post("/convite/cadastro", form)).location, "/painel");
    return client;
  };
  return { deps, handle, browser, alfa, beta, invite, join };
}

const systemsOf = ({ text }: { text: string }) =>
  [...text.matchAll(/<h3>([^<]+)<\/h3>/g)].map(([, name]) => name);
const idIn = (text: string) => /\/usuarios\/convites\/([0-9A-Z]{26})/.exec(text)![1]!;

Deno.test("attack: who reads the mailbox that one operadora named recovers nothing of another's", async () => {
  const { deps, browser, alfa, beta, invite, join } = await companies();
  using _ = deps;
  await invite(alfa, lia);
  const client = await join(lia);
  await invite(beta, AT_BETA, "tiss");
  const senha = await provisionalFor(deps, AT_BETA.email);
  const shown = await client.post("/convites", { senha });
  assertEquals((await client.post(shown.location!, { acao: "aceitar" })).location, "/painel");
  await seedMember(deps, caio, "ADMINISTRADOR", BETA_CNES);
  const { id } = must(await ask(deps, lia, "OPERADOR", { cnes: BETA_CNES }));
  must(await approve(deps, id, caio));
  assert(await getMembership(deps, BETA_CNES, await idOf(deps, lia)));

  // The reader of ALFA's mailbox recovers the account.
  const reader = browser();
  deps.advance(1);
  await reader.post("/recuperar-senha", { login: lia.email });
  const codigo = await codeFor(deps, lia.email);
  const chosen = { codigo, senha: OTHER_PASSWORD, repetida: OTHER_PASSWORD };
  const done = await reader.post("/recuperar-senha/codigo", chosen);
  assertEquals(done.location, "/entrar?senha-trocada");
  const enter = { login: lia.cpf, senha: OTHER_PASSWORD };
  assertEquals((await reader.post("/entrar", enter)).location, "/operadoras");
  await reader.post("/operadoras", { operadora: ALFA });
  assertEquals(systemsOf(await reader.get("/painel")), ["SIB"]);
  await reader.post("/operadoras", { operadora: BETA });
  assert(!systemsOf(await reader.get("/painel")).includes("TISS"));
  // Nor by another invitation to BETA's mailbox, or by a password chosen in this session.
  await invite(beta, { ...nair, email: AT_BETA.email });
  assertStringIncludes((await reader.get("/convites")).text, "Nenhum convite espera");
  const third = { atual: OTHER_PASSWORD, senha: "Mv&61hrd", repetida: "Mv&61hrd" };
  assertEquals((await reader.post("/conta/senha", third)).status, 303);
  const again = browser();
  await again.post("/entrar", { login: lia.cpf, senha: "Mv&61hrd" });
  await again.post("/operadoras", { operadora: BETA });
  assert(!systemsOf(await again.get("/painel")).includes("TISS"));

  // She is told, and out of her session; what BETA has granted is where it was.
  const told = (await mailsTo(deps, lia.email)).map(({ subject }) => subject);
  assert(told.includes("Sua senha foi trocada"), told.join());
  assertEquals((await client.get("/painel")).location, "/entrar?fim");
  assertStringIncludes((await beta.get("/usuarios")).text, lia.name);
});

Deno.test("attack: renewing keeps CPF and mailbox, whoever renews and whatever the form says", async () => {
  const { deps, handle, browser, alfa, invite } = await companies();
  using _ = deps;
  await invite(alfa, lia);
  const id = idIn((await alfa.get("/usuarios")).text);
  const path = `/usuarios/convites/${id}`;
  const other = { email: INTRUDER, cpf: caio.cpf, nome: caio.name, sistema: "tiss" };
  const before = await read(deps.kv, keys.invitation(ALFA, id));
  const first = await provisionalFor(deps, lia.email);

  // Somebody else than who invited: the operadora's next representative.
  await seedSuccessor(deps, nair);
  const successor = await clientOf(deps, handle, nair, { represents: ALFA });
  const one = await successor.post(path, { acao: "renovar", ...other });
  assertEquals(one.location, `${path}?aviso=renovado`);
  const second = await provisionalFor(deps, lia.email);
  deps.advance(PROVISIONAL_LIFE);
  const later = await clientOf(deps, handle, nair, { represents: ALFA });
  const all = await later.post("/usuarios", { acao: "renovar-vencidos", ...other });
  assertEquals(all.location, "/usuarios?convites=enviados&renovados=1&restam=0");

  const after = (await read(deps.kv, keys.invitation(ALFA, id)))!;
  for (const field of ["cpf", "email", "name", "systems"] as const) {
    assertEquals(after[field], before![field], field);
  }
  const last = await provisionalFor(deps, lia.email);
  assertEquals(new Set([first, second, last]).size, 3);
  assertEquals(await mailsTo(deps, INTRUDER), []);
  // Another mailbox is another invitation, and never beside this one.
  const beside = { cpf: lia.cpf, nome: lia.name, email: INTRUDER, sistema: "sib" };
  const refused = await later.post("/usuarios/novo", beside);
  assertEquals(refused.status, 422);
  assertStringIncludes(refused.text, "cancele o convite e envie outro");
  assertEquals(await mailsTo(deps, INTRUDER), []);
  // The last password to the mailbox that was named opens it.
  const client = browser();
  const enter = await client.post("/entrar", { login: lia.cpf, senha: last });
  assertEquals(enter.location, "/convite");
  assertStringIncludes((await client.get("/convite")).text, "ALFABETA PLANOS LTDA");
});

/** All that stands in a record. */
function textOf({ key, value }: Deno.KvEntry<unknown>): string {
  const bytes = (_: string, part: unknown) =>
    part instanceof Uint8Array ? new TextDecoder("latin1").decode(part) : part;
  return JSON.stringify([key, value], bytes);
}

Deno.test("attack: a provisional password whose mail is not delivered can be read nowhere in the store", async () => {
  const { deps, alfa, browser, invite } = await companies();
  using _ = deps;
  await invite(alfa, lia);
  const secret = await provisionalFor(deps, lia.email);
  // The app has tried once, to a server that did not answer.
  deps.advance(5 * MINUTE);
  const refused: Outgoing[] = [];
  await runOutbox(deps, (message) => {
    refused.push(message as Outgoing);
    return Promise.resolve({ outcome: "never", error: "550 no such mailbox" });
  });
  assert(refused.some((one) => "text" in one && one.text.includes(secret)), "was to be sent");
  const dead = await Array.fromAsync(deps.kv.list({ prefix: keys.outboxDead.under() }));
  assert(dead.length > 0);
  const stored = await Array.fromAsync(deps.kv.list({ prefix: [] }), textOf);
  assertEquals(stored.filter((one) => one.includes(secret)), []);
  const letters = dead.map(textOf);
  assertEquals(letters.filter((one) => one.includes(lia.email) || one.includes(lia.cpf)), []);
  // The representative sends another; its mail arrives, and opens the invitation.
  const path = `/usuarios/convites/${idIn((await alfa.get("/usuarios")).text)}`;
  assertEquals((await alfa.post(path, { acao: "renovar" })).location, `${path}?aviso=renovado`);
  const senha = await provisionalFor(deps, lia.email);
  const answer = await browser().post("/entrar", { login: lia.cpf, senha });
  assertEquals(answer.location, "/convite");
});
