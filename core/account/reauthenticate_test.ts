import { keys } from "../store/keys.ts";
import type { LoggedIn } from "../store/records/session.ts";
import { assert, assertEquals } from "@std/assert";
import { transact } from "../store/transact.ts";
import {
  anonymous,
  auditRecords,
  BY_PASSWORD,
  caio,
  codeFor,
  codeOf,
  deactivate,
  idOf,
  interrupted,
  lia,
  login,
  mailsTo,
  MINUTE,
  must,
  OTHER_PASSWORD,
  PASSWORD,
  personOf,
  seedRegistries,
  seedRepresentative,
  seedUser,
} from "@/tests/fixtures/mod.ts";
import { authenticationBy } from "./authentication.ts";
import { requestEmailChange } from "./change_email.ts";
import { changePassword } from "./change_password.ts";
import { proofAsked } from "./reauthenticate.ts";
import { finishRecovery, requestRecovery } from "./recovery.ts";
import { createSession, readSession, sessionToken } from "./session.ts";

type World = Awaited<ReturnType<typeof seedRegistries>>;

const ADDRESS = "192.0.2.7";
const NEW = "lia.nova@ficticia.example";

/** Lia came in with gov.br and never had a password. */
async function peopled() {
  const deps = await seedRegistries();
  await seedRepresentative(deps);
  await seedUser(deps, lia);
  const stored = await personOf(deps, lia);
  await deps.kv.set(keys.account(stored.id), { ...stored, password: null });
  return { deps, session: await comeIn(deps) };
}

/** A login as `signInWithGovbr` leaves it, or without gov.br. */
async function comeIn(deps: World, { govbr = true, person = lia } = {}) {
  const account = await idOf(deps, person);
  return await transact(deps.kv, (tx) =>
    createSession<LoggedIn>(deps, tx, {
      agent: "test",
      state: {
        ...BY_PASSWORD,
        kind: "person",
        account,
        certificate: null,
        operadora: null,
        authenticatedAt: deps.now(),
        ...authenticationBy(deps, govbr ? "govbr" : "password", govbr ? "silver" : undefined),
        ...govbr && { govbr: { level: "silver" } },
      },
    }));
}

type Opened = Awaited<ReturnType<typeof comeIn>>;

const choose = (deps: Parameters<typeof changePassword>[0], session: Opened, current = "") =>
  changePassword(deps, session, ADDRESS, {
    current,
    password: OTHER_PASSWORD,
    repeated: OTHER_PASSWORD,
    companies: [],
  });

const askEmail = (deps: World, session: Opened, password = "") =>
  requestEmailChange(deps, session, { email: NEW, password, address: ADDRESS });

Deno.test("a first password after a recent login with gov.br: told, logged, other sessions over", async () => {
  const { deps, session } = await peopled();
  using _ = deps;
  const elsewhere = await sessionToken(deps, await comeIn(deps));
  deps.advance(9 * MINUTE);
  const next = must(await choose(deps, session));
  assertEquals(next.state.govbr, { level: "silver" });
  assertEquals(next.state.authenticatedAt, session.state.authenticatedAt);
  assertEquals(await readSession(deps, elsewhere), null);
  assertEquals(codeOf(await login(deps, { cpf: lia.cpf, password: OTHER_PASSWORD })), "ok");
  const told = (await mailsTo(deps, lia.email)).filter((one) => /foi criada/.test(one.subject));
  assertEquals(told.length, 1);
  assert((await auditRecords(deps)).some(({ event }) => event === "password.created"));
});

Deno.test("the password that was set is asked from then on, gov.br or not", async () => {
  const { deps, session } = await peopled();
  using _ = deps;
  const next = must(await choose(deps, session));
  assertEquals(proofAsked(deps, await personOf(deps, lia), next), "password");
  assertEquals(codeOf(await askEmail(deps, next)), "password_refused");
  assertEquals(codeOf(await choose(deps, await comeIn(deps))), "password_refused");
  must(await askEmail(deps, next, OTHER_PASSWORD));
});

Deno.test("refused: a login of ten minutes ago, and one that was not with gov.br", async () => {
  const { deps, session } = await peopled();
  using _ = deps;
  deps.advance(10 * MINUTE);
  const plain = await comeIn(deps, { govbr: false });
  for (const stale of [session, plain]) {
    assertEquals(codeOf(await choose(deps, stale)), "govbr_again");
    assertEquals(codeOf(await choose(deps, stale, PASSWORD)), "govbr_again");
    assertEquals(codeOf(await askEmail(deps, stale)), "govbr_again");
  }
  assertEquals((await personOf(deps, lia)).password, null);
  assertEquals(await mailsTo(deps, NEW), []);
  must(await askEmail(deps, await comeIn(deps)));
});

Deno.test("gov.br stands for nobody's password who has one, nor for somebody deactivated", async () => {
  const { deps, session } = await peopled();
  using _ = deps;
  await seedUser(deps, caio);
  const withPassword = await comeIn(deps, { person: caio });
  assertEquals(codeOf(await choose(deps, withPassword)), "password_refused");
  await deactivate(deps, lia);
  assertEquals(codeOf(await choose(deps, session)), "password_refused");
  assertEquals((await personOf(deps, lia)).password, null);
});

Deno.test("of two first passwords at once one is set", async () => {
  const { deps, session } = await peopled();
  using _ = deps;
  const other = await comeIn(deps);
  const late = interrupted(deps, 1, async () => must(await choose(deps, other)));
  assertEquals(codeOf(await choose(late, session)), "session_ended");
});

Deno.test("recovery gives a password to who has none, once", async () => {
  const { deps, session } = await peopled();
  using _ = deps;
  const cookie = await sessionToken(deps, session);
  const browser = await anonymous(deps);
  must(await requestRecovery(deps, browser, { handle: lia.cpf, address: ADDRESS }));
  const code = await codeFor(deps, lia.email);
  const form = { code, password: OTHER_PASSWORD, repeated: OTHER_PASSWORD };
  const finish = () => finishRecovery(deps, browser, form);
  must(await finish());
  assertEquals(codeOf(await finish()), "code_expired");
  assertEquals(await readSession(deps, cookie), null);
  const entry = must(await login(deps, { cpf: lia.cpf, password: OTHER_PASSWORD }));
  // What is opened with it carries no level of gov.br.
  assertEquals(entry.next === "logged_in" && entry.session.state.govbr, undefined);
});

Deno.test("a recovery code is worth nothing once a password was set meanwhile", async () => {
  const { deps, session } = await peopled();
  using _ = deps;
  const browser = await anonymous(deps);
  must(await requestRecovery(deps, browser, { handle: lia.cpf, address: ADDRESS }));
  const code = await codeFor(deps, lia.email);
  must(await choose(deps, session));
  const form = { code, password: "Nova*Frase7", repeated: "Nova*Frase7" };
  const late = await finishRecovery(deps, browser, form);
  assertEquals(codeOf(late), "code_wrong");
});
