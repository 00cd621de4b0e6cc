import type { Membership } from "../store/records/access.ts";
import { assert, assertEquals } from "@std/assert";
import { verifyStream } from "../audit/chain.ts";
import { keys } from "../store/keys.ts";
import {
  ALFA,
  BETA,
  BETA_CNES,
  caio,
  certificate,
  CLOSED_CNES,
  CNES,
  codeOf,
  deactivate,
  idOf,
  ivo,
  lia,
  mailsTo,
  must,
  personOf,
  rosa,
  SECOND_CNES,
  seedMember,
  seedPerson,
  seedRegistries,
  seedRepresentative,
  seedTie,
  seedUser,
} from "@/tests/fixtures/mod.ts";
import { transact } from "../store/transact.ts";
import {
  getMembership,
  listAdministrators,
  listMembershipsOf,
  setMembership,
} from "./membership.ts";
import { makeAdministrator } from "./change_membership.ts";

/** ALFA and BETA with their representatives; Lia works for ALFA. */
async function peopled() {
  const deps = await seedRegistries();
  await seedRepresentative(deps);
  await seedRepresentative(deps, ivo, certificate(deps, BETA));
  await seedUser(deps, lia);
  const [actor, person] = [await personOf(deps, rosa), await personOf(deps, lia)];
  return { deps, actor, person };
}

async function administrators(deps: Awaited<ReturnType<typeof seedRegistries>>, cnes: string) {
  return (await listAdministrators(deps, cnes)).map(({ cpf }) => cpf);
}

Deno.test("the representative appoints an administrator, who is told and decides from then on", async () => {
  const { deps, actor, person } = await peopled();
  using _ = deps;
  must(await makeAdministrator(deps, actor, ALFA, person, CNES));
  assertEquals(await administrators(deps, CNES), [lia.cpf]);
  assertEquals(await administrators(deps, SECOND_CNES), []);
  assertEquals(
    (await listMembershipsOf(deps, person.id)).map(({ cnes, profile }) => [cnes, profile]),
    [[CNES, "ADMINISTRADOR"]],
  );
  const subjects = (await mailsTo(deps, lia.email)).map(({ subject }) => subject);
  assert(subjects.includes("Você é ADMINISTRADOR de um estabelecimento"));
  assertEquals(await verifyStream(deps.kv, CNES), { records: 1, brokenAt: null });
});

Deno.test("nobody is appointed at an establishment of another operadora, of nobody, or closed", async () => {
  const { deps, actor, person } = await peopled();
  using _ = deps;
  for (const cnes of [BETA_CNES, "7777777", "", "abc"]) {
    const refused = await makeAdministrator(deps, actor, ALFA, person, cnes);
    assertEquals(codeOf(refused), "establishment_not_found", cnes);
  }
  const closed = await makeAdministrator(deps, actor, ALFA, person, CLOSED_CNES);
  assertEquals(codeOf(closed), "establishment_inactive");
  assertEquals(await listMembershipsOf(deps, await idOf(deps, lia)), []);
});

Deno.test("nobody is appointed who does not work for the operadora, or is deactivated", async () => {
  const { deps, actor, person } = await peopled();
  using _ = deps;
  await seedTie(deps, caio, BETA);
  const other = await personOf(deps, caio);
  const foreign = await makeAdministrator(deps, actor, ALFA, other, CNES);
  assertEquals(codeOf(foreign), "user_not_found");
  const own = await makeAdministrator(deps, actor, ALFA, actor, CNES);
  assertEquals(codeOf(own), "user_not_found");
  await deactivate(deps, lia);
  const inactive = await makeAdministrator(deps, actor, ALFA, person, CNES);
  assertEquals(codeOf(inactive), "user_not_found");
  assertEquals(await administrators(deps, CNES), []);
});

Deno.test("an appointment posted twice is one, with one e-mail and one record", async () => {
  const { deps, actor, person } = await peopled();
  using _ = deps;
  const before = (await mailsTo(deps, lia.email)).length;
  const appoint = () => makeAdministrator(deps, actor, ALFA, person, CNES);
  const outcomes = await Promise.all([appoint(), appoint()]);
  assertEquals(outcomes.map(codeOf).sort(), ["already_administrator", "ok"]);
  assertEquals(codeOf(await appoint()), "already_administrator");
  assertEquals((await mailsTo(deps, lia.email)).length, before + 1);
  assertEquals((await verifyStream(deps.kv, CNES)).records, 1);
});

Deno.test("a deactivated administrator is on no list of those who decide", async () => {
  using deps = await seedRegistries();
  await seedRepresentative(deps);
  await seedMember(deps, lia);
  await seedMember(deps, caio);
  assertEquals((await administrators(deps, CNES)).sort(), [lia.cpf, caio.cpf].sort());
  await deactivate(deps, lia);
  assertEquals(await administrators(deps, CNES), [caio.cpf]);
});

Deno.test("another profile takes a person off the list of administrators", async () => {
  using deps = await seedRegistries();
  await seedRepresentative(deps);
  await seedMember(deps, lia);
  const [account, by] = [await idOf(deps, lia), await idOf(deps, rosa)];
  const change = {
    ...{ cnes: CNES, account, profile: "OPERADOR" as const, since: 1, by },
    ...{ mailbox: lia.email, origin: { kind: "approved", by } as const },
  } satisfies Membership;
  await transact(deps.kv, (tx) => setMembership(tx, change));
  assertEquals(await administrators(deps, CNES), []);
  assertEquals(await getMembership(deps, CNES, account), change);
  assertEquals((await deps.kv.get(keys.administrator(CNES, account))).value, null);
});

Deno.test("a membership is of one establishment", async () => {
  using deps = await seedRegistries();
  await seedRepresentative(deps);
  await seedMember(deps, lia);
  assertEquals(await getMembership(deps, SECOND_CNES, await idOf(deps, lia)), null);
  const { id: other } = await seedPerson(deps, caio);
  assertEquals(await getMembership(deps, CNES, other), null);
  assertEquals(await listMembershipsOf(deps, other), []);
});
