import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { verifyStream } from "../audit/chain.ts";
import { cpfCheckDigits, formatCpf, maskCpf } from "../registry/numbers.ts";
import { keys } from "../store/keys.ts";
import type { Person } from "../store/records/account.ts";
import type { Session, Visiting } from "../store/records/session.ts";
import {
  addUser,
  ALFA,
  auditRecords,
  certificate,
  codeOf,
  DAY,
  deactivate,
  enterRepresentative,
  enterUser,
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
  representativeAt,
  rosa,
  showCertificate,
  visit,
  world,
  zeca,
} from "../testing_world.ts";
import { loginWithCertificatePassword } from "./login.ts";
import { hashPassword } from "./password.ts";
import { readSession, sessionToken } from "./session.ts";

type World = Awaited<ReturnType<typeof world>>;

const RIGHT = { cpf: lia.cpf, password: PASSWORD };
const WRONG = { cpf: lia.cpf, password: OTHER_PASSWORD };

/** ALFA with its representative and one usuário, both past their first access. */
async function peopled(): Promise<World> {
  const portal = await world();
  await enterRepresentative(portal);
  await enterUser(portal, lia);
  return portal;
}

function enter(portal: World, session: Session<Visiting>, password = PASSWORD) {
  const caller = { address: "192.0.2.1", agent: "test" };
  return loginWithCertificatePassword(portal, session, caller, password);
}

async function sessionsOf(portal: World, cpf: string): Promise<number> {
  const list = portal.kv.list({ prefix: keys.sessionByPerson.under(cpf) });
  return (await Array.fromAsync(list)).length;
}

Deno.test("CPF and password open a session with a new id; the visit before it ends", async () => {
  using portal = await peopled();
  const before = await visit(portal);
  const entry = must(await login(portal, RIGHT, { session: before }));
  assertEquals(entry.next, "logged_in");
  assertNotEquals(entry.session.id, before.id);
  assertEquals(await readSession(portal, await sessionToken(portal, before)), null);
  assertEquals(
    await readSession(portal, await sessionToken(portal, entry.session)),
    entry.session,
  );
  const masked = { cpf: formatCpf(lia.cpf), password: PASSWORD };
  assertEquals(codeOf(await login(portal, masked)), "ok");
});

Deno.test("a login ends the session that somebody else left open in the browser", async () => {
  using portal = await peopled();
  const left = must(await login(portal, { cpf: rosa.cpf, password: PASSWORD })).session;
  must(await login(portal, RIGHT, { session: left }));
  assertEquals(await readSession(portal, await sessionToken(portal, left)), null);
});

Deno.test("the answer does not tell whether the CPF is known", async () => {
  using portal = await peopled();
  must(await addUser(portal, zeca));
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
    assertEquals(await login(portal, typed), refused, what);
  }
  await deactivate(portal, lia);
  assertEquals(await login(portal, WRONG), refused);
  assertEquals(codeOf(await login(portal, RIGHT)), "person_inactive");
});

Deno.test("a CPF that is none is refused before anything is counted", async () => {
  using portal = await peopled();
  for (const cpf of ["", "123", "11111111111", "52998224726", "abc", `${lia.cpf}0`]) {
    assertEquals(codeOf(await login(portal, { cpf, password: PASSWORD })), "cpf_invalid");
  }
  assertEquals(await Array.fromAsync(portal.kv.list({ prefix: keys.throttle.under("login") })), []);
});

Deno.test("eight attempts for a person from one address; then the right password does not help", async () => {
  using portal = await peopled();
  for (let i = 0; i < 8; i++) assertEquals(codeOf(await login(portal, WRONG)), "login_refused");
  assertEquals(codeOf(await login(portal, RIGHT)), "too_many_attempts");
  // A stranger locks nobody out: the person comes in from where they are.
  assertEquals(codeOf(await login(portal, RIGHT, { address: "192.0.2.2" })), "ok");
  assertEquals(codeOf(await login(portal, RIGHT)), "too_many_attempts");
  portal.advance(15 * MINUTE);
  assertEquals(codeOf(await login(portal, RIGHT)), "ok");
});

Deno.test("unknown CPFs are counted the same, and passwords guessed in parallel", async () => {
  using portal = await peopled();
  for (const cpf of [lia.cpf, nair.cpf]) {
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, (_, i) => login(portal, { cpf, password: `${PASSWORD}${i}` })),
    );
    assertEquals(outcomes.filter((it) => codeOf(it) === "login_refused").length, 8);
    assertEquals(outcomes.filter((it) => codeOf(it) === "too_many_attempts").length, 4);
  }
});

Deno.test("a success forgets the failures of that person at that address", async () => {
  using portal = await peopled();
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 7; i++) await login(portal, WRONG);
    assertEquals(codeOf(await login(portal, RIGHT)), "ok");
  }
});

Deno.test("an address has a limit over all people, that logins which succeed do not use up", async () => {
  using portal = await peopled();
  const unknown = Array.from({ length: 13 }, (_, i) => 930_000_000 + i);
  for (let i = 0; i < 3; i++) assertEquals(codeOf(await login(portal, RIGHT)), "ok");
  // Too long to be hashed at all, so that a hundred attempts take no time.
  const endless = "x".repeat(200);
  let refused = 0;
  for (const number of unknown) {
    const cpf = number + cpfCheckDigits(String(number));
    for (let i = 0; i < 8; i++) {
      if (codeOf(await login(portal, { cpf, password: endless })) === "login_refused") refused++;
    }
    // Who knows one password there has the failures at others not forgotten.
    if (refused < 100) assertEquals(codeOf(await login(portal, RIGHT)), "ok");
  }
  assertEquals(refused, 100);
  assertEquals(codeOf(await login(portal, RIGHT)), "too_many_attempts");
  assertEquals(codeOf(await login(portal, RIGHT, { address: "192.0.2.2" })), "ok");
});

Deno.test("a password changed, or a person deactivated, between the check and the commit", async () => {
  const changes: Partial<Person>[] = [
    { active: false },
    { passwordHash: await hashPassword(OTHER_PASSWORD) },
  ];
  for (const change of changes) {
    using portal = await peopled();
    const before = await sessionsOf(portal, lia.cpf);
    const person = await personOf(portal, lia);
    // Two commits count the attempt, two forgive it, the fifth opens the session.
    const meanwhile = interrupted(
      portal,
      5,
      () => portal.kv.set(keys.person(lia.cpf), { ...person, ...change }),
    );
    assertEquals(codeOf(await login(meanwhile, RIGHT)), "login_refused");
    assertEquals(await sessionsOf(portal, lia.cpf), before);
  }
});

Deno.test("a provisional password renewed between the check and the commit opens nothing", async () => {
  using portal = await peopled();
  must(await addUser(portal, zeca));
  const typed = { cpf: zeca.cpf, password: await provisionalFor(portal, zeca.email) };
  const person = await personOf(portal, zeca);
  const provisional = { ...person.provisional!, hash: await hashPassword(OTHER_PASSWORD) };
  const meanwhile = interrupted(
    portal,
    5,
    () => portal.kv.set(keys.person(zeca.cpf), { ...person, provisional }),
  );
  assertEquals(codeOf(await login(meanwhile, typed)), "login_refused");
  assertEquals(codeOf(await login(portal, { ...typed, password: OTHER_PASSWORD })), "ok");
});

Deno.test("a provisional password opens the first access and nothing else", async () => {
  using portal = await peopled();
  must(await addUser(portal, zeca));
  const password = await provisionalFor(portal, zeca.email);
  const entry = must(await login(portal, { cpf: zeca.cpf, password }));
  assertEquals(entry.next, "first_access");
  assertEquals(entry.session.state.kind, "visiting");
  assertEquals(await sessionsOf(portal, zeca.cpf), 0);
  portal.advance(4 * DAY);
  const late = await login(portal, { cpf: zeca.cpf, password });
  assertEquals(codeOf(late), "provisional_expired");
});

Deno.test("J2: the representative comes in with certificate and password", async () => {
  using portal = await peopled();
  const entry = await showCertificate(portal, certificate(portal, ALFA));
  assertEquals(entry.next, "password");
  const session = must(await enter(portal, entry.session));
  assertNotEquals(session.id, entry.session.id);
  assertEquals(session.state.operadora, ALFA);
  assertEquals(await readSession(portal, await sessionToken(portal, entry.session)), null);
});

Deno.test("the certificate alone, or the password of somebody else, is not enough", async () => {
  using portal = await world();
  await enterRepresentative(portal);
  const { session } = await showCertificate(portal, certificate(portal, ALFA));
  for (const password of ["", OTHER_PASSWORD]) {
    assertEquals(codeOf(await enter(portal, session, password)), "password_refused");
  }
});

Deno.test("no certificate password without a certificate, or in a first access", async () => {
  using portal = await peopled();
  assertEquals(codeOf(await enter(portal, await visit(portal))), "step_out_of_order");
  await importEdition(portal, { [ALFA]: { Representante: nair.name } });
  const seen = certificate(portal, ALFA, { responsible: nair });
  const first = await representativeAt(portal, "usuario", nair, seen);
  assertEquals(codeOf(await enter(portal, first)), "step_out_of_order");
});

Deno.test("between certificate and password: it expires, another takes its place, CADOP changes", async () => {
  {
    using portal = await peopled();
    const seen = certificate(portal, ALFA, { life: MINUTE });
    const { session } = await showCertificate(portal, seen);
    portal.advance(MINUTE + 1);
    assertEquals(codeOf(await enter(portal, session)), "certificate_expired_meanwhile");
  }
  {
    using portal = await peopled();
    const { session } = await showCertificate(portal, certificate(portal, ALFA));
    const other = { sha256: "f".repeat(64), notAfter: portal.now() + DAY, registeredAt: 0 };
    await portal.kv.set(keys.certificateOfOperadora(ALFA), other);
    assertEquals(codeOf(await enter(portal, session)), "step_out_of_order");
  }
  {
    using portal = await peopled();
    const { session } = await showCertificate(portal, certificate(portal, ALFA));
    await importEdition(portal, { [ALFA]: { Representante: nair.name } });
    assertEquals(codeOf(await enter(portal, session)), "step_out_of_order");
  }
});

Deno.test("certificate and password: after the visit ended, for a deactivated person, too often", async () => {
  using portal = await peopled();
  const late = await showCertificate(portal, certificate(portal, ALFA));
  portal.advance(30 * MINUTE);
  assertEquals(codeOf(await enter(portal, late.session)), "session_ended");

  const { session } = await showCertificate(portal, certificate(portal, ALFA));
  for (let i = 0; i < 8; i++) {
    assertEquals(codeOf(await enter(portal, session, OTHER_PASSWORD)), "password_refused");
  }
  assertEquals(codeOf(await enter(portal, session)), "too_many_attempts");
  portal.advance(15 * MINUTE);
  await deactivate(portal, rosa);
  assertEquals(codeOf(await enter(portal, session)), "person_inactive");
});

Deno.test("the certificate's password form posted twice makes one session", async () => {
  using portal = await peopled();
  const { session } = await showCertificate(portal, certificate(portal, ALFA));
  const before = await sessionsOf(portal, rosa.cpf);
  const outcomes = await Promise.all([enter(portal, session), enter(portal, session)]);
  assertEquals(outcomes.map(codeOf).sort(), ["ok", "session_ended"]);
  assertEquals(await sessionsOf(portal, rosa.cpf), before + 1);
});

Deno.test("every login leaves a record, the refused ones with a masked number", async () => {
  using portal = await peopled();
  must(await addUser(portal, zeca));
  const password = await provisionalFor(portal, zeca.email);
  const before = (await auditRecords(portal)).length;
  await login(portal, RIGHT);
  await login(portal, WRONG);
  await login(portal, { cpf: nair.cpf, password: PASSWORD });
  await login(portal, { cpf: zeca.cpf, password });
  const { session } = await showCertificate(portal, certificate(portal, ALFA));
  await enter(portal, session, OTHER_PASSWORD);
  await enter(portal, session);

  const records = await auditRecords(portal);
  assertEquals(records.length, before + 6);
  const events = records.filter(({ event }) => event.startsWith("login."));
  const count = (name: string) => events.filter(({ event }) => event === name).length;
  assertEquals(
    ["certificate", "password", "provisional", "refused"].map((it) => count(`login.${it}`)),
    [
      1,
      1,
      2,
      3,
    ],
  );
  const refused = events.filter(({ event }) => event === "login.refused");
  const { id } = await personOf(portal, lia);
  assertEquals(refused.map(({ actor, subject }) => [actor, subject]), [
    [id, maskCpf(lia.cpf)],
    ["unknown", maskCpf(nair.cpf)],
    [(await personOf(portal, rosa)).id, maskCpf(rosa.cpf)],
  ]);
  const text = JSON.stringify(records);
  for (const cpf of [lia.cpf, nair.cpf, rosa.cpf, zeca.cpf]) assert(!text.includes(cpf));
  for (const stream of ["portal", ALFA]) {
    assertEquals((await verifyStream(portal.kv, stream)).brokenAt, null);
  }
});
