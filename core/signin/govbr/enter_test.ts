import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { loadCaller } from "../../access/caller.ts";
import type { LoggedIn, Session } from "../../store/records/session.ts";
import {
  auditRecords,
  codeOf,
  deactivate,
  idOf,
  lia,
  login,
  MINUTE,
  must,
  PASSWORD,
  personOf,
  recordedVisit,
  seedRepresentative,
  seedUser,
  type TestDeps,
  zeca,
} from "@/tests/fixtures/mod.ts";
import { endSession, readSession, sessionToken } from "../../account/session.ts";
import { beginGovbr, countGovbrAnswer } from "./attempt.ts";
import { signInWithGovbr } from "./enter.ts";
import { begin, enter, govbrWorld, quietly, visitGovbr } from "./world_testing.ts";
import type { Deps } from "../../deps.ts";
import { speaksForProof } from "../../account/credentials.ts";
import { acceptFirstTerms } from "../../onboarding/first_access/steps.ts";
import { submitGovbrEmail } from "../../onboarding/first_access/govbr.ts";
import type { GovbrLevel } from "../../store/records/account.ts";

const asLia = { cpf: lia.cpf };

/** Lia has an account with a password, joined by the address that gov.br knows too. */
async function known(deps: TestDeps) {
  await seedRepresentative(deps);
  await seedUser(deps, lia);
  assertEquals(must(await enter(deps, asLia)).next, "logged_in");
}

/** Lia has been at gov.br again: the session of her browser, and the address it comes back to. */
async function comeBack(deps: TestDeps) {
  await known(deps);
  const { url, session } = await begin(deps, { session: await recordedVisit(deps) });
  return { session, back: await visitGovbr(url, { ...asLia, level: "gold" }) };
}

Deno.test("a known person is logged in by their CPF, with a new session that tells how", async () => {
  await using world = await govbrWorld([lia]);
  const { deps } = world;
  const { session, back } = await comeBack(deps);
  const entry = must(await signInWithGovbr(deps, session, back.searchParams));
  assertEquals(entry.next, "logged_in");
  assertNotEquals(entry.session.id, session.id);
  assertEquals(await readSession(deps, await sessionToken(deps, session)), null);
  const state = entry.session.state as LoggedIn;
  const account = await idOf(deps, lia);
  assertEquals([state.account, state.govbr, state.certificate], [account, { level: "gold" }, null]);
  const caller = await loadCaller(deps, entry.session as Session<LoggedIn>);
  assertEquals(caller?.person.govbr, { level: "gold", at: deps.now() });
  const audit = (await auditRecords(deps)).findLast(({ event }) => event === "login.govbr");
  assertEquals([audit?.actor, audit?.detail], [caller!.person.id, { level: "gold" }]);
  // The password they have goes on being good.
  const typed = { cpf: lia.cpf, password: PASSWORD };
  assertEquals(must(await login(deps, typed)).next, "logged_in");
});

Deno.test("somebody deactivated is refused, and it is written down", async () => {
  await using world = await govbrWorld([lia]);
  const { deps } = world;
  await known(deps);
  await deactivate(deps, lia);
  assertEquals(codeOf(await enter(deps, asLia)), "person_inactive");
  assertEquals((await auditRecords(deps)).at(-1)?.event, "login.refused");
});

Deno.test("any level signs in; only one that reaches the level set proves the CPF", async (t) => {
  for (
    const [required, proving] of [
      ["bronze", ["bronze", "silver", "gold"]],
      ["silver", ["silver", "gold"]],
      ["gold", ["gold"]],
    ] as const
  ) {
    for (const level of ["bronze", "silver", "gold"] as const) {
      await t.step(`${level} where ${required} is set`, async () => {
        await using world = await govbrWorld([zeca], required);
        const { deps } = world;
        const state = await enterFirst(deps, { cpf: zeca.cpf, level });
        const person = await personOf(deps, zeca);
        const proves = (proving as readonly string[]).includes(level);
        assertEquals(person.proof !== null, proves);
        assertEquals(speaksForProof(deps, person, state), proves);
        const again = must(await enter(deps, { cpf: zeca.cpf, level }));
        assertEquals(again.next, "logged_in");
        assertEquals(speaksForProof(deps, person, again.session.state as LoggedIn), proves);
      });
    }
  }
});

/** The first access of somebody new, with the address that gov.br has verified. */
async function enterFirst(deps: TestDeps, choice: { cpf: string; level: GovbrLevel }) {
  const entry = must(await enter(deps, choice));
  assertEquals(entry.next, "first_access");
  const agreed = must(await acceptFirstTerms(deps, entry.session, true));
  return must(await submitGovbrEmail(deps, agreed, zeca.email)).state as LoggedIn;
}

Deno.test("the level counts only from the signed token, and only one that is known", async () => {
  await using world = await govbrWorld([lia], "bronze");
  const { deps, govbr } = world;
  for (const reliability_info of [undefined, null, {}, { level: "platinum" }, { level: 3 }]) {
    govbr.dialect.rewrite = (claims) => ({ ...claims, reliability_info });
    assertEquals(codeOf(await enter(deps, asLia)), "govbr_level_unknown");
  }
});

Deno.test("the subject is the CPF, with a dash or without; nothing else is taken for one", async () => {
  await using world = await govbrWorld([lia]);
  const { deps, govbr } = world;
  await known(deps);
  govbr.dialect.dashInSub = true;
  assertEquals(must(await enter(deps, asLia)).next, "logged_in");
  // Also when the rest comes from userinfo, whose subject must be the same.
  govbr.dialect.profileInIdToken = false;
  assertEquals(must(await enter(deps, asLia)).next, "logged_in");
  govbr.dialect.profileInIdToken = true;
  for (
    const sub of [lia.cpf.slice(1), `${lia.cpf}0`, "11111111111", lia.email, crypto.randomUUID()]
  ) {
    govbr.dialect.rewrite = (claims) => ({ ...claims, sub });
    assertEquals(codeOf(await enter(deps, asLia)), "govbr_answer_invalid", sub);
  }
});

Deno.test("neither an e-mail nor a name makes anybody somebody else", async () => {
  const double = { ...lia, cpf: zeca.cpf };
  await using world = await govbrWorld([double]);
  const { deps } = world;
  await seedRepresentative(deps);
  await seedUser(deps, lia);
  const entry = must(await enter(deps, { cpf: double.cpf }));
  assertEquals(entry.next, "first_access");
});

Deno.test("without settings there is no beginning; from one address too often no answer", async () => {
  await using world = await govbrWorld([lia]);
  const { deps } = world;
  const off = { ...deps, config: { ...deps.config, govbr: null } };
  const visitor = { session: null, agent: "test" };
  assertEquals(codeOf(await beginGovbr(off, visitor)), "govbr_off");
  const { session } = await begin(deps);
  assertEquals(codeOf(await signInWithGovbr(off, session, new URLSearchParams())), "govbr_off");
  const state = (await begin(deps, { session })).url.searchParams.get("state")!;
  const count = (from: { state?: string; address?: string } = {}) =>
    countGovbrAnswer(deps, session, { state, address: "192.0.2.1", ...from });
  for (let i = 0; i < 100; i++) must(await count());
  assertEquals(codeOf(await count()), "too_many_attempts");
  must(await count({ address: "192.0.2.3" }));
  // What this browser has not begun is refused without asking gov.br.
  must(await count({ state: "x".repeat(43) }));
  const later = (await begin(deps, { session })).url.searchParams.get("state")!;
  deps.advance(9 * MINUTE);
  assertEquals(codeOf(await count({ state: later })), "too_many_attempts");
});

Deno.test("what gov.br says and what is kept: no secret and no CPF in the audit log", async () => {
  await using world = await govbrWorld([lia]);
  const { deps } = world;
  await known(deps);
  const { url, session } = await begin(deps);
  for (const name of ["state", "nonce", "code_challenge"]) assert(url.searchParams.get(name));
  assertEquals(url.searchParams.get("code_challenge_method"), "S256");
  const back = await visitGovbr(url, asLia);
  must(await signInWithGovbr(deps, session, back.searchParams));
  await quietly(() => enter(deps, asLia, { back: (url) => url.searchParams.set("code", "x") }));
  const text = JSON.stringify(await auditRecords(deps));
  for (const name of ["state", "nonce"]) assert(!text.includes(url.searchParams.get(name)!));
  for (const secret of [lia.cpf, lia.email, back.searchParams.get("code")!]) {
    assert(!text.includes(secret), secret);
  }
});

Deno.test("a browser whose session has ended at gov.br begins anew", async () => {
  await using world = await govbrWorld([lia]);
  const { deps } = world;
  const { session, back } = await comeBack(deps);
  await endSession(deps, session);
  const entry = await signInWithGovbr(deps, session, back.searchParams);
  assertEquals(codeOf(entry), "session_ended");
});

Deno.test("who is at gov.br while the secret changes comes in, once, with the old one behind", async () => {
  await using world = await govbrWorld([lia]);
  const { deps } = world;
  const { session, back } = await comeBack(deps);
  const under = (...secrets: string[]) => ({ ...deps, config: { ...deps.config, secrets } });
  const secret = crypto.randomUUID();
  const changed = under(secret, ...deps.config.secrets);
  const come = async (at: Deps) => codeOf(await signInWithGovbr(at, session, back.searchParams));
  assertEquals(await come(under(secret)), "govbr_attempt_unknown");
  assertEquals(await come(changed), "ok");
  assertEquals(await come(deps), "govbr_attempt_unknown");
});
