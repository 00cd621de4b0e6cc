import { assertEquals } from "@std/assert";
import { readSession, sessionToken } from "../../account/session.ts";
import { keys } from "../../store/keys.ts";
import type { Account } from "../../store/records/account.ts";
import type { LoggedIn, Session } from "../../store/records/session.ts";
import {
  anonymous,
  codeFor,
  codeOf,
  enterByGovbr,
  interrupted,
  lia,
  login,
  must,
  PASSWORD,
  personOf,
  seedSecondAccount,
  seedSession,
} from "@/tests/fixtures/mod.ts";
import { proveWithCode, proveWithPassword, sendEcpfCode } from "./ecpf.ts";
import { ADDRESS, current, declared, ecpfOf, present, right } from "./ecpf_testing.ts";

Deno.test("what changed in between counts in the commit", async (t) => {
  const cases: Record<string, [change: Partial<Account>, code: string]> = {
    "another password": [{ password: null }, "password_refused"],
    "deactivated": [{ active: false }, "session_ended"],
  };
  for (const [name, [change, code]] of Object.entries(cases)) {
    await t.step(name, async () => {
      using world = await declared();
      const { deps, session } = world;
      must(await present(deps, session, ecpfOf(deps, lia)));
      const open = await current(deps, session);
      const person = await personOf(deps, lia);
      const slow = interrupted(deps, COMMIT_OF_PROOF, async () => {
        await deps.kv.set(keys.account(person.id), { ...person, ...change });
      });
      assertEquals(codeOf(await proveWithPassword(slow, open, right)), code);
    });
  }
  await t.step("another address than the one that has the code", async () => {
    using world = await declared();
    const { deps, session } = world;
    must(await present(deps, session, ecpfOf(deps, lia)));
    must(await sendEcpfCode(deps, await current(deps, session), ADDRESS));
    const person = await personOf(deps, lia);
    await deps.kv.set(keys.account(person.id), { ...person, email: "nova@ficticia.example" });
    const code = await codeFor(deps, lia.email);
    const tried = await proveWithCode(deps, await current(deps, session), code);
    assertEquals(codeOf(tried), "code_expired");
  });
  await t.step("gov.br has come elsewhere", async () => {
    using world = await declared();
    const { deps, session } = world;
    must(await present(deps, session, ecpfOf(deps, lia)));
    const open = await current(deps, session);
    const slow = interrupted(deps, COMMIT_OF_PROOF, async () => {
      await enterByGovbr(deps, { ...lia, email: "por.govbr@ficticia.example" });
    });
    assertEquals(codeOf(await proveWithPassword(slow, open, right)), "ecpf_proved_by_govbr");
  });
});

/** Attempts are counted in two commits, given back in three. */
const COMMIT_OF_PROOF = 5;

Deno.test("other sessions end with the commit, whatever happens after it", async () => {
  using world = await declared();
  const { deps, session } = world;
  const other = await seedSession(deps, lia);
  must(await present(deps, session, ecpfOf(deps, lia)));
  // The store goes away before what comes after the commit.
  const gone = interrupted(deps, COMMIT_OF_PROOF + 1, () => Promise.reject(new Error("gone")));
  await proveWithPassword(gone, await current(deps, session), right).catch(() => null);
  assertEquals((await personOf(deps, lia)).proof?.by, "ecpf");
  assertEquals(await readSession(deps, await sessionToken(deps, other)), null);
});

Deno.test("attack: of two accounts that prove one CPF at once one wins", async () => {
  using world = await declared();
  const { deps, session } = world;
  await seedSecondAccount(deps, lia, "segunda@ficticia.example");
  const entry = await login(deps, { cpf: "segunda@ficticia.example", password: PASSWORD });
  const sessions = [session, must(entry).session as Session<LoggedIn>];
  for (const one of sessions) must(await present(deps, one, ecpfOf(deps, lia)));
  const ready = await Promise.all(sessions.map((one) => current(deps, one)));
  const both = await Promise.all(ready.map((one) => proveWithPassword(deps, one, right)));
  assertEquals(both.map(codeOf).toSorted(), ["ecpf_proved_elsewhere", "ok"]);
});

Deno.test("a session that has ended presents nothing", async () => {
  using world = await declared();
  const { deps, session } = world;
  await deps.kv.delete(keys.session(session.id));
  assertEquals(codeOf(await present(deps, session, ecpfOf(deps, lia))), "session_ended");
  const visit = await anonymous(deps) as unknown as Session<LoggedIn>;
  const asLia = { ...visit, state: session.state };
  assertEquals(codeOf(await present(deps, asLia, ecpfOf(deps, lia))), "session_ended");
});
