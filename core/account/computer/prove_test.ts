import { assertEquals } from "@std/assert";
import { chooseOperadora, endSession, LIFE, readSession, sessionToken } from "../session.ts";
import type { Deps } from "../../deps.ts";
import type { LoggedIn, Session } from "../../store/records/session.ts";
import {
  ALFA,
  auditRecords,
  codeOf,
  deactivate,
  type Enabled,
  interrupted,
  lia,
  makeComputer,
  must,
  personOf,
  seedRegistries,
  seedRepresentative,
  seedUser,
  signWith,
} from "@/tests/fixtures/mod.ts";
import { createComputerChallenge, forgetComputer, proveComputer } from "./proof.ts";

const computer = await makeComputer();

async function enter(deps: Deps): Promise<Session<LoggedIn>> {
  await seedRepresentative(deps);
  return await seedUser(deps, lia);
}

async function prove(
  deps: Deps,
  session: Session<LoggedIn>,
  { by = computer, purpose = "login", through = deps }: {
    by?: Enabled["computer"];
    purpose?: "login" | "request";
    through?: Deps;
  } = {},
) {
  const challenge = createComputerChallenge(deps, { purpose, sessionId: session.id });
  return await proveComputer(through, session, { ...await signWith(by, challenge), purpose });
}

async function stored(deps: Deps, session: Session): Promise<LoggedIn | null> {
  const found = await readSession(deps, await sessionToken(deps, session));
  return found?.state as LoggedIn ?? null;
}

const recognised = async (deps: Deps) =>
  (await auditRecords(deps)).filter(({ event }) => event === "computer.recognised");

Deno.test("the session knows its computer, keeps it with another operadora, and it is logged once", async () => {
  using deps = await seedRegistries();
  const session = await enter(deps);
  const before = await stored(deps, session);
  assertEquals(before?.computer, undefined);

  must(await prove(deps, session));
  must(await prove(deps, session, { purpose: "request" }));
  assertEquals(await stored(deps, session), { ...before!, computer: computer.thumbprint });
  const { id } = await personOf(deps, lia);
  assertEquals(
    (await recognised(deps)).map(({ actor, subject, detail }) => ({ actor, subject, detail })),
    [{ actor: id, subject: id, detail: { computer: computer.thumbprint, purpose: "login" } }],
  );

  const chosen = (await chooseOperadora(deps, session, ALFA))!;
  assertEquals((await stored(deps, chosen))?.computer, computer.thumbprint);
});

Deno.test("a new key in the middle of a session takes the place of the old, and is logged", async () => {
  using deps = await seedRegistries();
  const session = await enter(deps);
  const anew = await makeComputer();
  must(await prove(deps, session));
  must(await prove(deps, session, { by: anew }));
  assertEquals((await stored(deps, session))?.computer, anew.thumbprint);
  assertEquals((await recognised(deps)).length, 2);
});

Deno.test("another session of the same person knows nothing of it", async () => {
  using deps = await seedRegistries();
  const session = await enter(deps);
  const other = (await chooseOperadora(deps, session, ALFA))!;
  assertEquals(codeOf(await prove(deps, session)), "session_ended");
  assertEquals((await stored(deps, other))?.computer, undefined);
});

Deno.test("a refused proof changes nothing", async () => {
  using deps = await seedRegistries();
  const session = await enter(deps);
  const challenge = createComputerChallenge(deps, {
    purpose: "handoff",
    sessionId: session.id,
  });
  const proof = { ...await signWith(computer, challenge), purpose: "login" } as const;
  const outcome = await proveComputer(deps, session, proof);
  assertEquals(codeOf(outcome), "computer_challenge_other_purpose");
  assertEquals((await stored(deps, session))?.computer, undefined);
  assertEquals(await recognised(deps), []);
});

Deno.test("an ended session does not come back by a proof", async () => {
  using deps = await seedRegistries();
  const session = await enter(deps);
  // The challenge is spent in the first commit; the session ends before the second.
  const through = interrupted(deps, 2, () => endSession(deps, session));
  assertEquals(codeOf(await prove(deps, session, { through })), "session_ended");
  assertEquals(await stored(deps, session), null);
  assertEquals(await recognised(deps), []);
});

Deno.test("nor does it come back by forgetting its computer, and the rest of a session stays", async () => {
  using deps = await seedRegistries();
  const session = await enter(deps);
  const before = await stored(deps, session);
  must(await prove(deps, session));
  await forgetComputer(deps, session);
  assertEquals(await stored(deps, session), before);

  must(await prove(deps, session));
  await forgetComputer(interrupted(deps, 1, () => endSession(deps, session)), session);
  assertEquals(await stored(deps, session), null);
});

Deno.test("an idle session proves nothing, nor does that of somebody who was deactivated", async () => {
  using deps = await seedRegistries();
  const session = await enter(deps);
  deps.advance(LIFE.person.idle);
  assertEquals(codeOf(await prove(deps, session)), "session_ended");

  using another = await seedRegistries();
  const open = await enter(another);
  await deactivate(another, lia);
  assertEquals(codeOf(await prove(another, open)), "session_ended");
  assertEquals(await recognised(another), []);
});
