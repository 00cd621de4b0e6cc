import { keys } from "../../store/keys.ts";
import type { AnonymousSession, LoggedIn, Session } from "../../store/records/session.ts";
import { assert, assertEquals } from "@std/assert";
import {
  addUser,
  ALFA,
  anonymous,
  codeFor,
  codeOf,
  DAY,
  idOf,
  lia,
  login,
  mailsTo,
  must,
  onboardingIn,
  PASSWORD,
  personOf,
  representativeAt,
  rosa,
  seedRepresentative,
  seedUser,
  type TestDeps,
  zeca,
} from "@/tests/fixtures/mod.ts";
import { finishFirstAccess } from "./finish.ts";
import { acceptFirstTerms, changeEmail } from "./steps.ts";
import { TERMS_VERSION } from "../../account/terms.ts";
import { waitingFor } from "../../access/invitations/accept.ts";
import { submitGovbrEmail } from "./govbr.ts";
import { type Choice, enter, govbrWorld } from "../../signin/govbr/world_testing.ts";
import { accountForCpf } from "../../account/account.ts";

const OTHER_MAIL = "outra@ficticia.example";

/** Somebody who came with gov.br and has accepted the terms. */
async function atEmail(deps: TestDeps, choice: Choice): Promise<AnonymousSession> {
  const entry = must(await enter(deps, choice));
  assertEquals(entry.next, "first_access");
  return must(await acceptFirstTerms(deps, entry.session, true));
}

const asZeca = { cpf: zeca.cpf };

Deno.test("J10: somebody new comes in without a password and without a code", async () => {
  await using world = await govbrWorld([zeca]);
  const { deps } = world;
  const session = await atEmail(deps, { ...asZeca, level: "gold" });
  assertEquals(onboardingIn(session, "first_access")?.govbr, {
    email: zeca.email,
    level: "gold",
    replaces: null,
  });
  const done = must(await submitGovbrEmail(deps, session, ` ${zeca.email.toUpperCase()} `));
  const state = done.state as LoggedIn;
  const account = await idOf(deps, zeca);
  assertEquals([state.kind, state.account, state.govbr], ["person", account, { level: "gold" }]);
  const person = await personOf(deps, zeca);
  assertEquals([person.name, person.email, person.password], [zeca.name, zeca.email, null]);
  assertEquals(person.govbr, { level: "gold", at: deps.now() });
  assert((await deps.kv.get(keys.termsAccepted(account, TERMS_VERSION))).value);
  assertEquals((await mailsTo(deps, zeca.email)).map(({ subject }) => subject), [
    "Primeiro acesso concluído",
  ]);
  assertEquals(must(await enter(deps, asZeca)).next, "logged_in");
  for (const password of ["", PASSWORD]) {
    const typed = { cpf: zeca.cpf, password };
    assertEquals(codeOf(await login(deps, typed)), "login_refused");
  }
});

Deno.test("an e-mail that gov.br has not verified is confirmed by a code", async (t) => {
  await t.step("another one than the verified one", async () => {
    await using world = await govbrWorld([zeca]);
    const { deps } = world;
    const session = await atEmail(deps, asZeca);
    const waiting = must(await submitGovbrEmail(deps, session, OTHER_MAIL)) as AnonymousSession;
    assertEquals(onboardingIn(waiting, "first_access")?.step, "confirmar");
    assertEquals(codeOf(await submitGovbrEmail(deps, waiting, zeca.email)), "step_out_of_order");
    assertEquals(codeOf(await finishFirstAccess(deps, waiting, "AAAAAAAA")), "code_wrong");
    const back = must(await changeEmail(deps, waiting));
    const again = must(await submitGovbrEmail(deps, back, OTHER_MAIL));
    const code = await codeFor(deps, OTHER_MAIL);
    const done = must(await finishFirstAccess(deps, again, code));
    assertEquals((done as Session<LoggedIn>).state.govbr, { level: "silver" });
    const { email, password } = await personOf(deps, zeca);
    assertEquals([email, password], [OTHER_MAIL, null]);
  });

  const truths: unknown[] = [true, "true"];
  const lies: unknown[] = [false, "false", undefined, null, 1, "1", "TRUE", ["true"], {}];
  await t.step("email_verified as text and as a boolean; nothing else counts", async () => {
    await using world = await govbrWorld([zeca]);
    const { govbr, deps } = world;
    for (const email_verified of [...truths, ...lies]) {
      govbr.dialect.rewrite = (claims) => ({ ...claims, email_verified });
      const at = onboardingIn(await atEmail(deps, asZeca), "first_access");
      const expected = truths.includes(email_verified) ? zeca.email : null;
      assertEquals(at?.govbr?.email, expected, Deno.inspect(email_verified));
    }
  });

  await t.step("both as gov.br writes them: text in the token, a boolean at userinfo", async () => {
    await using world = await govbrWorld([zeca]);
    const { govbr, deps } = world;
    for (const emailVerifiedAsText of [true, false]) {
      for (const profileInIdToken of [true, false]) {
        Object.assign(govbr.dialect, { emailVerifiedAsText, profileInIdToken });
        const at = onboardingIn(await atEmail(deps, asZeca), "first_access");
        assertEquals(at?.govbr?.email, zeca.email);
        assertEquals(at?.name, zeca.name);
      }
    }
  });

  await t.step("absent, as gov.br leaves it out while it is not verified", async () => {
    await using world = await govbrWorld([zeca]);
    const { deps } = world;
    const session = await atEmail(deps, { ...asZeca, email: false });
    assertEquals(onboardingIn(session, "first_access")?.govbr?.email, null);
    const waiting = must(await submitGovbrEmail(deps, session, zeca.email));
    assertEquals(waiting.state.kind, "anonymous");
  });
});

Deno.test("an e-mail of somebody else is refused, verified by gov.br or not", async () => {
  const double = { ...lia, cpf: zeca.cpf };
  await using world = await govbrWorld([double]);
  const { deps } = world;
  await seedRepresentative(deps);
  await seedUser(deps, lia);
  const session = await atEmail(deps, { cpf: double.cpf });
  assertEquals(codeOf(await submitGovbrEmail(deps, session, lia.email)), "email_taken");
  for (const email of ["", "x", "a@b", "a b@c.example"]) {
    assertEquals(codeOf(await submitGovbrEmail(deps, session, email)), "email_invalid");
  }
  deps.advance(1);
  // The one that gov.br has not verified is answered like any other, until its code is there.
  const asked = must(await submitGovbrEmail(deps, session, rosa.email)) as AnonymousSession;
  const code = await codeFor(deps, rosa.email);
  assertEquals(codeOf(await finishFirstAccess(deps, asked, code)), "email_taken");
  assertEquals(await accountForCpf(deps, double.cpf), null);
});

Deno.test("somebody invited to another mailbox comes in with gov.br and finds the invitation", async () => {
  await using world = await govbrWorld([zeca]);
  const { deps } = world;
  await seedRepresentative(deps);
  const typed = { ...zeca, name: "Zéca Digitado Errado", email: OTHER_MAIL };
  must(await addUser(deps, typed));
  // gov.br proves the CPF by itself.
  deps.advance(4 * DAY);
  const session = await atEmail(deps, asZeca);
  const entered = must(await submitGovbrEmail(deps, session, zeca.email)) as Session<LoggedIn>;
  const person = await personOf(deps, zeca);
  assertEquals(person.name, zeca.name);
  const [found, ...others] = await waitingFor(deps, { person, session: entered });
  assertEquals([found?.operadora, found?.name, others], [ALFA, typed.name, []]);
});

Deno.test("what happens elsewhere in the meantime counts in the commit", async (t) => {
  const halfway = async (deps: TestDeps) => {
    await seedRepresentative(deps);
    return await atEmail(deps, asZeca);
  };
  await t.step("an invitation accepted with the provisional password", async () => {
    await using world = await govbrWorld([zeca]);
    const { deps } = world;
    const session = await halfway(deps);
    await seedUser(deps, zeca);
    // An account of its own would need an address of its own.
    assertEquals(codeOf(await submitGovbrEmail(deps, session, zeca.email)), "email_taken");
    assert((await personOf(deps, zeca)).password);
  });
  await t.step("the form posted twice", async () => {
    await using world = await govbrWorld([zeca]);
    const session = await halfway(world.deps);
    const both = await Promise.all(
      [1, 2].map(() => submitGovbrEmail(world.deps, session, zeca.email)),
    );
    // The second finds the session gone, or the person there.
    assertEquals(both.filter(({ ok }) => ok).length, 1);
  });
});

Deno.test("the e-mail step is for those who came with gov.br and accepted the terms", async () => {
  await using world = await govbrWorld([zeca]);
  const { deps } = world;
  const submit = (session: Session | null) => submitGovbrEmail(deps, session, zeca.email);
  assertEquals(codeOf(await submit(null)), "session_ended");
  assertEquals(codeOf(await submit(await anonymous(deps))), "step_out_of_order");
  assertEquals(
    codeOf(await submit(must(await enter(deps, asZeca)).session)),
    "step_out_of_order",
  );
  const another = await representativeAt(deps, "cadastro");
  assertEquals(codeOf(await submit(another)), "step_out_of_order");
});

Deno.test("the certificate's CPF leaves the account alone that gov.br has proved", async () => {
  await using world = await govbrWorld([{ ...rosa, email: OTHER_MAIL }]);
  const { deps } = world;
  const session = await atEmail(deps, { cpf: rosa.cpf });
  must(await submitGovbrEmail(deps, session, OTHER_MAIL));
  const proved = { cpf: rosa.cpf, email: OTHER_MAIL };
  const before = await personOf(deps, proved);
  assertEquals([before.proof?.by, before.proofNumber], ["govbr", 1]);
  const { state } = await seedRepresentative(deps);
  assertEquals(await personOf(deps, proved), before);
  assert(state.account !== before.id);
});

Deno.test("an operadora that invites somebody who came with gov.br sends the same mail as to anybody", async () => {
  await using world = await govbrWorld([zeca]);
  const { deps } = world;
  await seedRepresentative(deps);
  must(await submitGovbrEmail(deps, await atEmail(deps, asZeca), zeca.email));
  must(await addUser(deps, zeca));
  assertEquals((await mailsTo(deps, zeca.email)).map(({ subject }) => subject).sort(), [
    "Primeiro acesso concluído",
    "Seu acesso ao portal das operadoras",
  ]);
});
