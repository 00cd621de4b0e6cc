import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { SignJWT, UnsecuredJWT } from "jose";
import type { Deps } from "../deps.ts";
import { keysFor } from "../secrets.ts";
import { keys } from "../store/keys.ts";
import type { LoggedIn, Session } from "../store/records/session.ts";
import { transact } from "../store/transact.ts";
import {
  anonymous,
  BY_PASSWORD,
  interrupted,
  MINUTE,
  recordedVisit,
  testDeps,
} from "@/tests/fixtures/mod.ts";
import { authenticationBy } from "./authentication.ts";
import { newAccountId } from "./account.ts";
import {
  advanceSession,
  chooseOperadora,
  createSession,
  currentAnonymous,
  endSession,
  endSessionsOf,
  LIFE,
  readSession,
  readVisit,
  sessionToken,
} from "./session.ts";

const [OWN, FOREIGN] = [newAccountId(1), newAccountId(2)];

function loggedIn(deps: Deps, account = OWN): Promise<Session<LoggedIn>> {
  const state: LoggedIn = {
    ...BY_PASSWORD,
    kind: "person",
    account,
    certificate: null,
    operadora: null,
    authenticatedAt: deps.now(),
    ...authenticationBy(deps, "password"),
  };
  return transact(deps.kv, (tx) => createSession(deps, tx, { state, agent: "test" }));
}

/** Whether the cookie of a session still opens it. */
async function opens(deps: Deps, session: Session): Promise<boolean> {
  return await readSession(deps, await sessionToken(deps, session)) !== null;
}

function signed(deps: Deps, sid: unknown, options: { key?: Uint8Array; audience?: string }) {
  const { key = keysFor(deps.config, "sessions")[0]!, audience = deps.config.origin } = options;
  return new SignJWT({ sid })
    .setProtectedHeader({ alg: "HS256" })
    .setAudience(audience)
    .setExpirationTime(Math.floor(deps.now() / 1000) + 3600)
    .sign(key);
}

Deno.test("a cookie names its session", async () => {
  using deps = await testDeps();
  const session = await recordedVisit(deps);
  assertEquals(await readSession(deps, await sessionToken(deps, session)), session);
  assertEquals(await readSession(deps, await signed(deps, session.id, {})), session);
});

Deno.test("a visit is in its cookie alone, for two hours, until there is something to keep", async () => {
  using deps = await testDeps();
  const visit = anonymous(deps);
  const token = await sessionToken(deps, visit);
  const found = (await readVisit(deps, token, "test")).session;
  assertEquals(found, visit);
  deps.advance(LIFE.anonymous.absolute - 1_000);
  assertEquals((await readSession(deps, token))?.id, visit.id);
  assertEquals(await Array.fromAsync(deps.kv.list({ prefix: [] })), []);
  const kept = await transact(deps.kv, (tx) => advanceSession(deps, tx, visit, visit.state));
  const stored = (await deps.kv.get<Session>(keys.session(visit.id))).value!;
  assert(!("visit" in stored), "the record is a session like any other");
  assertEquals(await readSession(deps, await sessionToken(deps, kept)), stored);
  deps.advance(1_000);
  assertEquals(await readSession(deps, token), null);
});

Deno.test("forms posted with one visit at the same time make one record", async () => {
  using deps = await testDeps();
  const visit = anonymous(deps);
  const steps = [1, 2, 3].map(() =>
    transact(deps.kv, async (tx) => {
      const current = await currentAnonymous(deps, tx, visit);
      advanceSession(deps, tx, current!, visit.state);
      return current!.visit === true;
    })
  );
  assertEquals((await Promise.all(steps)).filter(Boolean).length, 1);
});

Deno.test("forged, foreign and damaged tokens name no session", async () => {
  using deps = await testDeps();
  const session = await anonymous(deps);
  const token = await sessionToken(deps, session);
  const [header, payload, signature] = token.split(".");
  const none = new UnsecuredJWT({ sid: session.id }).setAudience(deps.config.origin).encode();
  const hs512 = await new SignJWT({ sid: session.id })
    .setProtectedHeader({ alg: "HS512" })
    .setAudience(deps.config.origin)
    .sign(keysFor(deps.config, "sessions")[0]!);
  const other = await anonymous(deps);
  const forged = {
    empty: "",
    "the bare id": session.id,
    "no signature": `${header}.${payload}.`,
    "alg none": none,
    "alg none with the old signature": `${none}${signature}`,
    "another algorithm": hs512,
    "another secret": await signed(deps, session.id, { key: new Uint8Array(32) }),
    "the secret itself": await signed(deps, session.id, {
      key: new TextEncoder().encode(deps.config.secrets[0]),
    }),
    "the key of another purpose": await signed(deps, session.id, {
      key: keysFor(deps.config, "codes")[0]!,
    }),
    "another audience": await signed(deps, session.id, { audience: "https://evil.example" }),
    "another session's payload": `${header}.${
      (await sessionToken(deps, other)).split(".")[1]
    }.${signature}`,
    "an id that is no text": await signed(deps, [session.id], {}),
    "an unknown id": await signed(deps, "AAAAAAAAAAAAAAAAAAAAAA", {}),
  };
  for (const [what, value] of Object.entries(forged)) {
    assertEquals(await readSession(deps, value), null, what);
  }
});

Deno.test("idle: a visit and a login end after 30 minutes without a request", async () => {
  using deps = await testDeps();
  for (const open of [recordedVisit, loggedIn]) {
    const session: Session = await open(deps);
    deps.advance(LIFE.person.idle - 1);
    assert(await opens(deps, session));
    deps.advance(LIFE.person.idle - 1);
    assert(await opens(deps, session), "the request before counted");
    deps.advance(LIFE.person.idle);
    assert(!await opens(deps, session));
  }
});

Deno.test("absolute: use does not lengthen a session", async () => {
  using deps = await testDeps();
  for (const open of [anonymous, loggedIn]) {
    const session: Session = await open(deps);
    const { absolute } = LIFE[session.state.kind];
    for (let passed = 0; passed < absolute; passed += 20 * MINUTE) {
      assert(await opens(deps, session));
      deps.advance(20 * MINUTE);
    }
    assert(!await opens(deps, session));
  }
});

Deno.test("absolute: choosing an operadora again and again does not lengthen a session", async () => {
  using deps = await testDeps();
  let session = await loggedIn(deps);
  const start = deps.now();
  for (let passed = 0; passed < LIFE.person.absolute; passed += 20 * MINUTE) {
    session = (await chooseOperadora(deps, session, `operadora ${passed}`))!;
    assertEquals(session.expiresAt, start + LIFE.person.absolute);
    deps.advance(20 * MINUTE);
  }
  assert(!await opens(deps, session));
  assertEquals(await chooseOperadora(deps, session, "late"), null);
});

Deno.test("choosing an operadora gives a new id; the old cookie is worth nothing", async () => {
  using deps = await testDeps();
  const session = await loggedIn(deps);
  const chosen = (await chooseOperadora(deps, session, "x"))!;
  assertNotEquals(chosen.id, session.id);
  assertEquals(chosen.state.operadora, "x");
  assert(!await opens(deps, session));
  assert(await opens(deps, chosen));
});

Deno.test("a choice posted twice makes one session", async () => {
  using deps = await testDeps();
  const session = await loggedIn(deps);
  const outcomes = await Promise.all([
    chooseOperadora(deps, session, "x"),
    chooseOperadora(deps, session, "y"),
  ]);
  assertEquals(outcomes.filter((outcome) => outcome !== null).length, 1);
  const sessions = deps.kv.list({ prefix: keys.session.under() });
  assertEquals((await Array.fromAsync(sessions)).length, 1);
  const index = deps.kv.list({ prefix: keys.sessionOfAccount.under(OWN) });
  assertEquals((await Array.fromAsync(index)).length, 1);
});

Deno.test("a choice after the end: logout, idle time, never logged in", async () => {
  using deps = await testDeps();
  const out = await loggedIn(deps);
  await endSession(deps, out);
  assertEquals(await chooseOperadora(deps, out, "x"), null);
  const idle = await loggedIn(deps);
  deps.advance(LIFE.person.idle);
  assertEquals(await chooseOperadora(deps, idle, "x"), null);
  const visiting = await anonymous(deps);
  assertEquals(await chooseOperadora(deps, visiting as unknown as typeof idle, "x"), null);
});

Deno.test("logout makes the cookie worthless; logging out twice changes nothing", async () => {
  using deps = await testDeps();
  const session = await loggedIn(deps);
  const other = await loggedIn(deps);
  await endSession(deps, session);
  await endSession(deps, session);
  assert(!await opens(deps, session));
  assert(await opens(deps, other));
});

Deno.test("a request under way does not bring a session back that was ended", async () => {
  using deps = await testDeps();
  for (let round = 0; round < 20; round++) {
    const session = await loggedIn(deps);
    const token = await sessionToken(deps, session);
    deps.advance(2 * MINUTE);
    await Promise.all([readSession(deps, token), endSession(deps, session)]);
    assertEquals(await readSession(deps, token), null);
  }
});

Deno.test("a session that ends while a request notes its use stays ended", async () => {
  using deps = await testDeps();
  const ends: ((session: Session) => Promise<unknown>)[] = [
    (session) => endSession(deps, session),
    (session) => deps.kv.set(keys.session(session.id), { ...session, expiresAt: deps.now() - 1 }),
  ];
  for (const end of ends) {
    const session = await loggedIn(deps);
    const token = await sessionToken(deps, session);
    deps.advance(2 * MINUTE);
    assertEquals(await readSession(interrupted(deps, 1, () => end(session)), token), null);
    assert(!await opens(deps, session));
  }
});

Deno.test("ending all sessions of a person leaves those of others", async () => {
  using deps = await testDeps();
  const own = [await loggedIn(deps), await loggedIn(deps)];
  const chosen = (await chooseOperadora(deps, own[0]!, "x"))!;
  const foreign = await loggedIn(deps, FOREIGN);
  await endSessionsOf(deps, OWN);
  for (const session of [...own, chosen]) assert(!await opens(deps, session));
  assert(await opens(deps, foreign));
  const index = deps.kv.list({ prefix: keys.sessionOfAccount.under(OWN) });
  assertEquals((await Array.fromAsync(index)).length, 0);
});

Deno.test("an id has 128 random bits, the browser's name is cut", async () => {
  using deps = await testDeps();
  const state = {
    kind: "anonymous",
    certificate: null,
    onboarding: null,
  } as const;
  const session = await transact(
    deps.kv,
    (tx) => createSession(deps, tx, { state, agent: "a".repeat(5000) }),
  );
  assert(/^[\w-]{22}$/.test(session.id));
  assertEquals(session.agent.length, 200);
});

Deno.test("a session of a kind that this version does not have counts as ended", async () => {
  using deps = await testDeps();
  const session = await recordedVisit(deps);
  const token = await sessionToken(deps, session);
  assert(await readSession(deps, token));
  await deps.kv.set(keys.session(session.id), { ...session, state: { kind: "visiting" } });
  assertEquals(await readSession(deps, token), null);
});
