import { assert, assertEquals } from "@std/assert";
import { verifyStream } from "../audit/chain.ts";
import { keys } from "../store/keys.ts";
import {
  addUser,
  ALFA,
  BETA,
  BETA_CNES,
  caio,
  certificate,
  CLOSED_CNES,
  CNES,
  codeOf,
  deactivate,
  enterAdministrator,
  enterRepresentative,
  enterUser,
  ivo,
  lia,
  mailsTo,
  must,
  personOf,
  rosa,
  SECOND_CNES,
  world,
} from "../testing_world.ts";
import { transact } from "../store/transact.ts";
import {
  getMembership,
  listAdministrators,
  listMembershipsOf,
  makeAdministrator,
  setMembership,
} from "./membership.ts";

/** ALFA and BETA with their representatives; Lia works for ALFA. */
async function peopled() {
  const portal = await world();
  await enterRepresentative(portal);
  await enterRepresentative(portal, ivo, certificate(portal, BETA));
  await enterUser(portal, lia);
  const [actor, person] = [await personOf(portal, rosa), await personOf(portal, lia)];
  return { portal, actor, person };
}

async function administrators(portal: Awaited<ReturnType<typeof world>>, cnes: string) {
  return (await listAdministrators(portal, cnes)).map(({ cpf }) => cpf);
}

Deno.test("the representative appoints an administrator, who is told and decides from then on", async () => {
  const { portal, actor, person } = await peopled();
  using _ = portal;
  must(await makeAdministrator(portal, actor, ALFA, person, CNES));
  assertEquals(await administrators(portal, CNES), [lia.cpf]);
  assertEquals(await administrators(portal, SECOND_CNES), []);
  assertEquals(
    (await listMembershipsOf(portal, lia.cpf)).map(({ cnes, profile }) => [cnes, profile]),
    [
      [CNES, "ADMINISTRADOR"],
    ],
  );
  const subjects = (await mailsTo(portal, lia.email)).map(({ subject }) => subject);
  assert(subjects.includes("Você é ADMINISTRADOR de um estabelecimento"));
  assertEquals(await verifyStream(portal.kv, CNES), { records: 1, brokenAt: null });
});

Deno.test("nobody is appointed at an establishment of another operadora, of nobody, or closed", async () => {
  const { portal, actor, person } = await peopled();
  using _ = portal;
  for (const cnes of [BETA_CNES, "7777777", "", "abc"]) {
    const refused = await makeAdministrator(portal, actor, ALFA, person, cnes);
    assertEquals(codeOf(refused), "establishment_not_found", cnes);
  }
  const closed = await makeAdministrator(portal, actor, ALFA, person, CLOSED_CNES);
  assertEquals(codeOf(closed), "establishment_inactive");
  assertEquals(await listMembershipsOf(portal, lia.cpf), []);
});

Deno.test("nobody is appointed who does not work for the operadora, or is deactivated", async () => {
  const { portal, actor, person } = await peopled();
  using _ = portal;
  must(await addUser(portal, caio, { cnpj: BETA, by: ivo }));
  const other = await personOf(portal, caio);
  const foreign = await makeAdministrator(portal, actor, ALFA, other, CNES);
  assertEquals(codeOf(foreign), "user_not_found");
  const own = await makeAdministrator(portal, actor, ALFA, actor, CNES);
  assertEquals(codeOf(own), "user_not_found");
  await deactivate(portal, lia);
  const inactive = await makeAdministrator(portal, actor, ALFA, person, CNES);
  assertEquals(codeOf(inactive), "user_not_found");
  assertEquals(await administrators(portal, CNES), []);
});

Deno.test("an appointment posted twice is one, with one e-mail and one record", async () => {
  const { portal, actor, person } = await peopled();
  using _ = portal;
  const before = (await mailsTo(portal, lia.email)).length;
  const appoint = () => makeAdministrator(portal, actor, ALFA, person, CNES);
  const outcomes = await Promise.all([appoint(), appoint()]);
  assertEquals(outcomes.map(codeOf).sort(), ["already_administrator", "ok"]);
  assertEquals(codeOf(await appoint()), "already_administrator");
  assertEquals((await mailsTo(portal, lia.email)).length, before + 1);
  assertEquals((await verifyStream(portal.kv, CNES)).records, 1);
});

Deno.test("a deactivated administrator is on no list of those who decide", async () => {
  using portal = await world();
  await enterRepresentative(portal);
  await enterAdministrator(portal, lia);
  await enterAdministrator(portal, caio);
  assertEquals((await administrators(portal, CNES)).sort(), [lia.cpf, caio.cpf].sort());
  await deactivate(portal, lia);
  assertEquals(await administrators(portal, CNES), [caio.cpf]);
});

Deno.test("another profile takes a person off the list of administrators", async () => {
  using portal = await world();
  await enterRepresentative(portal);
  await enterAdministrator(portal, lia);
  const change = { cnes: CNES, cpf: lia.cpf, profile: "OPERADOR", since: 1, by: "x" } as const;
  await transact(portal.kv, (tx) => setMembership(tx, change));
  assertEquals(await administrators(portal, CNES), []);
  assertEquals(await getMembership(portal, CNES, lia.cpf), change);
  assertEquals((await portal.kv.get(keys.administrator(CNES, lia.cpf))).value, null);
});

Deno.test("a membership is of one establishment", async () => {
  using portal = await world();
  await enterRepresentative(portal);
  await enterAdministrator(portal, lia);
  assertEquals(await getMembership(portal, SECOND_CNES, lia.cpf), null);
  assertEquals(await getMembership(portal, CNES, caio.cpf), null);
  assertEquals(await listMembershipsOf(portal, caio.cpf), []);
});
