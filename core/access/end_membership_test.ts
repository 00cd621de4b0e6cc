import { keys } from "../store/keys.ts";
import { assert, assertEquals } from "@std/assert";
import {
  ALFA,
  BETA,
  caio,
  CNES,
  codeOf,
  interrupted,
  ivo,
  lia,
  mailsTo,
  must,
  nair,
  personOf,
  rosa,
  SECOND_CNES,
  type WorldPerson,
  zeca,
} from "../testing_world.ts";
import { listComputersOf } from "./computers.ts";
import { endMembership } from "./end_membership.ts";
import {
  administersAny,
  getMembership,
  listAdministrators,
  listChanges,
  listMembers,
  listMembershipsOf,
  makeAdministrator,
} from "./membership.ts";
import { getRequest, listPending } from "./requests/request.ts";
import { standingAt } from "./standing.ts";
import {
  approve,
  ask,
  askComputer,
  equip,
  eventsOf,
  join,
  settle,
  soundLog,
  tie,
  town,
} from "./town_testing.ts";

type World = Awaited<ReturnType<typeof town>>;

async function operador(): Promise<World> {
  const portal = await town();
  await join(portal, zeca, "OPERADOR");
  return portal;
}

function end(portal: Parameters<typeof endMembership>[0], by: WorldPerson, {
  of = zeca,
  represents,
  ...more
}: { of?: WorldPerson; represents?: string; cnes?: string; reason?: string } = {}) {
  const whom = { cnes: CNES, cpf: of.cpf, reason: "Mudou de unidade", ...more };
  return endMembership(portal, { cpf: by.cpf, represents }, whom);
}

const isIn = async (portal: World) =>
  (await listMembershipsOf(portal, zeca.cpf)).some(({ cnes }) => cnes === CNES);

Deno.test("who may not end a membership, and which not", async () => {
  using portal = await operador();
  for (const reason of ["", " \n ", "ab", "a".repeat(501)]) {
    assertEquals(codeOf(await end(portal, lia, { reason })), "justification_missing");
  }
  for (
    const [by, choices, code] of [
      [nair, {}, "not_allowed"],
      [zeca, {}, "not_allowed"],
      [rosa, {}, "not_allowed"],
      [ivo, { represents: BETA }, "not_allowed"],
      [ivo, { represents: ALFA }, "not_allowed"],
      [lia, { cnes: SECOND_CNES }, "not_allowed"],
      [lia, { of: nair }, "member_not_found"],
      [lia, { of: caio }, "administrator_by_representative"],
      [lia, { of: lia }, "member_own"],
    ] as const
  ) {
    assertEquals(codeOf(await end(portal, by, choices)), code, `${by.name} ${code}`);
  }
  assertEquals(await isIn(portal), true);
  assertEquals(await eventsOf(portal), []);
});

Deno.test("ended: computers gone, off every list but that of who was there, told why, kept", async () => {
  using portal = await operador();
  for (const key of ["a", "b"]) await equip(portal, zeca, key);
  await join(portal, nair, "OPERADOR");
  await equip(portal, nair, "n");
  const before = (await getMembership(portal, CNES, zeca.cpf))!;
  must(await end(portal, lia));
  assertEquals(await isIn(portal), false);
  assertEquals(await listComputersOf(portal, CNES, zeca.cpf), []);
  assertEquals((await listComputersOf(portal, CNES, nair.cpf)).length, 1);
  assertEquals(
    (await listMembers(portal, CNES)).find(({ cpf }) => cpf === zeca.cpf)?.ended?.reason,
    "Mudou de unidade",
  );
  assertEquals((await listChanges(portal, CNES, zeca.cpf))[0]?.before, before);
  const mail = (await mailsTo(portal, zeca.email)).at(-1)!;
  assertEquals(mail.subject, "Seu acesso a um estabelecimento foi desativado");
  assert(mail.text.includes("Motivo: Mudou de unidade"));
  const record = (await soundLog(portal)).at(-1)!;
  assertEquals([record.event, record.subject, record.detail], [
    "membership.ended",
    (await personOf(portal, zeca)).id,
    {},
  ]);
  assertEquals(codeOf(await end(portal, caio)), "member_not_found");
});

Deno.test("what waits is rejected with the same reason; a profile and a computer at once fit one commit", async () => {
  using portal = await town();
  await settle(portal, zeca, { origin: "operadora" });
  await tie(portal, zeca, ALFA);
  const asked = must(await ask(portal, zeca));
  const [actor, person] = [await personOf(portal, rosa), await personOf(portal, zeca)];
  must(await makeAdministrator(portal, actor, ALFA, person, CNES));
  const computer = must(await askComputer(portal, zeca));
  must(await end(portal, rosa, { represents: ALFA, reason: "Saiu da empresa" }));
  for (const id of [asked.id, asked.establishmentRequest!, computer.id]) {
    const request = (await getRequest(portal, id))!;
    assertEquals([request.state, request.reason], ["reprovada", "Saiu da empresa"]);
  }
  assertEquals(await listPending(portal, [CNES]), []);
  for (const step of ["perfil", "computador"] as const) {
    assertEquals((await portal.kv.get(keys.requestOpen(zeca.cpf, CNES, step))).value, null);
  }
  assertEquals((await eventsOf(portal)).slice(-3), [
    "request.reprovada",
    "request.reprovada",
    "membership.ended",
  ]);
});

Deno.test("an ADMINISTRADOR who was deactivated decides nothing more", async () => {
  using portal = await town();
  const { id } = must(await ask(portal, zeca));
  must(await end(portal, rosa, { of: lia, represents: ALFA }));
  assertEquals((await listAdministrators(portal, CNES)).map(({ cpf }) => cpf), [caio.cpf]);
  assertEquals(await administersAny(portal, lia.cpf), false);
  assertEquals((await portal.kv.get(keys.administrator(CNES, lia.cpf))).value, null);
  assertEquals(codeOf(await approve(portal, id, lia)), "not_allowed");
});

Deno.test("a membership elsewhere goes on", async () => {
  using portal = await operador();
  await join(portal, zeca, "CADASTRADOR", SECOND_CNES);
  must(await end(portal, lia));
  assertEquals((await listMembershipsOf(portal, zeca.cpf)).map(({ cnes }) => cnes), [SECOND_CNES]);
});

Deno.test("to come back: the three steps anew, the old computer among them", async () => {
  using portal = await operador();
  await equip(portal, zeca, "a");
  must(await end(portal, lia));
  portal.advance(1);
  assertEquals(codeOf(await askComputer(portal, zeca, "a")), "profile_first");
  const asked = must(await ask(portal, zeca, "CADASTRADOR"));
  assertEquals(typeof asked.establishmentRequest, "string");
  must(await approve(portal, asked.establishmentRequest!, caio));
  assertEquals((await getMembership(portal, CNES, zeca.cpf))?.ended, undefined);
  assertEquals((await getMembership(portal, CNES, zeca.cpf))?.profile, null);
  must(await approve(portal, asked.id, caio));
  assertEquals((await standingAt(portal, zeca.cpf, CNES, "a")).next, "computador");
  await equip(portal, zeca, "a");
  const [before] = (await listChanges(portal, CNES, zeca.cpf))
    .filter(({ before }) => before.ended);
  assertEquals(before?.before.ended?.reason, "Mudou de unidade");
});

Deno.test("somebody who was only let into the establishment can be deactivated too", async () => {
  using portal = await town();
  const { id, establishmentRequest } = must(await ask(portal, zeca));
  must(await approve(portal, establishmentRequest!, lia));
  must(await end(portal, lia));
  assertEquals((await getRequest(portal, id))?.state, "reprovada");
  assertEquals((await standingAt(portal, zeca.cpf, CNES)).next, "estabelecimento");
});

Deno.test("made ADMINISTRADOR in the very moment: an administrator ends it no more", async () => {
  using portal = await operador();
  const meanwhile = interrupted(portal, 1, () => join(portal, zeca, "ADMINISTRADOR"));
  assertEquals(codeOf(await end(meanwhile, lia)), "administrator_by_representative");
  assertEquals(await isIn(portal), true);
});

Deno.test("twice at once: ended once, told once", async () => {
  using portal = await operador();
  const codes = (await Promise.all([lia, caio].map((by) => end(portal, by)))).map(codeOf);
  assertEquals(codes.sort(), ["member_not_found", "ok"]);
  assertEquals((await mailsTo(portal, zeca.email)).length, 1);
  assertEquals(await eventsOf(portal), ["membership.ended"]);
});

Deno.test("a person who is gone from the portal is no obstacle", async () => {
  using portal = await operador();
  await portal.kv.delete(keys.person(zeca.cpf));
  must(await end(portal, lia));
  assertEquals((await soundLog(portal)).at(-1)?.subject, "unknown");
});
