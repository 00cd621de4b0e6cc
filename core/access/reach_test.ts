/** A tie is opened only by what has to do with how the account came to it. */
import { assert, assertEquals } from "@std/assert";
import { operadorasIn } from "../account/operadoras.ts";
import { keys } from "../store/keys.ts";
import type { Reach } from "../store/records/access.ts";
import type { LoggedIn, Session, Standing } from "../store/records/session.ts";
import {
  addUser,
  ALFA,
  BETA,
  certificate,
  codeFor,
  ivo,
  lia,
  login,
  must,
  PASSWORD,
  personOf,
  provisionalFor,
  seedRepresentative,
  seedUser,
  selfRegister,
  type TestDeps,
} from "@/tests/fixtures/mod.ts";
import { enter, govbrWorld } from "../signin/govbr/world_testing.ts";
import { acceptInvitation, showProvisional } from "./invitations/accept.ts";
import { loadCaller } from "./caller.ts";
import { getTie } from "./users/user_of_operadora.ts";
import { confirmEmailChange, requestEmailChange } from "../account/change_email.ts";
import { opensTie } from "../account/credentials.ts";

const OTHER = "lia.beta@ficticia.example";

/** Somebody has made an account with Lia's CPF and address, and gov.br has joined it by the address. */
async function joined() {
  const world = await govbrWorld([lia]);
  const { deps } = world;
  await seedRepresentative(deps);
  await seedRepresentative(deps, ivo, certificate(deps, BETA));
  await selfRegister(deps, lia);
  const entry = must(await enter(deps, { cpf: lia.cpf }));
  assertEquals(entry.next, "logged_in");
  return { ...world, session: entry.session as Session<LoggedIn> };
}

/** What the old password, which nothing has confirmed since, opens of an operadora. */
async function byOldPassword(deps: TestDeps, cnpj: string) {
  const { session } = must(await login(deps, { cpf: lia.cpf, password: PASSWORD }));
  const state = { ...session.state as LoggedIn, operadora: cnpj };
  assertEquals([state.confirmedUnder, state.mailboxes], [0, null]);
  return await opened(deps, { ...session, state }, cnpj);
}

/** Does a session open the operadora, for the routes and on the page where it is chosen? */
async function opened(deps: TestDeps, session: Session<LoggedIn>, cnpj: string) {
  const person = await personOf(deps, lia);
  const there = { ...session, state: { ...session.state, operadora: cnpj } };
  const caller = await loadCaller(deps, there);
  const { opened, closed } = await operadorasIn(deps, person, session.state);
  const shown = opened.some((one) => one.cnpj === cnpj);
  assertEquals(closed.some((one) => one.cnpj === cnpj), !shown);
  assertEquals(caller?.operadora?.cnpj === cnpj, shown);
  return shown;
}

Deno.test("attack: an old password opens nothing that another mailbox and the proof have reached", async () => {
  await using world = await joined();
  const { deps, session } = world;
  const invitation = must(await addUser(deps, { ...lia, email: OTHER }, { cnpj: BETA }));
  const person = await personOf(deps, lia);
  must(await acceptInvitation(deps, { person, session }, invitation));
  assertEquals((await getTie(deps, BETA, person.id))?.reached, { by: "proof", under: 1 });
  assert(await opened(deps, session, BETA));
  assertEquals(await byOldPassword(deps, BETA), false);
});

Deno.test("attack: nor what a provisional password has reached that it has not shown", async () => {
  await using world = await joined();
  const { deps, session } = world;
  const invitation = must(await addUser(deps, { ...lia, email: OTHER }, { cnpj: BETA }));
  const person = await personOf(deps, lia);
  const typed = await provisionalFor(deps, OTHER);
  must(await showProvisional(deps, { person, session }, null, typed));
  must(await acceptInvitation(deps, { person, session }, invitation));
  assertEquals((await getTie(deps, BETA, person.id))?.reached, { by: "password", under: 1 });
  assert(await opened(deps, session, BETA));
  assertEquals(await byOldPassword(deps, BETA), false);
});

Deno.test("attack: nor what an address has reached that was confirmed after the proof", async () => {
  await using world = await joined();
  const { deps, session } = world;
  const form = { email: OTHER, password: PASSWORD, address: null };
  must(await requestEmailChange(deps, session, form));
  must(await confirmEmailChange(deps, session, await codeFor(deps, OTHER)));
  const invitation = must(await addUser(deps, { ...lia, email: OTHER }, { cnpj: BETA }));
  const person = await personOf(deps, { cpf: lia.cpf });
  must(await acceptInvitation(deps, { person, session }, invitation));
  assertEquals((await getTie(deps, BETA, person.id))?.reached, { by: "mailbox", under: 1 });
  assert(await opened(deps, session, BETA));
  assertEquals(await byOldPassword(deps, BETA), false);
});

Deno.test("what it had reached before the proof it goes on opening", async () => {
  await using world = await govbrWorld([lia]);
  const { deps } = world;
  await seedRepresentative(deps);
  await seedUser(deps, lia);
  assert(await byOldPassword(deps, ALFA));
  const entry = must(await enter(deps, { cpf: lia.cpf }));
  assert(await opened(deps, entry.session as Session<LoggedIn>, ALFA));
  assert(await byOldPassword(deps, ALFA));
});

Deno.test("which standing opens which reach", async () => {
  await using world = await joined();
  const { deps } = world;
  const person = await personOf(deps, lia);
  const reaches: Reach[] = [
    { by: "mailbox", under: 0 },
    { by: "password", under: 1 },
    { by: "proof", under: 1 },
  ];
  const cases: [string, Standing, boolean[]][] = [
    ["confirmed", { confirmedUnder: 1, mailboxes: null }, [true, true, true]],
    ["of before", { confirmedUnder: 0, mailboxes: null }, [true, false, false]],
    ["gov.br below the level", { confirmedUnder: -1, mailboxes: null }, [true, false, false]],
    ["has read it", { confirmedUnder: -1, mailboxes: [OTHER] }, [true, true, true]],
    ["has read another", { confirmedUnder: -1, mailboxes: [lia.email] }, [false, false, false]],
    ["another, with the proof", { confirmedUnder: 1, mailboxes: [lia.email] }, [
      false,
      false,
      true,
    ]],
  ];
  for (const [name, standing, expected] of cases) {
    const found = reaches.map((reached) =>
      opensTie(deps, { email: OTHER, reached }, person, standing)
    );
    assertEquals(found, expected, name);
  }
  // A proof that is gone opens nothing.
  await deps.kv.set(keys.account(person.id), { ...person, proof: null });
  const lost = await personOf(deps, lia);
  const tie = { email: OTHER, reached: reaches[2]! };
  assertEquals(opensTie(deps, tie, lost, { confirmedUnder: 1, mailboxes: null }), false);
});
