import { assertEquals } from "@std/assert";
import { chooseOperadora, endSession, LIFE, readSession, sessionToken } from "../session.ts";
import type { Portal } from "../../portal.ts";
import type { LoggedIn, Session } from "../../store/records/session.ts";
import {
  ALFA,
  auditRecords,
  codeOf,
  deactivate,
  enterRepresentative,
  enterUser,
  interrupted,
  lia,
  must,
  personOf,
  world,
} from "../../testing_world.ts";
import { createComputerChallenge } from "./proof.ts";
import { forgetComputer, proveComputer } from "./prove.ts";
import { makeComputer, signWith, type TestComputer } from "./testing.ts";

const computer = await makeComputer();

async function enter(portal: Portal): Promise<Session<LoggedIn>> {
  await enterRepresentative(portal);
  return await enterUser(portal, lia);
}

async function prove(
  portal: Portal,
  session: Session<LoggedIn>,
  { by = computer, purpose = "login", through = portal }: {
    by?: TestComputer;
    purpose?: "login" | "request";
    through?: Portal;
  } = {},
) {
  const challenge = await createComputerChallenge(portal, { purpose, sessionId: session.id });
  return await proveComputer(through, session, { ...await signWith(by, challenge), purpose });
}

async function stored(portal: Portal, session: Session): Promise<LoggedIn | null> {
  const found = await readSession(portal, await sessionToken(portal, session));
  return found?.state as LoggedIn ?? null;
}

const recognised = async (portal: Portal) =>
  (await auditRecords(portal)).filter(({ event }) => event === "computer.recognised");

Deno.test("the session knows its computer, keeps it with another operadora, and it is logged once", async () => {
  using portal = await world();
  const session = await enter(portal);
  const before = await stored(portal, session);
  assertEquals(before?.computer, undefined);

  must(await prove(portal, session));
  must(await prove(portal, session, { purpose: "request" }));
  assertEquals(await stored(portal, session), { ...before!, computer: computer.thumbprint });
  const { id } = await personOf(portal, lia);
  assertEquals(
    (await recognised(portal)).map(({ actor, subject, detail }) => ({ actor, subject, detail })),
    [{ actor: id, subject: id, detail: { computer: computer.thumbprint, purpose: "login" } }],
  );

  const chosen = (await chooseOperadora(portal, session, ALFA))!;
  assertEquals((await stored(portal, chosen))?.computer, computer.thumbprint);
});

Deno.test("a new key in the middle of a session takes the place of the old, and is logged", async () => {
  using portal = await world();
  const session = await enter(portal);
  const anew = await makeComputer();
  must(await prove(portal, session));
  must(await prove(portal, session, { by: anew }));
  assertEquals((await stored(portal, session))?.computer, anew.thumbprint);
  assertEquals((await recognised(portal)).length, 2);
});

Deno.test("another session of the same person knows nothing of it", async () => {
  using portal = await world();
  const session = await enter(portal);
  const other = (await chooseOperadora(portal, session, ALFA))!;
  assertEquals(codeOf(await prove(portal, session)), "session_ended");
  assertEquals((await stored(portal, other))?.computer, undefined);
});

Deno.test("a refused proof changes nothing", async () => {
  using portal = await world();
  const session = await enter(portal);
  const challenge = await createComputerChallenge(portal, {
    purpose: "handoff",
    sessionId: session.id,
  });
  const proof = { ...await signWith(computer, challenge), purpose: "login" } as const;
  const outcome = await proveComputer(portal, session, proof);
  assertEquals(codeOf(outcome), "computer_challenge_other_purpose");
  assertEquals((await stored(portal, session))?.computer, undefined);
  assertEquals(await recognised(portal), []);
});

Deno.test("an ended session does not come back by a proof", async () => {
  using portal = await world();
  const session = await enter(portal);
  // The challenge is spent in the first commit; the session ends before the second.
  const through = interrupted(portal, 2, () => endSession(portal, session));
  assertEquals(codeOf(await prove(portal, session, { through })), "session_ended");
  assertEquals(await stored(portal, session), null);
  assertEquals(await recognised(portal), []);
});

Deno.test("nor does it come back by forgetting its computer, and the rest of a session stays", async () => {
  using portal = await world();
  const session = await enter(portal);
  const before = await stored(portal, session);
  must(await prove(portal, session));
  await forgetComputer(portal, session);
  assertEquals(await stored(portal, session), before);

  must(await prove(portal, session));
  await forgetComputer(interrupted(portal, 1, () => endSession(portal, session)), session);
  assertEquals(await stored(portal, session), null);
});

Deno.test("an idle session proves nothing, nor does that of somebody who was deactivated", async () => {
  using portal = await world();
  const session = await enter(portal);
  portal.advance(LIFE.person.idle);
  assertEquals(codeOf(await prove(portal, session)), "session_ended");

  using another = await world();
  const open = await enter(another);
  await deactivate(another, lia);
  assertEquals(codeOf(await prove(another, open)), "session_ended");
  assertEquals(await recognised(another), []);
});
