import { assertEquals } from "@std/assert";
import { DAY, MINUTE, type TestDeps, testDeps } from "@/tests/fixtures/deps.ts";
import { keys } from "../store/keys.ts";
import { read } from "../store/read.ts";
import type { LoggedIn, Session } from "../store/records/session.ts";
import { transact } from "../store/transact.ts";
import { authenticationBy } from "./authentication.ts";
import { storeCode, tryCode } from "./code.ts";
import { proofAsked } from "./reauthenticate.ts";
import { createSession, LIFE, readSession, sessionToken } from "./session.ts";
import { linkProof } from "./telegram/link.ts";
import { noteTelegramState } from "./telegram/reach.ts";
import { consumeAttempt, type Limit } from "./throttle.ts";
import type { Account } from "../store/records/account.ts";
import { newAccountId } from "./account.ts";
import { BY_PASSWORD } from "@/tests/fixtures/mod.ts";

const HOUR = 60 * MINUTE;

function loggedIn(deps: TestDeps): Promise<Session<LoggedIn>> {
  const state: LoggedIn = {
    ...BY_PASSWORD,
    kind: "person",
    account: newAccountId(deps.now()),
    certificate: null,
    operadora: null,
    authenticatedAt: deps.now(),
    ...authenticationBy(deps, "password"),
  };
  return transact(deps.kv, (tx) => createSession(deps, tx, { state, agent: "test" }));
}

Deno.test("a clock set back an hour signs nobody out, and lengthens no session by more than its own life", async () => {
  using deps = await testDeps();
  const session = await loggedIn(deps);
  const opens = async () => await readSession(deps, await sessionToken(deps, session)) !== null;
  deps.advance(-HOUR);
  assertEquals(await opens(), true);
  // Idle from the last request on, by the clock that is right.
  deps.advance(LIFE.person.idle - 1);
  assertEquals(await opens(), true);
  deps.advance(LIFE.person.idle);
  assertEquals(await opens(), false);
});

Deno.test("the whole life of a session counts from when the clock was set back", async () => {
  using deps = await testDeps();
  const session = await loggedIn(deps);
  deps.advance(-HOUR);
  const step = 20 * MINUTE;
  const seen = async () => await readSession(deps, await sessionToken(deps, session));
  for (let gone = 0; gone < LIFE.person.absolute; gone += step) {
    assertEquals(await seen() !== null, true, `${gone}`);
    deps.advance(step);
  }
  assertEquals(await seen(), null);
});

Deno.test("a session that was last used a day ahead is over", async () => {
  using deps = await testDeps();
  deps.advance(DAY);
  const session = await loggedIn(deps);
  deps.advance(-DAY);
  assertEquals(await readSession(deps, await sessionToken(deps, session)), null);
});

Deno.test("a clock that jumps a day ahead ends the session, and it stays ended for the idle", async () => {
  using deps = await testDeps();
  const session = await loggedIn(deps);
  deps.advance(DAY);
  assertEquals(await readSession(deps, await sessionToken(deps, session)), null);
});

Deno.test("a code lives no longer because the clock went back", async () => {
  using deps = await testDeps();
  const code = { purpose: "test", owner: "session", code: "ABCD2345" };
  const typed = { purpose: "test", owner: "session", typed: "ABCD2345" };
  await transact(deps.kv, (tx) => storeCode(deps, tx, code));
  deps.advance(-HOUR);
  const tried = await tryCode(deps, typed);
  assertEquals(tried.ok ? "ok" : tried.code, "code_expired");
  deps.advance(HOUR - 30_000);
  assertEquals((await tryCode(deps, typed)).ok, true, "clocks of two machines differ a little");
});

Deno.test("who may not try again waits no longer because the clock went back", async () => {
  using deps = await testDeps();
  const limit: Limit = { what: "test", attempts: 2, window: 15 * MINUTE };
  for (let i = 0; i < 2; i++) await consumeAttempt(deps, limit, "a");
  deps.advance(-HOUR);
  const refused = await consumeAttempt(deps, limit, "a");
  assertEquals(!refused.ok && refused.detail, { minutos: 15 });
  deps.advance(HOUR + 15 * MINUTE);
  assertEquals((await consumeAttempt(deps, limit, "a")).ok, true);
});

Deno.test("a login of a time to come is no fresh proof", async () => {
  using deps = await testDeps();
  const session = await loggedIn(deps);
  session.state.govbr = { level: "gold" };
  const person = { password: null } as unknown as Account;
  assertEquals(proofAsked(deps, person, session), "govbr");
  assertEquals(linkProof(deps, person, session), "recent");
  deps.advance(-HOUR);
  assertEquals(proofAsked(deps, person, session), "govbr_again");
  assertEquals(linkProof(deps, person, session), "govbr_again");
});

Deno.test("that the bot spoke with Telegram is noted after the clock went back, too", async () => {
  using deps = await testDeps();
  await noteTelegramState(deps, { mode: "polling" });
  deps.advance(-HOUR);
  await noteTelegramState(deps, { mode: "polling" });
  assertEquals((await read(deps.kv, keys.telegramState()))?.okAt, deps.now());
});
