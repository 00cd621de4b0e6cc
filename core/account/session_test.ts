import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { SignJWT, UnsecuredJWT } from "jose";
import type { Portal } from "../portal.ts";
import { keys } from "../store/keys.ts";
import type { LoggedIn, Session } from "../store/records/session.ts";
import { transact } from "../store/transact.ts";
import { testPortal } from "../testing.ts";
import { interrupted, lia, MINUTE, rosa, visit } from "../testing_world.ts";
import {
  chooseOperadora,
  createSession,
  endSession,
  endSessionsOf,
  LIFE,
  readSession,
  sessionToken,
} from "./session.ts";

function loggedIn(portal: Portal, cpf = lia.cpf): Promise<Session<LoggedIn>> {
  const state: LoggedIn = {
    kind: "person",
    cpf,
    certificate: null,
    operadora: null,
    authenticatedAt: portal.now(),
  };
  return transact(portal.kv, (tx) => createSession(portal, tx, { state, agent: "test" }));
}

/** Whether the cookie of a session still opens it. */
async function opens(portal: Portal, session: Session): Promise<boolean> {
  return await readSession(portal, await sessionToken(portal, session)) !== null;
}

function signed(portal: Portal, sid: unknown, options: { secret?: string; audience?: string }) {
  const { secret = portal.config.secret, audience = portal.config.origin } = options;
  return new SignJWT({ sid })
    .setProtectedHeader({ alg: "HS256" })
    .setAudience(audience)
    .setExpirationTime(Math.floor(portal.now() / 1000) + 3600)
    .sign(new TextEncoder().encode(secret));
}

Deno.test("a cookie names its session", async () => {
  using portal = await testPortal();
  const session = await visit(portal);
  assertEquals(await readSession(portal, await sessionToken(portal, session)), session);
  assertEquals(await readSession(portal, await signed(portal, session.id, {})), session);
});

Deno.test("forged, foreign and damaged tokens name no session", async () => {
  using portal = await testPortal();
  const session = await visit(portal);
  const token = await sessionToken(portal, session);
  const [header, payload, signature] = token.split(".");
  const none = new UnsecuredJWT({ sid: session.id }).setAudience(portal.config.origin).encode();
  const hs512 = await new SignJWT({ sid: session.id })
    .setProtectedHeader({ alg: "HS512" })
    .setAudience(portal.config.origin)
    .sign(new TextEncoder().encode(portal.config.secret));
  const other = await visit(portal);
  const forged = {
    empty: "",
    "the bare id": session.id,
    "no signature": `${header}.${payload}.`,
    "alg none": none,
    "alg none with the old signature": `${none}${signature}`,
    "another algorithm": hs512,
    "another secret": await signed(portal, session.id, { secret: "x".repeat(40) }),
    "another audience": await signed(portal, session.id, { audience: "https://evil.example" }),
    "another session's payload": `${header}.${
      (await sessionToken(portal, other)).split(".")[1]
    }.${signature}`,
    "an id that is no text": await signed(portal, [session.id], {}),
    "an unknown id": await signed(portal, "AAAAAAAAAAAAAAAAAAAAAA", {}),
  };
  for (const [what, value] of Object.entries(forged)) {
    assertEquals(await readSession(portal, value), null, what);
  }
});

Deno.test("idle: a visit and a login end after 30 minutes without a request", async () => {
  using portal = await testPortal();
  for (const open of [visit, loggedIn]) {
    const session: Session = await open(portal);
    portal.advance(LIFE.person.idle - 1);
    assert(await opens(portal, session));
    portal.advance(LIFE.person.idle - 1);
    assert(await opens(portal, session), "the request before counted");
    portal.advance(LIFE.person.idle);
    assert(!await opens(portal, session));
  }
});

Deno.test("absolute: use does not lengthen a session", async () => {
  using portal = await testPortal();
  for (const open of [visit, loggedIn]) {
    const session: Session = await open(portal);
    const { absolute } = LIFE[session.state.kind];
    for (let passed = 0; passed < absolute; passed += 20 * MINUTE) {
      assert(await opens(portal, session));
      portal.advance(20 * MINUTE);
    }
    assert(!await opens(portal, session));
  }
});

Deno.test("absolute: choosing an operadora again and again does not lengthen a session", async () => {
  using portal = await testPortal();
  let session = await loggedIn(portal);
  const start = portal.now();
  for (let passed = 0; passed < LIFE.person.absolute; passed += 20 * MINUTE) {
    session = (await chooseOperadora(portal, session, `operadora ${passed}`))!;
    assertEquals(session.expiresAt, start + LIFE.person.absolute);
    portal.advance(20 * MINUTE);
  }
  assert(!await opens(portal, session));
  assertEquals(await chooseOperadora(portal, session, "late"), null);
});

Deno.test("choosing an operadora gives a new id; the old cookie is worth nothing", async () => {
  using portal = await testPortal();
  const session = await loggedIn(portal);
  const chosen = (await chooseOperadora(portal, session, "x"))!;
  assertNotEquals(chosen.id, session.id);
  assertEquals(chosen.state.operadora, "x");
  assert(!await opens(portal, session));
  assert(await opens(portal, chosen));
});

Deno.test("a choice posted twice makes one session", async () => {
  using portal = await testPortal();
  const session = await loggedIn(portal);
  const outcomes = await Promise.all([
    chooseOperadora(portal, session, "x"),
    chooseOperadora(portal, session, "y"),
  ]);
  assertEquals(outcomes.filter((outcome) => outcome !== null).length, 1);
  const sessions = portal.kv.list({ prefix: keys.session.under() });
  assertEquals((await Array.fromAsync(sessions)).length, 1);
  const index = portal.kv.list({ prefix: keys.sessionByPerson.under(lia.cpf) });
  assertEquals((await Array.fromAsync(index)).length, 1);
});

Deno.test("a choice after the end: logout, idle time, never logged in", async () => {
  using portal = await testPortal();
  const out = await loggedIn(portal);
  await endSession(portal, out);
  assertEquals(await chooseOperadora(portal, out, "x"), null);
  const idle = await loggedIn(portal);
  portal.advance(LIFE.person.idle);
  assertEquals(await chooseOperadora(portal, idle, "x"), null);
  const visiting = await visit(portal);
  assertEquals(await chooseOperadora(portal, visiting as unknown as typeof idle, "x"), null);
});

Deno.test("logout makes the cookie worthless; logging out twice changes nothing", async () => {
  using portal = await testPortal();
  const session = await loggedIn(portal);
  const other = await loggedIn(portal);
  await endSession(portal, session);
  await endSession(portal, session);
  assert(!await opens(portal, session));
  assert(await opens(portal, other));
});

Deno.test("a request under way does not bring a session back that was ended", async () => {
  using portal = await testPortal();
  for (let round = 0; round < 20; round++) {
    const session = await loggedIn(portal);
    const token = await sessionToken(portal, session);
    portal.advance(2 * MINUTE);
    await Promise.all([readSession(portal, token), endSession(portal, session)]);
    assertEquals(await readSession(portal, token), null);
  }
});

Deno.test("a session that ends while a request notes its use stays ended", async () => {
  using portal = await testPortal();
  const ends: ((session: Session) => Promise<unknown>)[] = [
    (session) => endSession(portal, session),
    (session) =>
      portal.kv.set(keys.session(session.id), { ...session, expiresAt: portal.now() - 1 }),
  ];
  for (const end of ends) {
    const session = await loggedIn(portal);
    const token = await sessionToken(portal, session);
    portal.advance(2 * MINUTE);
    assertEquals(await readSession(interrupted(portal, 1, () => end(session)), token), null);
    assert(!await opens(portal, session));
  }
});

Deno.test("ending all sessions of a person leaves those of others", async () => {
  using portal = await testPortal();
  const own = [await loggedIn(portal), await loggedIn(portal)];
  const chosen = (await chooseOperadora(portal, own[0]!, "x"))!;
  const foreign = await loggedIn(portal, rosa.cpf);
  await endSessionsOf(portal, lia.cpf);
  for (const session of [...own, chosen]) assert(!await opens(portal, session));
  assert(await opens(portal, foreign));
  const index = portal.kv.list({ prefix: keys.sessionByPerson.under(lia.cpf) });
  assertEquals((await Array.fromAsync(index)).length, 0);
});

Deno.test("an id has 128 random bits, the browser's name is cut", async () => {
  using portal = await testPortal();
  const state = {
    kind: "visiting",
    certificate: null,
    registration: null,
    firstAccess: null,
  } as const;
  const session = await transact(
    portal.kv,
    (tx) => createSession(portal, tx, { state, agent: "a".repeat(5000) }),
  );
  assert(/^[\w-]{22}$/.test(session.id));
  assertEquals(session.agent.length, 200);
});
