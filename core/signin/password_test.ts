import { accountForCpf } from "../account/account.ts";
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { verifyStream } from "../audit/chain.ts";
import { cpfCheckDigits, formatCpf, maskCpf } from "../registry/numbers.ts";
import { keys } from "../store/keys.ts";
import type { Account } from "../store/records/account.ts";
import type { Anonymous, Session } from "../store/records/session.ts";
import {
  addUser,
  ALFA,
  anonymous,
  auditRecords,
  certificate,
  codeOf,
  DAY,
  deactivate,
  idOf,
  importEdition,
  interrupted,
  lia,
  login,
  MINUTE,
  must,
  nair,
  OTHER_PASSWORD,
  PASSWORD,
  personOf,
  provisionalFor,
  recordedVisit,
  representativeAt,
  rosa,
  seedRegistries,
  seedRepresentative,
  seedUser,
  showCertificate,
  type TestPerson,
  zeca,
} from "@/tests/fixtures/mod.ts";
import { loginWithCertificatePassword } from "./password.ts";
import { hashPassword } from "../account/password.ts";
import { readSession, sessionToken } from "../account/session.ts";
import { newPassword } from "../account/account.ts";

type World = Awaited<ReturnType<typeof seedRegistries>>;

const RIGHT = { cpf: lia.cpf, password: PASSWORD };
const WRONG = { cpf: lia.cpf, password: OTHER_PASSWORD };

/** ALFA with its representative and one usuário, both past their first access. */
async function peopled(): Promise<World> {
  const deps = await seedRegistries();
  await seedRepresentative(deps);
  await seedUser(deps, lia);
  return deps;
}

function enter(
  deps: World,
  session: Session<Anonymous>,
  password = PASSWORD,
  address: string | null = "192.0.2.1",
) {
  const caller = { address, agent: "test" };
  return loginWithCertificatePassword(deps, session, caller, password);
}

async function sessionsOf(deps: World, who: TestPerson): Promise<number> {
  const list = deps.kv.list({ prefix: keys.sessionOfAccount.under(await idOf(deps, who)) });
  return (await Array.fromAsync(list)).length;
}

Deno.test("CPF and password open a session with a new id; the visit before it ends", async () => {
  using deps = await peopled();
  const before = await recordedVisit(deps);
  const entry = must(await login(deps, RIGHT, { session: before }));
  assertEquals(entry.next, "logged_in");
  assertNotEquals(entry.session.id, before.id);
  assertEquals(await readSession(deps, await sessionToken(deps, before)), null);
  assertEquals(
    await readSession(deps, await sessionToken(deps, entry.session)),
    entry.session,
  );
  const masked = { cpf: formatCpf(lia.cpf), password: PASSWORD };
  assertEquals(codeOf(await login(deps, masked)), "ok");
});

Deno.test("a login ends the session that somebody else left open in the browser", async () => {
  using deps = await peopled();
  const left = must(await login(deps, { cpf: rosa.cpf, password: PASSWORD })).session;
  must(await login(deps, RIGHT, { session: left }));
  assertEquals(await readSession(deps, await sessionToken(deps, left)), null);
});

Deno.test("the answer does not tell whether the CPF is known", async () => {
  using deps = await peopled();
  must(await addUser(deps, zeca));
  const refused = { ok: false, code: "login_refused" };
  const attempts = {
    "wrong password": WRONG,
    "unknown CPF": { cpf: nair.cpf, password: PASSWORD },
    "no password yet": { cpf: zeca.cpf, password: PASSWORD },
    "empty password": { cpf: lia.cpf, password: "" },
    "with a blank": { cpf: lia.cpf, password: `${PASSWORD} ` },
    "other case": { cpf: lia.cpf, password: PASSWORD.toLowerCase() },
    "endless password": { cpf: lia.cpf, password: PASSWORD.repeat(20) },
  };
  for (const [what, typed] of Object.entries(attempts)) {
    assertEquals(await login(deps, typed), refused, what);
  }
  await deactivate(deps, lia);
  assertEquals(await login(deps, WRONG), refused);
  assertEquals(codeOf(await login(deps, RIGHT)), "person_inactive");
});

Deno.test("what is neither CPF nor e-mail is refused before anything is counted", async () => {
  using deps = await peopled();
  for (const cpf of ["", "lia@", "123", "11111111111", "52998224726", "abc", `${lia.cpf}0`]) {
    assertEquals(codeOf(await login(deps, { cpf, password: PASSWORD })), "handle_invalid");
  }
  assertEquals(await Array.fromAsync(deps.kv.list({ prefix: keys.throttle.under("login") })), []);
});

Deno.test("eight attempts for a person from one address; then the right password does not help", async () => {
  using deps = await peopled();
  for (let i = 0; i < 8; i++) assertEquals(codeOf(await login(deps, WRONG)), "login_refused");
  assertEquals(codeOf(await login(deps, RIGHT)), "too_many_attempts");
  // A stranger locks nobody out: the person comes in from where they are.
  assertEquals(codeOf(await login(deps, RIGHT, { address: "192.0.2.2" })), "ok");
  assertEquals(codeOf(await login(deps, RIGHT)), "too_many_attempts");
  deps.advance(15 * MINUTE);
  assertEquals(codeOf(await login(deps, RIGHT)), "ok");
});

Deno.test("unknown CPFs are counted the same, and passwords guessed in parallel", async () => {
  using deps = await peopled();
  for (const cpf of [lia.cpf, nair.cpf]) {
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, (_, i) => login(deps, { cpf, password: `${PASSWORD}${i}` })),
    );
    assertEquals(outcomes.filter((it) => codeOf(it) === "login_refused").length, 8);
    assertEquals(outcomes.filter((it) => codeOf(it) === "too_many_attempts").length, 4);
  }
});

Deno.test("a success forgets the failures of that person at that address", async () => {
  using deps = await peopled();
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 7; i++) await login(deps, WRONG);
    assertEquals(codeOf(await login(deps, RIGHT)), "ok");
  }
});

Deno.test("an address has a limit over all people, that logins which succeed do not use up", async () => {
  using deps = await peopled();
  const unknown = Array.from({ length: 13 }, (_, i) => 930_000_000 + i);
  for (let i = 0; i < 3; i++) assertEquals(codeOf(await login(deps, RIGHT)), "ok");
  // Too long to be hashed at all, so that a hundred attempts take no time.
  const endless = "x".repeat(200);
  let refused = 0;
  for (const number of unknown) {
    const cpf = number + cpfCheckDigits(String(number));
    for (let i = 0; i < 8; i++) {
      if (codeOf(await login(deps, { cpf, password: endless })) === "login_refused") refused++;
    }
    // Who knows one password there has the failures at others not forgotten.
    if (refused < 100) assertEquals(codeOf(await login(deps, RIGHT)), "ok");
  }
  assertEquals(refused, 100);
  assertEquals(codeOf(await login(deps, RIGHT)), "too_many_attempts");
  assertEquals(codeOf(await login(deps, RIGHT, { address: "192.0.2.2" })), "ok");
});

Deno.test("a password changed, or a person deactivated, between the check and the commit", async () => {
  for (const what of ["active", "password"]) {
    using deps = await peopled();
    const hash = await hashPassword(deps, lia.cpf, OTHER_PASSWORD);
    const change: Partial<Account> = what === "active"
      ? { active: false }
      : { password: newPassword(hash) };
    const before = await sessionsOf(deps, lia);
    const person = await personOf(deps, lia);
    // Two commits count the attempt, two forgive it, the fifth opens the session.
    const meanwhile = interrupted(
      deps,
      5,
      () => deps.kv.set(keys.account(person.id), { ...person, ...change }),
    );
    assertEquals(codeOf(await login(meanwhile, RIGHT)), "login_refused");
    assertEquals(await sessionsOf(deps, lia), before);
  }
});

Deno.test("a provisional password opens the first access and nothing else", async () => {
  using deps = await peopled();
  must(await addUser(deps, zeca));
  const password = await provisionalFor(deps, zeca.email);
  const entry = must(await login(deps, { cpf: zeca.cpf, password }));
  assertEquals(entry.next, "first_access");
  assertEquals(entry.session.state.kind, "anonymous");
  assertEquals(await accountForCpf(deps, zeca.cpf), null);
  deps.advance(4 * DAY);
  const late = await login(deps, { cpf: zeca.cpf, password });
  assertEquals(codeOf(late), "provisional_expired");
});

Deno.test("J2: the representative comes in with certificate and password", async () => {
  using deps = await peopled();
  const entry = await showCertificate(deps, certificate(deps, ALFA));
  assertEquals(entry.next, "password");
  const session = must(await enter(deps, entry.session));
  assertNotEquals(session.id, entry.session.id);
  assertEquals(session.state.operadora, ALFA);
  assertEquals(await readSession(deps, await sessionToken(deps, entry.session)), null);
});

Deno.test("the certificate alone, or the password of somebody else, is not enough", async () => {
  using deps = await seedRegistries();
  await seedRepresentative(deps);
  const { session } = await showCertificate(deps, certificate(deps, ALFA));
  for (const password of ["", OTHER_PASSWORD]) {
    assertEquals(codeOf(await enter(deps, session, password)), "password_refused");
  }
});

Deno.test("no certificate password without a certificate, or in a first access", async () => {
  using deps = await peopled();
  assertEquals(codeOf(await enter(deps, await anonymous(deps))), "step_out_of_order");
  await importEdition(deps, { [ALFA]: { Representante: nair.name } });
  const seen = certificate(deps, ALFA, { responsible: nair });
  const first = await representativeAt(deps, "usuario", nair, seen);
  assertEquals(codeOf(await enter(deps, first)), "step_out_of_order");
});

Deno.test("between certificate and password: it expires, another takes its place, CADOP changes", async () => {
  {
    using deps = await peopled();
    const seen = certificate(deps, ALFA, { life: MINUTE });
    const { session } = await showCertificate(deps, seen);
    deps.advance(MINUTE + 1);
    assertEquals(codeOf(await enter(deps, session)), "certificate_expired_meanwhile");
  }
  {
    using deps = await peopled();
    const { session } = await showCertificate(deps, certificate(deps, ALFA));
    const other = { sha256: "f".repeat(64), notAfter: deps.now() + DAY, registeredAt: 0 };
    await deps.kv.set(keys.certificateOfOperadora(ALFA), other);
    assertEquals(codeOf(await enter(deps, session)), "step_out_of_order");
  }
  {
    using deps = await peopled();
    const { session } = await showCertificate(deps, certificate(deps, ALFA));
    await importEdition(deps, { [ALFA]: { Representante: nair.name } });
    assertEquals(codeOf(await enter(deps, session)), "step_out_of_order");
  }
});

Deno.test("certificate and password: after the visit ended, for a deactivated person, too often", async () => {
  using deps = await peopled();
  const late = await showCertificate(deps, certificate(deps, ALFA));
  deps.advance(30 * MINUTE);
  assertEquals(codeOf(await enter(deps, late.session)), "session_ended");

  const { session } = await showCertificate(deps, certificate(deps, ALFA));
  for (let i = 0; i < 8; i++) {
    assertEquals(codeOf(await enter(deps, session, OTHER_PASSWORD)), "password_refused");
  }
  assertEquals(codeOf(await enter(deps, session)), "too_many_attempts");
  deps.advance(15 * MINUTE);
  await deactivate(deps, rosa);
  assertEquals(codeOf(await enter(deps, session)), "person_inactive");
});

Deno.test("where the network is not known guesses are counted for the certificate", async () => {
  using deps = await peopled();
  for (let i = 0; i < 8; i++) {
    const { session } = await showCertificate(deps, certificate(deps, ALFA));
    assertEquals(codeOf(await enter(deps, session, OTHER_PASSWORD, null)), "password_refused");
  }
  const { session } = await showCertificate(deps, certificate(deps, ALFA));
  assertEquals(codeOf(await enter(deps, session, PASSWORD, null)), "too_many_attempts");
});

Deno.test("the certificate's password form posted twice makes one session", async () => {
  using deps = await peopled();
  const { session } = await showCertificate(deps, certificate(deps, ALFA));
  const before = await sessionsOf(deps, rosa);
  const outcomes = await Promise.all([enter(deps, session), enter(deps, session)]);
  assertEquals(outcomes.map(codeOf).sort(), ["ok", "session_ended"]);
  assertEquals(await sessionsOf(deps, rosa), before + 1);
});

Deno.test("every login leaves a record, the refused ones with a masked number", async () => {
  using deps = await peopled();
  must(await addUser(deps, zeca));
  const password = await provisionalFor(deps, zeca.email);
  const before = (await auditRecords(deps)).length;
  await login(deps, RIGHT);
  await login(deps, WRONG);
  await login(deps, { cpf: nair.cpf, password: PASSWORD });
  await login(deps, { cpf: zeca.cpf, password });
  const { session } = await showCertificate(deps, certificate(deps, ALFA));
  await enter(deps, session, OTHER_PASSWORD);
  await enter(deps, session);

  const records = await auditRecords(deps);
  assertEquals(records.length, before + 6);
  const events = records.filter(({ event }) => event.startsWith("login."));
  const count = (name: string) => events.filter(({ event }) => event === name).length;
  assertEquals(
    ["certificate", "password", "provisional", "refused"].map((it) => count(`login.${it}`)),
    [1, 1, 1, 3],
  );
  const refused = events.filter(({ event }) => event === "login.refused");
  const { id } = await personOf(deps, lia);
  assertEquals(refused.map(({ actor, subject }) => [actor, subject]), [
    [id, maskCpf(lia.cpf)],
    ["unknown", maskCpf(nair.cpf)],
    [(await personOf(deps, rosa)).id, maskCpf(rosa.cpf)],
  ]);
  const text = JSON.stringify(records);
  for (const cpf of [lia.cpf, nair.cpf, rosa.cpf, zeca.cpf]) assert(!text.includes(cpf));
  for (const stream of ["portal", ALFA]) {
    assertEquals((await verifyStream(deps.kv, stream)).brokenAt, null);
  }
});
