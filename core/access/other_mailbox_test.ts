/** Recovery in one operadora's mailbox, which is the account's address, reaches nothing of another's. */
import { assertEquals } from "@std/assert";
import type { Standing } from "../store/records/session.ts";
import {
  addUser,
  approve,
  BETA,
  BETA_CNES,
  certificate,
  ivo,
  lia,
  must,
  personOf,
  provisionalFor,
  seedEstablishment,
  seedRegistries,
  seedRepresentative,
  seedSession,
  seedUser,
  UNLIMITED,
} from "@/tests/fixtures/mod.ts";
import { makeAdministrator } from "./change_membership.ts";
import { acceptInvitation, showProvisional } from "./invitations/accept.ts";
import { getMembership, opensMembership } from "./membership.ts";
import { createRequest, directorAt } from "./requests/create.ts";
import { getEstablishmentAccess } from "./establishment_access.ts";

const AT_BETA = "lia.beta@ficticia.example";

/** Lia's account has the mailbox that ALFA named; BETA has invited her to another one, and she accepted. */
async function atBoth() {
  const deps = await seedRegistries();
  await seedRepresentative(deps);
  await seedRepresentative(deps, ivo, certificate(deps, BETA));
  await seedUser(deps, lia);
  const person = await personOf(deps, lia);
  const invitation = must(await addUser(deps, { ...lia, email: AT_BETA }, { cnpj: BETA }));
  const session = await seedSession(deps, lia);
  const typed = await provisionalFor(deps, AT_BETA);
  must(await showProvisional(deps, { person, session }, null, typed));
  must(await acceptInvitation(deps, { person, session }, invitation));
  return { deps, person };
}

/** Of a session with a password that was recovered in this mailbox. */
const recoveredIn = (mailbox: string): Standing => ({ confirmedUnder: -1, mailboxes: [mailbox] });

/** Whether each mailbox opens Lia's membership at BETA's establishment. */
async function opens(deps: Awaited<ReturnType<typeof seedRegistries>>) {
  const person = await personOf(deps, lia);
  const membership = (await getMembership(deps, BETA_CNES, person.id))!;
  return [lia.email, AT_BETA].map((one) =>
    opensMembership(deps, membership, person, recoveredIn(one))
  );
}

Deno.test("attack: it makes nobody ADMINISTRADOR as the director at another's establishment", async () => {
  const { deps, person } = await atBoth();
  using _ = deps;
  await seedEstablishment(deps, { directorCpf: lia.cpf }, BETA_CNES);
  const form = { cnes: BETA_CNES, profile: "ADMINISTRADOR" };
  const place = await getEstablishmentAccess(
    deps,
    { account: person.id, computer: null },
    BETA_CNES,
  );
  const told = (mailbox: string) => directorAt(deps, person, place, recoveredIn(mailbox));
  assertEquals([await told(lia.email), await told(AT_BETA)], ["unproven", "atOnce"]);
  const asked = must(await createRequest(deps, person, form, recoveredIn(lia.email)));
  assertEquals(asked.state, "pendente");
});

Deno.test("the mailbox that the establishment's operadora named does, and is the one that opens it", async () => {
  const { deps, person } = await atBoth();
  using _ = deps;
  await seedEstablishment(deps, { directorCpf: lia.cpf }, BETA_CNES);
  const form = { cnes: BETA_CNES, profile: "ADMINISTRADOR" };
  const asked = must(await createRequest(deps, person, form, recoveredIn(AT_BETA)));
  assertEquals([asked.state, asked.via], ["aprovada", "cnes"]);
  assertEquals(await opens(deps), [false, true]);
});

Deno.test("attack: nor opens it what another operadora's representative has given", async (t) => {
  await t.step("by appointing", async () => {
    const { deps, person } = await atBoth();
    using _ = deps;
    must(await makeAdministrator(deps, await personOf(deps, ivo), BETA, person, BETA_CNES));
    assertEquals(await opens(deps), [false, true]);
  });
  await t.step("by approving what was asked", async () => {
    const { deps, person } = await atBoth();
    using _ = deps;
    const form = { cnes: BETA_CNES, profile: "ADMINISTRADOR" };
    const asked = must(await createRequest(deps, person, form, recoveredIn(lia.email)));
    must(await approve(deps, asked.id, ivo, { represents: BETA, standing: UNLIMITED }));
    assertEquals(await opens(deps), [false, true]);
  });
});
