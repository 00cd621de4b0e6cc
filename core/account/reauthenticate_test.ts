import { keys } from "../store/keys.ts";
import type { LoggedIn } from "../store/records/session.ts";
import { assert, assertEquals } from "@std/assert";
import { transact } from "../store/transact.ts";
import {
  auditRecords,
  caio,
  codeFor,
  codeOf,
  deactivate,
  enterRepresentative,
  enterUser,
  interrupted,
  lia,
  login,
  mailsTo,
  MINUTE,
  must,
  OTHER_PASSWORD,
  PASSWORD,
  personOf,
  visit,
  world,
} from "../testing_world.ts";
import { requestEmailChange } from "./change_email.ts";
import { changePassword } from "./change_password.ts";
import { proofAsked } from "./reauthenticate.ts";
import { finishRecovery, requestRecovery } from "./recovery.ts";
import { createSession, readSession, sessionToken } from "./session.ts";

type World = Awaited<ReturnType<typeof world>>;

const ADDRESS = "192.0.2.7";
const NEW = "lia.nova@ficticia.example";

/** Lia came in with gov.br and never had a password. */
async function peopled() {
  const portal = await world();
  await enterRepresentative(portal);
  await enterUser(portal, lia);
  await portal.kv.set(keys.person(lia.cpf), { ...await personOf(portal, lia), passwordHash: null });
  return { portal, session: await comeIn(portal) };
}

/** A login as `enterWithGovbr` leaves it, or without gov.br. */
function comeIn(portal: World, { govbr = true, person = lia } = {}) {
  return transact(portal.kv, (tx) =>
    createSession<LoggedIn>(portal, tx, {
      agent: "test",
      state: {
        kind: "person",
        cpf: person.cpf,
        certificate: null,
        operadora: null,
        authenticatedAt: portal.now(),
        ...govbr && { govbr: { level: "silver" } },
      },
    }));
}

type Opened = Awaited<ReturnType<typeof comeIn>>;

const choose = (portal: Parameters<typeof changePassword>[0], session: Opened, current = "") =>
  changePassword(portal, session, ADDRESS, {
    current,
    password: OTHER_PASSWORD,
    repeated: OTHER_PASSWORD,
    companies: [],
  });

const askEmail = (portal: World, session: Opened, password = "") =>
  requestEmailChange(portal, session, { email: NEW, password, address: ADDRESS });

Deno.test("a first password after a recent login with gov.br: told, logged, other sessions over", async () => {
  const { portal, session } = await peopled();
  using _ = portal;
  const elsewhere = await sessionToken(portal, await comeIn(portal));
  portal.advance(9 * MINUTE);
  const next = must(await choose(portal, session));
  assertEquals(next.state.govbr, { level: "silver" });
  assertEquals(next.state.authenticatedAt, session.state.authenticatedAt);
  assertEquals(await readSession(portal, elsewhere), null);
  assertEquals(codeOf(await login(portal, { cpf: lia.cpf, password: OTHER_PASSWORD })), "ok");
  const told = (await mailsTo(portal, lia.email)).filter((one) => /foi criada/.test(one.subject));
  assertEquals(told.length, 1);
  assert((await auditRecords(portal)).some(({ event }) => event === "password.created"));
});

Deno.test("the password that was set is asked from then on, gov.br or not", async () => {
  const { portal, session } = await peopled();
  using _ = portal;
  const next = must(await choose(portal, session));
  assertEquals(proofAsked(portal, await personOf(portal, lia), next), "password");
  assertEquals(codeOf(await askEmail(portal, next)), "password_refused");
  assertEquals(codeOf(await choose(portal, await comeIn(portal))), "password_refused");
  must(await askEmail(portal, next, OTHER_PASSWORD));
});

Deno.test("refused: a login of ten minutes ago, and one that was not with gov.br", async () => {
  const { portal, session } = await peopled();
  using _ = portal;
  portal.advance(10 * MINUTE);
  const plain = await comeIn(portal, { govbr: false });
  for (const stale of [session, plain]) {
    assertEquals(codeOf(await choose(portal, stale)), "govbr_again");
    assertEquals(codeOf(await choose(portal, stale, PASSWORD)), "govbr_again");
    assertEquals(codeOf(await askEmail(portal, stale)), "govbr_again");
  }
  assertEquals((await personOf(portal, lia)).passwordHash, null);
  assertEquals(await mailsTo(portal, NEW), []);
  must(await askEmail(portal, await comeIn(portal)));
});

Deno.test("gov.br stands for nobody's password who has one, nor for somebody deactivated", async () => {
  const { portal, session } = await peopled();
  using _ = portal;
  await enterUser(portal, caio);
  const withPassword = await comeIn(portal, { person: caio });
  assertEquals(codeOf(await choose(portal, withPassword)), "password_refused");
  await deactivate(portal, lia);
  assertEquals(codeOf(await choose(portal, session)), "password_refused");
  assertEquals((await personOf(portal, lia)).passwordHash, null);
});

Deno.test("of two first passwords at once one is set", async () => {
  const { portal, session } = await peopled();
  using _ = portal;
  const other = await comeIn(portal);
  const late = interrupted(portal, 1, async () => must(await choose(portal, other)));
  assertEquals(codeOf(await choose(late, session)), "session_ended");
});

Deno.test("recovery gives a password to who has none, once", async () => {
  const { portal, session } = await peopled();
  using _ = portal;
  const cookie = await sessionToken(portal, session);
  const browser = await visit(portal);
  must(await requestRecovery(portal, browser, { cpf: lia.cpf, address: ADDRESS }));
  const code = await codeFor(portal, lia.email);
  const form = { code, password: OTHER_PASSWORD, repeated: OTHER_PASSWORD };
  const finish = () => finishRecovery(portal, browser, form, () => Promise.resolve([]));
  must(await finish());
  assertEquals(codeOf(await finish()), "code_expired");
  assertEquals(await readSession(portal, cookie), null);
  const entry = must(await login(portal, { cpf: lia.cpf, password: OTHER_PASSWORD }));
  // What is opened with it carries no level of gov.br.
  assertEquals(entry.next === "logged_in" && entry.session.state.govbr, undefined);
});

Deno.test("a recovery code is worth nothing once a password was set meanwhile", async () => {
  const { portal, session } = await peopled();
  using _ = portal;
  const browser = await visit(portal);
  must(await requestRecovery(portal, browser, { cpf: lia.cpf, address: ADDRESS }));
  const code = await codeFor(portal, lia.email);
  must(await choose(portal, session));
  const form = { code, password: "Nova*Frase7", repeated: "Nova*Frase7" };
  const late = await finishRecovery(portal, browser, form, () => Promise.resolve([]));
  assertEquals(codeOf(late), "code_expired");
});
