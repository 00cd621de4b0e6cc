import { assert, assertEquals, assertMatch } from "@std/assert";
import { chooseOperadora, openVisit } from "@/core/account/session.ts";
import { TERMS_VERSION } from "@/core/account/terms.ts";
import {
  ALFA,
  caio,
  idOf,
  lia,
  makeComputer,
  MINUTE,
  seedRegistries,
  seedRepresentative,
  seedUser,
  signWith,
} from "@/tests/fixtures/mod.ts";
import { keys } from "@/core/store/keys.ts";
import type { LoggedIn, Session } from "@/core/store/records/session.ts";
import { testApp } from "../support/app.ts";
import { Client } from "../support/client.ts";

const CHALLENGE = "/api/computador";
const PROOF = "/api/computador/prova";

const computer = await makeComputer();
const stranger = await makeComputer();

async function peopled() {
  const deps = await seedRegistries();
  const handle = await testApp(deps);
  await seedRepresentative(deps);
  const session = (await chooseOperadora(deps, await seedUser(deps, lia), ALFA))!;
  const client = await new Client(deps, handle).enter(session);
  const send = async (path: string, value: unknown, by = client) => {
    const { status, text } = await by.postJson(path, value);
    return { status, body: JSON.parse(text) };
  };
  const challenge = async (purpose = "login") => (await send(CHALLENGE, { purpose })).body;
  const answer = async (purpose = "login", by = computer) => ({
    purpose,
    ...await signWith(by, await challenge(purpose)),
  });
  const enter = async (session: Session) => await new Client(deps, handle).enter(session);
  return { deps, handle, session, client, send, challenge, answer, enter };
}

type Peopled = Awaited<ReturnType<typeof peopled>>;

Deno.test("a challenge, its signature, and the session knows its computer", async () => {
  const { deps, send, answer, session } = await peopled();
  using _ = deps;
  const proof = await answer();
  assertEquals(await send(PROOF, proof), {
    status: 200,
    body: { thumbprint: computer.thumbprint },
  });
  const { value } = await deps.kv.get<Session<LoggedIn>>(keys.session(session.id));
  assertEquals(value?.state.computer, computer.thumbprint);
});

Deno.test("a browser that has lost its key says so, and the session forgets its computer", async () => {
  const { deps, send, answer, session, handle } = await peopled();
  using _ = deps;
  const FORGET = "/api/computador/esquecer";
  await send(PROOF, await answer());
  assertEquals((await send(FORGET, {}, new Client(deps, handle))).status, 401);
  const known = async () =>
    (await deps.kv.get<Session<LoggedIn>>(keys.session(session.id))).value?.state.computer;
  assertEquals(await known(), computer.thumbprint);
  for (let twice = 0; twice < 2; twice++) {
    assertEquals((await send(FORGET, {})).status, 200);
    assertEquals(await known(), undefined);
  }
});

const { x, y } = computer.jwk;
/** What is sent instead of a good proof, and how it is refused. */
const REFUSALS: Record<string, { change: (at: Peopled) => Promise<unknown>; code: string }> = {
  "garbage": { change: () => Promise.resolve("lixo"), code: "computer_proof_malformed" },
  "a proof without parts": { change: () => Promise.resolve({}), code: "computer_proof_malformed" },
  "a challenge that nobody made": {
    change: async ({ answer }) => ({ ...await answer(), challengeId: "A".repeat(22) }),
    code: "computer_challenge_unknown",
  },
  "a replay": {
    change: async ({ answer, send }) => {
      const proof = await answer();
      await send(PROOF, proof);
      return proof;
    },
    code: "computer_challenge_replayed",
  },
  "a late answer": {
    change: async ({ answer, deps }) => {
      const proof = await answer();
      deps.advance(5 * MINUTE);
      return proof;
    },
    code: "computer_challenge_expired",
  },
  "a challenge of somebody else's session": {
    change: async ({ deps, enter, send }) => {
      const other = await enter(await seedUser(deps, caio));
      const challenge = (await send(CHALLENGE, { purpose: "login" }, other)).body;
      return { purpose: "login", ...await signWith(computer, challenge) };
    },
    code: "computer_challenge_other_session",
  },
  "a challenge for another purpose": {
    change: async ({ answer }) => ({ ...await answer("request"), purpose: "login" }),
    code: "computer_challenge_other_purpose",
  },
  "a challenge for a hand-off": {
    change: async ({ answer }) => ({ ...await answer("handoff"), purpose: "request" }),
    code: "computer_challenge_other_purpose",
  },
  "a proof for a hand-off": {
    change: ({ answer }) => answer("handoff"),
    code: "computer_purpose_unknown",
  },
  "a proof for nothing": {
    change: async ({ answer }) => ({ ...await answer(), purpose: "" }),
    code: "computer_purpose_unknown",
  },
  "a signature by another key": {
    change: async ({ answer }) => ({ ...await answer("login", stranger), jwk: computer.jwk }),
    code: "computer_signature_mismatch",
  },
  "a signature that is none": {
    change: async ({ answer }) => ({ ...await answer(), signature: "assinado" }),
    code: "computer_signature_malformed",
  },
  "a private key": {
    change: async ({ answer }) => ({ ...await answer(), jwk: { ...computer.jwk, d: x } }),
    code: "computer_key_private",
  },
  "an RSA key": {
    change: async ({ answer }) => ({
      ...await answer(),
      jwk: { kty: "RSA", n: "AQAB", e: "AQAB" },
    }),
    code: "computer_key_type",
  },
  "a key of another curve": {
    change: async ({ answer }) => ({ ...await answer(), jwk: { ...computer.jwk, crv: "P-384" } }),
    code: "computer_key_curve",
  },
  "a point that is not on the curve": {
    change: async ({ answer }) => ({ ...await answer(), jwk: { ...computer.jwk, x: y, y: x } }),
    code: "computer_key_malformed",
  },
};

Deno.test("each bad proof is refused with words of its own, and the session learns nothing", async () => {
  const texts = new Map<string, string>();
  const at = await peopled();
  using _ = at.deps;
  for (const [name, { change, code }] of Object.entries(REFUSALS)) {
    const proof = await change(at);
    await at.deps.kv.set(keys.session(at.session.id), at.session);
    const { status, body } = await at.send(PROOF, proof);
    assertEquals([status, body.code], [422, code], name);
    assertMatch(body.message, /^[A-Z].+\.$/, name);
    texts.set(code, body.message);
    const { value } = await at.deps.kv.get<Session<LoggedIn>>(keys.session(at.session.id));
    assertEquals(value?.state.computer, undefined, name);
  }
  assertEquals(new Set(texts.values()).size, texts.size);
});

Deno.test("a challenge is for a purpose that the portal knows", async () => {
  const { deps, send } = await peopled();
  using _ = deps;
  for (const value of [{}, null, { purpose: "register" }, { purpose: "toString" }, "login"]) {
    const { status, body } = await send(CHALLENGE, value);
    assertEquals([status, body.code], [422, "computer_purpose_unknown"]);
  }
});

Deno.test("only who is logged in, with the terms accepted, is answered", async () => {
  const { deps, handle, client, enter, send } = await peopled();
  using _ = deps;
  const visitors = [
    new Client(deps, handle),
    await enter(openVisit(deps, { agent: "test" })),
  ];
  for (const path of [CHALLENGE, PROOF]) {
    for (const by of visitors) {
      const { status, body } = await send(path, { purpose: "login" }, by);
      assertEquals([status, body.code], [401, "session_ended"]);
    }
  }
  await deps.kv.delete(keys.termsAccepted(await idOf(deps, lia), TERMS_VERSION));
  for (const path of [CHALLENGE, PROOF]) {
    const { status, body } = await send(path, { purpose: "login" }, client);
    assertEquals([status, body.code], [403, "terms_not_accepted"]);
  }
});

Deno.test("a form, another site's script and a flood are no questions of the page's script", async () => {
  const { deps, handle, client } = await peopled();
  using _ = deps;
  const form = await client.post(CHALLENGE, { purpose: "login" });
  assertEquals(form.status, 422);
  for (const type of ["text/plain", "application/jsonp", "text/plain; application/json"]) {
    assertEquals((await client.postJson(CHALLENGE, { purpose: "login" }, type)).status, 422, type);
  }
  const said = "Application/JSON; charset=utf-8";
  assertEquals((await client.postJson(CHALLENGE, { purpose: "login" }, said)).status, 200);
  const foreign = new Request(new URL(CHALLENGE, deps.config.origin), {
    method: "POST",
    headers: { "content-type": "application/json", "sec-fetch-site": "cross-site" },
    body: '{"purpose":"login"}',
  });
  assertEquals((await handle(foreign)).status, 403);
  const flood = await client.postJson(PROOF, "x".repeat(300_000));
  assertEquals(flood.status, 413);
  assert((await client.get(CHALLENGE)).status === 405);
});
