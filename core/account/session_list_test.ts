import { assert, assertEquals } from "@std/assert";
import {
  auditRecords,
  caio,
  codeOf,
  lia,
  login,
  MINUTE,
  must,
  PASSWORD,
  personOf,
  seedRegistries,
  seedRepresentative,
  seedUser,
} from "@/tests/fixtures/mod.ts";
import { endAllSessions, endOwnSession, listSessions } from "./session_list.ts";
import { readSession, sessionToken } from "./session.ts";

async function peopled() {
  const deps = await seedRegistries();
  await seedRepresentative(deps);
  const session = await seedUser(deps, lia);
  return { deps, session };
}

async function enterAgain(deps: Awaited<ReturnType<typeof seedRegistries>>) {
  const entry = must(await login(deps, { cpf: lia.cpf, password: PASSWORD }));
  if (entry.next !== "logged_in") throw new Error("not logged in");
  return entry.session;
}

Deno.test("the open sessions, the newest use first, this one marked, and no id of a session", async () => {
  const { deps, session } = await peopled();
  using _ = deps;
  deps.advance(2 * MINUTE);
  const second = await enterAgain(deps);
  const views = await listSessions(deps, session);
  assertEquals(views.map(({ current }) => current), [false, true]);
  assertEquals(views[0]!.since - views[1]!.since, 2 * MINUTE);
  assertEquals(views.map(({ agent }) => agent), ["test", "test"]);
  for (const { id } of [session, second]) assert(!JSON.stringify(views).includes(id));
});

Deno.test("one that was left alone is not listed", async () => {
  const { deps } = await peopled();
  using _ = deps;
  deps.advance(31 * MINUTE);
  const second = await enterAgain(deps);
  assertEquals((await listSessions(deps, second)).length, 1);
});

Deno.test("encerrar: that session and no other", async () => {
  const { deps, session } = await peopled();
  using _ = deps;
  deps.advance(2 * MINUTE);
  const second = await enterAgain(deps);
  const [handle] = (await listSessions(deps, session)).filter((one) => !one.current)
    .map((one) => one.handle);
  must(await endOwnSession(deps, await personOf(deps, lia), handle!));
  assertEquals(await readSession(deps, await sessionToken(deps, second)), null);
  assert(await readSession(deps, await sessionToken(deps, session)));
  assert((await auditRecords(deps)).some((one) => one.event === "session.ended"));
});

Deno.test("the handle of somebody else's session, the id itself, and one that is over: nothing ends", async () => {
  const { deps, session } = await peopled();
  using _ = deps;
  const other = await seedUser(deps, caio);
  const [theirs] = await listSessions(deps, other);
  const person = await personOf(deps, lia);
  for (const handle of [theirs!.handle, session.id, other.id, ""]) {
    assertEquals(codeOf(await endOwnSession(deps, person, handle)), "session_not_found");
  }
  assert(await readSession(deps, await sessionToken(deps, other)));
  assert(await readSession(deps, await sessionToken(deps, session)));
});

Deno.test("sair de todas: every one of the person's, nobody else's", async () => {
  const { deps, session } = await peopled();
  using _ = deps;
  const other = await seedUser(deps, caio);
  const second = await enterAgain(deps);
  await endAllSessions(deps, await personOf(deps, lia));
  for (const ended of [session, second]) {
    assertEquals(await readSession(deps, await sessionToken(deps, ended)), null);
  }
  assert(await readSession(deps, await sessionToken(deps, other)));
});
