/** Who gets what at once, whom a request goes to, and the two records of the first two steps. */
import { keys } from "../../store/keys.ts";
import { assertEquals } from "@std/assert";
import {
  ALFA,
  BETA,
  caio,
  CLOSED_CNES,
  CNES,
  codeOf,
  deactivate,
  importEdition,
  interrupted,
  ivo,
  lia,
  must,
  nair,
  rosa,
  SECOND_CNES,
  zeca,
} from "../../testing_world.ts";
import { endMembership } from "../end_membership.ts";
import { getMembership, listAdministrators, listMembershipsOf } from "../membership.ts";
import { standingAt } from "../standing.ts";
import {
  approve,
  ask,
  eventsOf,
  join,
  rebuild,
  reject,
  represent,
  settle,
  soundLog,
  tie,
  town,
} from "../town_testing.ts";
import { listPending, listPendingOfOperadora, listRequestsOf } from "./request.ts";

const pendingOf = async (portal: Parameters<typeof listPendingOfOperadora>[0], cnpj = ALFA) =>
  (await listPendingOfOperadora(portal, cnpj)).map(({ id }) => id);

Deno.test("J11: not the director, or not proven to be: ADMINISTRADOR waits for the representative", async () => {
  using portal = await town();
  await rebuild(portal, { directorCpf: zeca.cpf });
  await rebuild(portal, { directorCpf: zeca.cpf }, CLOSED_CNES);
  // Another person, however proven; the director with a bare password; a tie elsewhere, or switched off.
  await settle(portal, nair, { origin: "operadora" });
  await tie(portal, nair, ALFA);
  await settle(portal, zeca, { origin: "operadora" });
  await tie(portal, zeca, BETA);
  await tie(portal, zeca, ALFA, { active: false });
  const asked = [
    must(await ask(portal, nair, "ADMINISTRADOR", { provenByGovbr: true })),
    must(await ask(portal, zeca, "ADMINISTRADOR")),
    must(await ask(portal, zeca, "ADMINISTRADOR", { cnes: SECOND_CNES, provenByGovbr: true })),
  ];
  for (const { state, to } of asked) assertEquals([state, to], ["pendente", ["representante"]]);
  const closed = await ask(portal, zeca, "ADMINISTRADOR", {
    cnes: CLOSED_CNES,
    provenByGovbr: true,
  });
  assertEquals(codeOf(closed), "establishment_inactive");
  assertEquals((await pendingOf(portal)).sort(), asked.map(({ id }) => id).sort());
  assertEquals(await listPending(portal, [CNES, SECOND_CNES]), []);
  assertEquals(await listMembershipsOf(portal, zeca.cpf), []);
});

Deno.test("J11: a director whom somebody only declared is not proven by the operadora's tie", async () => {
  using portal = await town();
  await rebuild(portal, { directorCpf: zeca.cpf });
  await tie(portal, zeca, ALFA);
  assertEquals(must(await ask(portal, zeca, "ADMINISTRADOR")).state, "pendente");
  assertEquals(await getMembership(portal, CNES, zeca.cpf), null);
});

for (const proof of ["gov.br", "a tie to the operadora"]) {
  Deno.test(`J11: the director, proven by ${proof}, is ADMINISTRADOR at once`, async () => {
    using portal = await town();
    await rebuild(portal, { directorCpf: zeca.cpf });
    if (proof !== "gov.br") {
      await settle(portal, zeca, { origin: "operadora" });
      await tie(portal, zeca, ALFA);
    }
    const asker = { provenByGovbr: proof === "gov.br" };
    const request = must(await ask(portal, zeca, "ADMINISTRADOR", asker));
    assertEquals([request.state, request.via, request.decidedBy], ["aprovada", "cnes", null]);
    const administrators = (await listAdministrators(portal, CNES)).map(({ cpf }) => cpf);
    assertEquals(administrators.sort(), [lia.cpf, caio.cpf, zeca.cpf].sort());
    assertEquals([await listPending(portal, [CNES]), await pendingOf(portal)], [[], []]);
    const { steps, next } = await standingAt(portal, zeca.cpf, CNES);
    assertEquals([steps.estabelecimento.state, steps.perfil.state, next], [
      "aprovada",
      "aprovada",
      "computador",
    ]);
    assertEquals(await eventsOf(portal), ["membership.director"]);
    assertEquals(codeOf(await ask(portal, zeca, "ADMINISTRADOR", asker)), "already_member");
    assertEquals(await Array.fromAsync(portal.kv.list({ prefix: keys.requestAlarm.under() })), []);
  });
}

Deno.test("a director who was deactivated does not come back by asking", async () => {
  using portal = await town();
  await rebuild(portal, { directorCpf: zeca.cpf });
  const proven = { provenByGovbr: true };
  must(await ask(portal, zeca, "ADMINISTRADOR", proven));
  const representative = { cpf: rosa.cpf, represents: ALFA };
  must(
    await endMembership(portal, representative, { cnes: CNES, cpf: zeca.cpf, reason: "Saiu" }),
  );
  portal.advance(1);
  const { state, to } = must(await ask(portal, zeca, "ADMINISTRADOR", proven));
  assertEquals([state, to], ["pendente", ["representante"]]);
  assertEquals(codeOf(await ask(portal, zeca, "OPERADOR", proven)), "request_already_pending");
});

Deno.test("ended in the very moment: the director asks like everybody", async () => {
  using portal = await town();
  await rebuild(portal, { directorCpf: lia.cpf });
  const meanwhile = interrupted(
    portal,
    1,
    () => portal.kv.set(keys.membership(CNES, lia.cpf), { ...member, ended: { at: 1 } }),
  );
  await portal.kv.delete(keys.membership(CNES, lia.cpf));
  const member = { cnes: CNES, cpf: lia.cpf, profile: "OPERADOR", since: 1, by: "x" };
  const request = must(await ask(meanwhile, lia, "ADMINISTRADOR", { provenByGovbr: true }));
  assertEquals(request.state, "pendente");
});

Deno.test("who was deactivated asks for nothing", async () => {
  using portal = await town();
  await deactivate(portal, zeca);
  assertEquals(codeOf(await ask(portal, zeca)), "not_allowed");
  assertEquals(await listRequestsOf(portal, zeca.cpf), []);
});

Deno.test("an establishment of no operadora has nobody to decide who is ADMINISTRADOR", async () => {
  using portal = await town();
  await rebuild(portal, { operadora: null, directorCpf: zeca.cpf });
  assertEquals(
    codeOf(await ask(portal, nair, "ADMINISTRADOR")),
    "establishment_without_operadora",
  );
  must(await ask(portal, nair, "OPERADOR"));
  // The director needs nobody.
  const request = must(await ask(portal, zeca, "ADMINISTRADOR", { provenByGovbr: true }));
  assertEquals(request.state, "aprovada");
});

Deno.test("the representative decides about ADMINISTRADOR: of that operadora, with the certificate", async () => {
  using portal = await town();
  const { id } = must(await ask(portal, zeca, "ADMINISTRADOR"));
  for (
    const [who, choices, code] of [
      [lia, {}, "representative_decides"],
      [lia, { via: "telegram" }, "administrator_on_site"],
      [lia, { represents: ALFA }, "representative_decides"],
      [nair, {}, "not_allowed"],
      [zeca, { represents: ALFA }, "not_allowed"],
      [rosa, {}, "not_allowed"],
      [rosa, { represents: BETA }, "not_allowed"],
      [rosa, { represents: ALFA, via: "telegram" }, "not_allowed"],
      [ivo, { represents: BETA }, "not_allowed"],
      [ivo, { represents: ALFA }, "not_allowed"],
    ] as const
  ) {
    assertEquals(codeOf(await approve(portal, id, who, choices)), code, JSON.stringify(choices));
    assertEquals(codeOf(await reject(portal, id, who, choices)), code, JSON.stringify(choices));
  }
  assertEquals(await getMembership(portal, CNES, zeca.cpf), null);
  must(await approve(portal, id, rosa, { represents: ALFA }));
  assertEquals((await getMembership(portal, CNES, zeca.cpf))?.profile, "ADMINISTRADOR");
  assertEquals(await pendingOf(portal), []);
  await soundLog(portal);
});

Deno.test("a representative decides nothing of what is the administrators'", async () => {
  using portal = await town();
  const { id } = must(await ask(portal, zeca));
  assertEquals(codeOf(await approve(portal, id, rosa, { represents: ALFA })), "not_allowed");
  assertEquals(await pendingOf(portal), []);
});

Deno.test("another representative is bound: the request is theirs", async () => {
  using portal = await town();
  const { id } = must(await ask(portal, zeca, "ADMINISTRADOR"));
  await importEdition(portal, { [ALFA]: { Representante: nair.name.toUpperCase() } });
  await represent(portal, nair, ALFA);
  assertEquals(codeOf(await approve(portal, id, rosa, { represents: ALFA })), "not_allowed");
  must(await approve(portal, id, nair, { represents: ALFA }));
});

Deno.test("bound in the very moment of the decision: the former representative decides nothing", async () => {
  using portal = await town();
  const { id } = must(await ask(portal, zeca, "ADMINISTRADOR"));
  const meanwhile = interrupted(portal, 1, () => represent(portal, nair, ALFA));
  assertEquals(codeOf(await approve(meanwhile, id, rosa, { represents: ALFA })), "not_allowed");
  assertEquals(await getMembership(portal, CNES, zeca.cpf), null);
});

Deno.test("an establishment that left the operadora is out of its representative's hands and sight", async () => {
  using portal = await town();
  const { id } = must(await ask(portal, zeca, "ADMINISTRADOR"));
  const kept = must(await ask(portal, zeca, "ADMINISTRADOR", { cnes: SECOND_CNES }));
  for (const operadora of [null, BETA]) {
    await rebuild(portal, { operadora });
    assertEquals(codeOf(await approve(portal, id, rosa, { represents: ALFA })), "not_allowed");
    assertEquals(await pendingOf(portal), [kept.id]);
    assertEquals((await listPendingOfOperadora(portal, ALFA, { limit: 1 })).length, 1);
  }
  must(await approve(portal, id, ivo, { represents: BETA }));
});

Deno.test("two records for the first two steps, decided together", async () => {
  using portal = await town();
  const request = must(await ask(portal, zeca));
  must(await approve(portal, request.id, lia));
  const { steps } = await standingAt(portal, zeca.cpf, CNES);
  const { estabelecimento, perfil } = steps;
  assertEquals([estabelecimento.request?.id, perfil.request?.id], [
    request.establishmentRequest,
    request.id,
  ]);
  for (const { request } of [estabelecimento, perfil]) {
    assertEquals([request?.state, request?.decidedBy?.name], ["aprovada", lia.name]);
  }
});

Deno.test("a profile alone is asked for where the establishment was approved", async () => {
  using portal = await town();
  await join(portal, zeca, null);
  const request = must(await ask(portal, zeca));
  assertEquals(request.establishmentRequest, null);
  assertEquals((await listRequestsOf(portal, zeca.cpf)).length, 1);
  must(await approve(portal, request.id, lia));
  assertEquals((await getMembership(portal, CNES, zeca.cpf))?.profile, "OPERADOR");
});
