import { assert, assertEquals } from "@std/assert";
import {
  auditRecords,
  codeOf,
  idOf,
  interrupted,
  lia,
  login,
  mailsTo,
  must,
  OTHER_PASSWORD,
  PASSWORD,
  rosa,
  seedRegistries,
  seedRepresentative,
  seedSession,
  seedUser,
} from "@/tests/fixtures/mod.ts";
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
  const deps = await seedRegistries();
  const representative = await seedRepresentative(deps);
  const session = await seedUser(deps, lia);
  return { deps, representative, session };
}

async function anotherSession(deps: Awaited<ReturnType<typeof seedRegistries>>) {
  const entry = must(await login(deps, { cpf: lia.cpf, password: PASSWORD }));
  return await sessionToken(deps, entry.session);
}

Deno.test("a new password: other sessions end, this one goes on under a new id, and it is told", async () => {
  const { deps, session } = await peopled();
  using _ = deps;
  const others = [await anotherSession(deps), await anotherSession(deps)];
  const before = await sessionToken(deps, session);
  const next = must(await changePassword(deps, session, ADDRESS, change));
  for (const cookie of [...others, before]) assertEquals(await readSession(deps, cookie), null);
  assert(await readSession(deps, await sessionToken(deps, next)));
  assertEquals(next.state.account, await idOf(deps, lia));
  assertEquals(codeOf(await login(deps, { cpf: lia.cpf, password: PASSWORD })), "login_refused");
  assertEquals(codeOf(await login(deps, { cpf: lia.cpf, password: OTHER_PASSWORD })), "ok");
  const subjects = (await mailsTo(deps, lia.email)).map((one) => one.subject);
  assertEquals(subjects.filter((one) => one === "Sua senha foi trocada").length, 1);
  assert((await auditRecords(deps)).some((one) => one.event === "password.changed"));
});

Deno.test("the representative's session keeps its certificate", async () => {
  const { deps, representative } = await peopled();
  using _ = deps;
  const next = must(await changePassword(deps, representative, ADDRESS, change));
  assertEquals(next.state.certificate, representative.state.certificate);
  const { operadora, account } = next.state;
  assertEquals([operadora, account], [representative.state.operadora, await idOf(deps, rosa)]);
});

Deno.test("a changed password makes a login by password newer, and none that was by more", async () => {
  const { deps, representative, session } = await peopled();
  using _ = deps;
  const then = deps.now();
  deps.advance(60_000);
  const byPassword = must(await changePassword(deps, session, ADDRESS, change));
  assertEquals(byPassword.state.authenticatedAt, deps.now());
  const byCertificate = must(await changePassword(deps, representative, ADDRESS, change));
  assertEquals(byCertificate.state.authenticatedAt, then);
  assertEquals(byCertificate.state.amr, ["cert", "pwd"]);
});

Deno.test("refused: wrong current password, the same again, two that differ, against the policy", async () => {
  const { deps, session } = await peopled();
  using _ = deps;
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
    const answer = await changePassword(deps, session, ADDRESS, { ...change, ...wrong });
    assertEquals(codeOf(answer), expected);
  }
  assertEquals(codeOf(await login(deps, { cpf: lia.cpf, password: PASSWORD })), "ok");
  assertEquals(await readSession(deps, await sessionToken(deps, session)) !== null, true);
});

Deno.test("guesses at the current password are counted like a login", async () => {
  const { deps, session } = await peopled();
  using _ = deps;
  const wrong = { ...change, current: "Chute#123" };
  for (let i = 0; i < 8; i++) {
    assertEquals(codeOf(await changePassword(deps, session, ADDRESS, wrong)), "password_refused");
  }
  assertEquals(codeOf(await changePassword(deps, session, ADDRESS, change)), "too_many_attempts");
});

Deno.test("so are they where the network is not known, each session by itself", async () => {
  const { deps, session } = await peopled();
  using _ = deps;
  const other = await seedSession(deps, lia);
  const wrong = { ...change, current: "Chute#123" };
  for (let i = 0; i < 8; i++) await changePassword(deps, session, null, wrong);
  assertEquals(codeOf(await changePassword(deps, session, null, change)), "too_many_attempts");
  assertEquals(codeOf(await changePassword(deps, other, null, change)), "ok");
});

Deno.test("a session that ended meanwhile changes nothing", async () => {
  const { deps, session } = await peopled();
  using _ = deps;
  await endSession(deps, session);
  assertEquals(
    codeOf(await changePassword(deps, session, ADDRESS, change)),
    "session_ended",
  );
  assertEquals(codeOf(await login(deps, { cpf: lia.cpf, password: PASSWORD })), "ok");
});

Deno.test("of two changes at once one is made", async () => {
  const { deps, session } = await peopled();
  using _ = deps;
  const other = must(await login(deps, { cpf: lia.cpf, password: PASSWORD }));
  if (other.next !== "logged_in") throw new Error("not logged in");
  // The fifth commit is that of the change: two attempts are counted and given back before it.
  const late = interrupted(deps, 5, async () => {
    const form = { ...change, password: "Nova*Frase7", repeated: "Nova*Frase7" };
    must(await changePassword(deps, other.session, ADDRESS, form));
  });
  const code = codeOf(await changePassword(late, session, ADDRESS, change));
  assertEquals(code, "session_ended");
  assertEquals(codeOf(await login(deps, { cpf: lia.cpf, password: "Nova*Frase7" })), "ok");
});
