import { assert, assertEquals } from "@std/assert";
import {
  auditRecords,
  caio,
  codeOf,
  enterRepresentative,
  enterUser,
  lia,
  login,
  MINUTE,
  must,
  PASSWORD,
  personOf,
  world,
} from "../testing_world.ts";
import { endAllSessions, endOwnSession, listSessions } from "./session_list.ts";
import { readSession, sessionToken } from "./session.ts";

async function peopled() {
  const portal = await world();
  await enterRepresentative(portal);
  const session = await enterUser(portal, lia);
  return { portal, session };
}

async function enterAgain(portal: Awaited<ReturnType<typeof world>>) {
  const entry = must(await login(portal, { cpf: lia.cpf, password: PASSWORD }));
  if (entry.next !== "logged_in") throw new Error("not logged in");
  return entry.session;
}

Deno.test("the open sessions, the newest use first, this one marked, and no id of a session", async () => {
  const { portal, session } = await peopled();
  using _ = portal;
  portal.advance(2 * MINUTE);
  const second = await enterAgain(portal);
  const views = await listSessions(portal, session);
  assertEquals(views.map(({ current }) => current), [false, true]);
  assertEquals(views[0]!.since - views[1]!.since, 2 * MINUTE);
  assertEquals(views.map(({ agent }) => agent), ["test", "test"]);
  for (const { id } of [session, second]) assert(!JSON.stringify(views).includes(id));
});

Deno.test("one that was left alone is not listed", async () => {
  const { portal } = await peopled();
  using _ = portal;
  portal.advance(31 * MINUTE);
  const second = await enterAgain(portal);
  assertEquals((await listSessions(portal, second)).length, 1);
});

Deno.test("encerrar: that session and no other", async () => {
  const { portal, session } = await peopled();
  using _ = portal;
  portal.advance(2 * MINUTE);
  const second = await enterAgain(portal);
  const [handle] = (await listSessions(portal, session)).filter((one) => !one.current)
    .map((one) => one.handle);
  must(await endOwnSession(portal, await personOf(portal, lia), handle!));
  assertEquals(await readSession(portal, await sessionToken(portal, second)), null);
  assert(await readSession(portal, await sessionToken(portal, session)));
  assert((await auditRecords(portal)).some((one) => one.event === "session.ended"));
});

Deno.test("the handle of somebody else's session, the id itself, and one that is over: nothing ends", async () => {
  const { portal, session } = await peopled();
  using _ = portal;
  const other = await enterUser(portal, caio);
  const [theirs] = await listSessions(portal, other);
  const person = await personOf(portal, lia);
  for (const handle of [theirs!.handle, session.id, other.id, ""]) {
    assertEquals(codeOf(await endOwnSession(portal, person, handle)), "session_not_found");
  }
  assert(await readSession(portal, await sessionToken(portal, other)));
  assert(await readSession(portal, await sessionToken(portal, session)));
});

Deno.test("sair de todas: every one of the person's, nobody else's", async () => {
  const { portal, session } = await peopled();
  using _ = portal;
  const other = await enterUser(portal, caio);
  const second = await enterAgain(portal);
  await endAllSessions(portal, await personOf(portal, lia));
  for (const ended of [session, second]) {
    assertEquals(await readSession(portal, await sessionToken(portal, ended)), null);
  }
  assert(await readSession(portal, await sessionToken(portal, other)));
});
