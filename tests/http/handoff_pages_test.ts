import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { setMembership } from "@/core/access/membership.ts";
import { authenticationBy } from "@/core/account/authentication.ts";
import { BY_GOVBR, type System } from "@/core/config/mod.ts";
import {
  ALFA,
  CNES,
  type Enabled,
  enableLia,
  GOVBR,
  idOf,
  lia,
  personOf,
  recognise,
  SECOND_CNES,
  seedRegistries,
  seedRepresentative,
  seedUser,
  signWith,
  systemsAt,
} from "@/tests/fixtures/mod.ts";
import { chooseOperadora, SESSION_COOKIE, sessionToken } from "@/core/account/session.ts";
import type { Deps } from "@/core/deps.ts";
import { keys } from "@/core/store/keys.ts";
import { transact } from "@/core/store/transact.ts";
import { testApp } from "../support/app.ts";
import { Client } from "../support/client.ts";

const SYSTEMS: System[] = systemsAt("https://cadsus.example/entrada").map((one) =>
  one.id === "sib" ? { ...one, address: "https://sib.example/" } : one
);
const PAGE = `/acessar/cadsus-web/${CNES}`;

async function open() {
  const deps = await seedRegistries({ systems: SYSTEMS });
  const handle = await testApp(deps);
  return {
    deps,
    handle,
    client: new Client(deps, handle),
    [Symbol.dispose]: deps[Symbol.dispose],
  };
}

type Handle = Awaited<ReturnType<typeof testApp>>;

/** Posts as a script of the page does. */
async function post(
  deps: Deps,
  handle: Handle,
  { session }: Enabled,
  body: unknown,
  at: string,
) {
  const headers = {
    cookie: `${SESSION_COOKIE}=${await sessionToken(deps, session)}`,
    "content-type": "application/json",
  };
  const request = { method: "POST", headers, body: JSON.stringify(body) };
  const response = await handle(new Request(deps.config.origin + at, request));
  return { status: response.status, body: await response.json() };
}

Deno.test("a script gets a token for its challenge, once", async () => {
  using app = await open();
  const { deps, handle } = app;
  const enabled = await enableLia(deps);
  const send = (body: unknown, at = "/api/handoff") => post(deps, handle, enabled, body, at);
  const { body: challenge } = await send({ purpose: "handoff" }, "/api/computador");
  const proof = await signWith(enabled.computer, challenge);
  const asked = { system: "cadsus-web", cnes: CNES, ...proof };
  const { status, body } = await send(asked);
  assertEquals(status, 200);
  assertEquals(Object.keys(body), ["token", "address", "audience", "issuedAt"]);
  assertEquals(await send(asked).then(({ status, body }) => [status, body.code]), [
    422,
    "computer_challenge_replayed",
  ]);
});

Deno.test("what is no request for a hand-off is refused with a code and words", async () => {
  using app = await open();
  const { deps, handle } = app;
  const enabled = await enableLia(deps);
  const proof = { challengeId: "x", signature: "y", jwk: {} };
  const cases: [unknown, string][] = [
    [null, "handoff_malformed"],
    [{ ...proof, cnes: CNES }, "handoff_malformed"],
    [{ ...proof, system: ["cadsus-web"], cnes: CNES }, "handoff_malformed"],
    [{ system: "cadsus-web", cnes: CNES }, "computer_proof_malformed"],
    [{ ...proof, system: "sib", cnes: CNES }, "handoff_system_unknown"],
    [{ ...proof, system: "cadsus-web", cnes: SECOND_CNES }, "handoff_establishment_missing"],
    [{ ...proof, system: "cadsus-web", cnes: CNES }, "computer_challenge_unknown"],
  ];
  for (const [asked, code] of cases) {
    const { status, body } = await post(deps, handle, enabled, asked, "/api/handoff");
    assertEquals([status, body.code], [422, code]);
    assert(body.message.length > 20);
  }
});

Deno.test("the page shows who, where and which computer; forms may go to the target alone", async () => {
  using app = await open();
  const { deps, handle, client } = app;
  const { session } = await enableLia(deps);
  const { status, text } = await (await client.enter(session)).get(PAGE);
  assertEquals(status, 200);
  for (
    const shown of [lia.name, "OPERADOR", "PAT-1", "Recepção", "cadsus.example", "não comprovado"]
  ) {
    assertStringIncludes(text, shown);
  }
  assertEquals(text.includes(lia.cpf), false);
  assertStringIncludes(text, '<meta name="referrer" content="strict-origin"');
  const response = await handle(new Request(deps.config.origin));
  await response.body?.cancel();
  const policy = response.headers.get("content-security-policy") ?? "";
  assertMatch(policy, /form-action 'self' https:\/\/cadsus\.example;/);
});

Deno.test("each missing step is named, with the way to it", async () => {
  using app = await open();
  const { deps, client } = app;
  const enabled = await enableLia(deps);
  const { state } = enabled.session;
  await deps.kv.set(keys.session(enabled.session.id), {
    ...enabled.session,
    state: { ...state, computer: undefined },
  });
  await client.enter(enabled.session);
  const computer = await client.get(PAGE);
  assertStringIncludes(computer.text, "Falta o terceiro passo");
  assertStringIncludes(computer.text, `href="/solicitar/${CNES}"`);
  const establishment = await client.get(`/acessar/cadsus-web/${SECOND_CNES}`);
  assertStringIncludes(establishment.text, "Falta o primeiro passo");
  await recognise(deps, enabled.session, enabled.computer);
  const cns = { number: "299000000110004", quality: "baixa", source: "consulta", at: 0 };
  await deps.kv.set(keys.account(await idOf(deps, lia)), { ...await personOf(deps, lia), cns });
  const low = await client.get(PAGE);
  assertStringIncludes(low.text, "qualidade baixa");
  assertStringIncludes(low.text, 'href="/conta/cns"');
});

Deno.test("who does not reach the system's minimum reads what to do, and gets no token", async () => {
  const minimum = { acr: BY_GOVBR, cpf: "proved" } as const;
  const deps = await seedRegistries({
    systems: SYSTEMS.map((one) => ({ ...one, minimum })),
    govbr: GOVBR,
  });
  using _ = deps;
  const handle = await testApp(deps);
  const enabled = await enableLia(deps);
  const client = await new Client(deps, handle).enter(enabled.session);
  const unproved = await client.get(PAGE);
  assertStringIncludes(unproved.text, "só recebe quem tem o CPF comprovado");
  assertStringIncludes(unproved.text, 'href="/conta/cpf"');
  assertEquals(unproved.text.includes("Confira"), false);
  const person = await personOf(deps, lia);
  const used = { level: "silver", at: deps.now() } as const;
  await deps.kv.set(keys.account(person.id), { ...person, proof: { by: "govbr", ...used } });
  assertStringIncludes((await client.get(PAGE)).text, "só recebe quem entrou no portal com gov.br");
  const send = (body: unknown, at: string) => post(deps, handle, enabled, body, at);
  const { body: challenge } = await send({ purpose: "handoff" }, "/api/computador");
  const proof = await signWith(enabled.computer, challenge);
  const asked = await send({ system: "cadsus-web", cnes: CNES, ...proof }, "/api/handoff");
  assertEquals([asked.status, asked.body.code], [422, "handoff_govbr_missing"]);
  assertEquals(asked.body.token, undefined);
  const { session } = enabled;
  const state = { ...session.state, ...authenticationBy(deps, "govbr", "silver") };
  await deps.kv.set(keys.session(session.id), { ...session, state });
  assertStringIncludes((await client.get(PAGE)).text, "comprovado por gov.br (prata)");
});

Deno.test("there is no page for a system behind no steps, or an establishment that does not exist", async () => {
  using app = await open();
  const { session } = await enableLia(app.deps);
  await app.client.enter(session);
  const paths = ["/acessar/sib", `/acessar/sib/${CNES}`, "/acessar/nada", "/acessar/cadsus-web/x"];
  for (const path of [...paths, "/acessar/cadsus-web/0000008"]) {
    assertEquals((await app.client.get(path)).status, 404, path);
  }
});

Deno.test("in the name of which establishment: none, the only one, or a choice", async () => {
  using app = await open();
  const { deps, client } = app;
  await seedRepresentative(deps);
  await client.enter(await seedUser(deps, lia));
  const account = await idOf(deps, lia);
  const origin = { kind: "approved", by: account } as const;
  const member = {
    account,
    profile: "OPERADOR",
    since: 0,
    by: account,
    mailbox: "",
    origin,
  } as const;
  const place = (cnes: string) => transact(deps.kv, (tx) => setMembership(tx, { cnes, ...member }));
  const none = await client.get("/acessar/cadsus-web");
  assertStringIncludes(none.text, 'href="/solicitar"');
  await place(CNES);
  assertEquals((await client.get("/acessar/cadsus-web")).location, PAGE);
  await place(SECOND_CNES);
  const { text } = await client.get("/acessar/cadsus-web");
  for (const cnes of [CNES, SECOND_CNES]) {
    assertStringIncludes(text, `href="/acessar/cadsus-web/${cnes}"`);
  }
});

Deno.test("the panel has a way into every granted system", async () => {
  using app = await open();
  const { deps, client } = app;
  await seedRepresentative(deps);
  const session = await seedUser(deps, lia, ["sib", "tiss", "cadsus-web"]);
  const { text } = await (await client.enter((await chooseOperadora(deps, session, ALFA))!))
    .get("/painel");
  assertMatch(
    text,
    /<a href="https:\/\/sib\.example\/" target="_blank" rel="noopener noreferrer">Abrir SIB/,
  );
  assertStringIncludes(text, '<a href="/acessar/cadsus-web">Acessar CadSUS Web</a>');
  assertEquals(text.match(/Aberto fora do portal/g)?.length, 1);
  assertEquals(text.includes("DIOPS"), false);
});
