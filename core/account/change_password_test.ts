import { assert, assertEquals } from "@std/assert";
import {
  auditRecords,
  codeOf,
  enterRepresentative,
  enterUser,
  interrupted,
  lia,
  login,
  mailsTo,
  must,
  OTHER_PASSWORD,
  PASSWORD,
  rosa,
  world,
} from "../testing_world.ts";
import { changePassword, type PasswordChange } from "./change_password.ts";
import { endSession, readSession, sessionToken } from "./session.ts";

const ADDRESS = "192.0.2.7";
const change: PasswordChange = {
  current: PASSWORD,
  password: OTHER_PASSWORD,
  repeated: OTHER_PASSWORD,
  companies: ["ALFABETA PLANOS LTDA"],
};

async function peopled() {
  const portal = await world();
  const representative = await enterRepresentative(portal);
  const session = await enterUser(portal, lia);
  return { portal, representative, session };
}

async function anotherSession(portal: Awaited<ReturnType<typeof world>>) {
  const entry = must(await login(portal, { cpf: lia.cpf, password: PASSWORD }));
  return await sessionToken(portal, entry.session);
}

Deno.test("a new password: other sessions end, this one goes on under a new id, and it is told", async () => {
  const { portal, session } = await peopled();
  using _ = portal;
  const others = [await anotherSession(portal), await anotherSession(portal)];
  const before = await sessionToken(portal, session);
  const next = must(await changePassword(portal, session, ADDRESS, change));
  for (const cookie of [...others, before]) assertEquals(await readSession(portal, cookie), null);
  assert(await readSession(portal, await sessionToken(portal, next)));
  assertEquals(next.state.cpf, lia.cpf);
  assertEquals(codeOf(await login(portal, { cpf: lia.cpf, password: PASSWORD })), "login_refused");
  assertEquals(codeOf(await login(portal, { cpf: lia.cpf, password: OTHER_PASSWORD })), "ok");
  const subjects = (await mailsTo(portal, lia.email)).map((one) => one.subject);
  assertEquals(subjects.filter((one) => one === "Sua senha foi trocada").length, 1);
  assert((await auditRecords(portal)).some((one) => one.event === "password.changed"));
});

Deno.test("the representative's session keeps its certificate", async () => {
  const { portal, representative } = await peopled();
  using _ = portal;
  const next = must(await changePassword(portal, representative, ADDRESS, change));
  assertEquals(next.state.certificate, representative.state.certificate);
  assertEquals([next.state.operadora, next.state.cpf], [representative.state.operadora, rosa.cpf]);
});

Deno.test("refused: wrong current password, the same again, two that differ, against the policy", async () => {
  const { portal, session } = await peopled();
  using _ = portal;
  const refused: [string, Partial<PasswordChange>][] = [
    ["password_refused", { current: OTHER_PASSWORD }],
    ["password_refused", { current: "" }],
    ["password_same", { password: PASSWORD, repeated: PASSWORD }],
    ["passwords_differ", { repeated: PASSWORD }],
    ["password_too_short", { password: "aB1#", repeated: "aB1#" }],
    ["password_personal", { password: "Suposta#2931", repeated: "Suposta#2931" }],
    ["password_personal", { password: "Alfabeta#2931", repeated: "Alfabeta#2931" }],
  ];
  for (const [expected, wrong] of refused) {
    const answer = await changePassword(portal, session, ADDRESS, { ...change, ...wrong });
    assertEquals(codeOf(answer), expected);
  }
  assertEquals(codeOf(await login(portal, { cpf: lia.cpf, password: PASSWORD })), "ok");
  assertEquals(await readSession(portal, await sessionToken(portal, session)) !== null, true);
});

Deno.test("guesses at the current password are counted like a login", async () => {
  const { portal, session } = await peopled();
  using _ = portal;
  const wrong = { ...change, current: "Chute#123" };
  for (let i = 0; i < 8; i++) {
    assertEquals(codeOf(await changePassword(portal, session, ADDRESS, wrong)), "password_refused");
  }
  assertEquals(codeOf(await changePassword(portal, session, ADDRESS, change)), "too_many_attempts");
});

Deno.test("a session that ended meanwhile changes nothing", async () => {
  const { portal, session } = await peopled();
  using _ = portal;
  await endSession(portal, session);
  assertEquals(
    codeOf(await changePassword(portal, session, ADDRESS, change)),
    "session_ended",
  );
  assertEquals(codeOf(await login(portal, { cpf: lia.cpf, password: PASSWORD })), "ok");
});

Deno.test("of two changes at once one is made", async () => {
  const { portal, session } = await peopled();
  using _ = portal;
  const other = must(await login(portal, { cpf: lia.cpf, password: PASSWORD }));
  if (other.next !== "logged_in") throw new Error("not logged in");
  // The fifth commit is that of the change: two attempts are counted and given back before it.
  const late = interrupted(portal, 5, async () => {
    const form = { ...change, password: "Nova*Frase7", repeated: "Nova*Frase7" };
    must(await changePassword(portal, other.session, ADDRESS, form));
  });
  const code = codeOf(await changePassword(late, session, ADDRESS, change));
  assertEquals(code, "session_ended");
  assertEquals(codeOf(await login(portal, { cpf: lia.cpf, password: "Nova*Frase7" })), "ok");
});
