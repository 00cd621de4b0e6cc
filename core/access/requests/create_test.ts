/** Who gets what at once, whom a request goes to, and the two records of the first two steps. */
import { UNLIMITED } from "@/tests/fixtures/people.ts";
import { keys } from "../../store/keys.ts";
import type { Membership } from "../../store/records/access.ts";
import { assertEquals } from "@std/assert";
import { endMembership } from "../change_membership.ts";
import {
  addUser,
  ALFA,
  approve,
  ask,
  BETA,
  caio,
  CLOSED_CNES,
  CNES,
  codeOf,
  deactivate,
  eventsOf,
  idOf,
  interrupted,
  ivo,
  lia,
  longAgo,
  must,
  nair,
  operadoraOf,
  personOf,
  reject,
  rosa,
  SECOND_CNES,
  seedEstablishment,
  seedSuccessor,
  seedTie,
  seedVisitor,
  seedWorld,
  soundLog,
  zeca,
} from "@/tests/fixtures/mod.ts";
import { setUserActive } from "../users/deactivate_user.ts";
import { getMembership, listAdministrators, listMembershipsOf } from "../membership.ts";
import { readAccessStatus } from "../establishment_access.ts";
import { listPending, listPendingOfOperadora, listRequestsOf } from "./request.ts";

const pendingOf = async (deps: Parameters<typeof listPendingOfOperadora>[0], cnpj = ALFA) =>
  (await listPendingOfOperadora(deps, cnpj)).map(({ id }) => id);

Deno.test("J11: not the director, or not proven to be: ADMINISTRADOR waits for the representative", async () => {
  using deps = await seedWorld();
  await seedEstablishment(deps, { directorCpf: zeca.cpf });
  await seedEstablishment(deps, { directorCpf: zeca.cpf }, CLOSED_CNES);
  // Another person, however proven; the director with a bare password; a tie elsewhere, or switched off.
  await seedTie(deps, nair, ALFA);
  await seedTie(deps, zeca, BETA);
  await seedTie(deps, zeca, ALFA);
  const [actor, operadora] = [await personOf(deps, rosa), await operadoraOf(deps, ALFA)];
  const person = await personOf(deps, zeca);
  await longAgo(deps, async () => must(await setUserActive(deps, actor, operadora, person, false)));
  const asked = [
    must(await ask(deps, nair, "ADMINISTRADOR", { provenByGovbr: true })),
    must(await ask(deps, zeca, "ADMINISTRADOR")),
    must(await ask(deps, zeca, "ADMINISTRADOR", { cnes: SECOND_CNES, provenByGovbr: true })),
  ];
  for (const { state, to } of asked) assertEquals([state, to], ["pendente", ["representante"]]);
  const closed = await ask(deps, zeca, "ADMINISTRADOR", {
    cnes: CLOSED_CNES,
    provenByGovbr: true,
  });
  assertEquals(codeOf(closed), "establishment_inactive");
  assertEquals((await pendingOf(deps)).sort(), asked.map(({ id }) => id).sort());
  assertEquals(await listPending(deps, [CNES, SECOND_CNES]), []);
  assertEquals(await listMembershipsOf(deps, await idOf(deps, zeca)), []);
});

Deno.test("J11: a director who only declared the CPF is not tied by an invitation to another mailbox", async () => {
  using deps = await seedWorld();
  await seedEstablishment(deps, { directorCpf: zeca.cpf });
  const elsewhere = { ...zeca, email: "outra@ficticia.example" };
  must(await addUser(deps, elsewhere));
  assertEquals(must(await ask(deps, zeca, "ADMINISTRADOR")).state, "pendente");
  assertEquals(await getMembership(deps, CNES, await idOf(deps, zeca)), null);
});

for (const proof of ["gov.br", "a tie to the operadora"]) {
  Deno.test(`J11: the director, proven by ${proof}, is ADMINISTRADOR at once`, async () => {
    using deps = await seedWorld();
    await seedEstablishment(deps, { directorCpf: zeca.cpf });
    if (proof !== "gov.br") {
      await seedTie(deps, zeca, ALFA);
    }
    const asker = { provenByGovbr: proof === "gov.br" };
    const request = must(await ask(deps, zeca, "ADMINISTRADOR", asker));
    assertEquals([request.state, request.via, request.decidedBy], ["aprovada", "cnes", null]);
    const administrators = (await listAdministrators(deps, CNES)).map(({ cpf }) => cpf);
    assertEquals(administrators.sort(), [lia.cpf, caio.cpf, zeca.cpf].sort());
    assertEquals([await listPending(deps, [CNES]), await pendingOf(deps)], [[], []]);
    const { steps, next } = await readAccessStatus(deps, await idOf(deps, zeca), CNES);
    assertEquals([steps.estabelecimento.state, steps.perfil.state, next], [
      "aprovada",
      "aprovada",
      "computador",
    ]);
    assertEquals(await eventsOf(deps), ["membership.director"]);
    assertEquals(codeOf(await ask(deps, zeca, "ADMINISTRADOR", asker)), "already_member");
    assertEquals(await Array.fromAsync(deps.kv.list({ prefix: keys.requestAlarm.under() })), []);
  });
}

Deno.test("a director who was deactivated does not come back by asking", async () => {
  using deps = await seedWorld();
  await seedEstablishment(deps, { directorCpf: zeca.cpf });
  const proven = { provenByGovbr: true };
  must(await ask(deps, zeca, "ADMINISTRADOR", proven));
  const representative = { account: await idOf(deps, rosa), represents: ALFA, standing: UNLIMITED };
  const whom = { cnes: CNES, account: await idOf(deps, zeca) };
  must(await endMembership(deps, representative, { ...whom, reason: "Saiu" }));
  deps.advance(1);
  const { state, to } = must(await ask(deps, zeca, "ADMINISTRADOR", proven));
  assertEquals([state, to], ["pendente", ["representante"]]);
  assertEquals(codeOf(await ask(deps, zeca, "OPERADOR", proven)), "request_already_pending");
});

Deno.test("ended in the very moment: the director asks like everybody", async () => {
  using deps = await seedWorld();
  await seedEstablishment(deps, { directorCpf: lia.cpf });
  const key = keys.membership(CNES, await idOf(deps, lia));
  const member = (await deps.kv.get<Membership>(key)).value!;
  const ended = { at: 1, by: await idOf(deps, rosa), reason: "Saiu" };
  const meanwhile = interrupted(deps, 1, () => deps.kv.set(key, { ...member, ended }));
  await deps.kv.delete(key);
  const request = must(await ask(meanwhile, lia, "ADMINISTRADOR", { provenByGovbr: true }));
  assertEquals(request.state, "pendente");
});

Deno.test("who was deactivated asks for nothing", async () => {
  using deps = await seedWorld();
  await deactivate(deps, zeca);
  assertEquals(codeOf(await ask(deps, zeca)), "not_allowed");
  assertEquals(await listRequestsOf(deps, await idOf(deps, zeca)), []);
});

Deno.test("an establishment of no operadora has nobody to decide who is ADMINISTRADOR", async () => {
  using deps = await seedWorld();
  await seedEstablishment(deps, { cnpjMantenedora: null, directorCpf: zeca.cpf });
  assertEquals(
    codeOf(await ask(deps, nair, "ADMINISTRADOR")),
    "establishment_without_operadora",
  );
  must(await ask(deps, nair, "OPERADOR"));
  // The director needs nobody.
  const request = must(await ask(deps, zeca, "ADMINISTRADOR", { provenByGovbr: true }));
  assertEquals(request.state, "aprovada");
});

Deno.test("the representative decides about ADMINISTRADOR: of that operadora, with the certificate", async () => {
  using deps = await seedWorld();
  const { id } = must(await ask(deps, zeca, "ADMINISTRADOR"));
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
    assertEquals(codeOf(await approve(deps, id, who, choices)), code, JSON.stringify(choices));
    assertEquals(codeOf(await reject(deps, id, who, choices)), code, JSON.stringify(choices));
  }
  assertEquals(await getMembership(deps, CNES, await idOf(deps, zeca)), null);
  must(await approve(deps, id, rosa, { represents: ALFA }));
  assertEquals((await getMembership(deps, CNES, await idOf(deps, zeca)))?.profile, "ADMINISTRADOR");
  assertEquals(await pendingOf(deps), []);
  await soundLog(deps);
});

Deno.test("a representative decides nothing of what is the administrators'", async () => {
  using deps = await seedWorld();
  const { id } = must(await ask(deps, zeca));
  assertEquals(codeOf(await approve(deps, id, rosa, { represents: ALFA })), "not_allowed");
  assertEquals(await pendingOf(deps), []);
});

Deno.test("another representative is bound: the request is theirs", async () => {
  using deps = await seedWorld();
  const { id } = must(await ask(deps, zeca, "ADMINISTRADOR"));
  await seedSuccessor(deps, nair);
  assertEquals(codeOf(await approve(deps, id, rosa, { represents: ALFA })), "not_allowed");
  must(await approve(deps, id, nair, { represents: ALFA }));
});

Deno.test("bound in the very moment of the decision: the former representative decides nothing", async () => {
  using deps = await seedWorld();
  const { id } = must(await ask(deps, zeca, "ADMINISTRADOR"));
  const meanwhile = interrupted(deps, 1, () => seedSuccessor(deps, nair));
  assertEquals(codeOf(await approve(meanwhile, id, rosa, { represents: ALFA })), "not_allowed");
  assertEquals(await getMembership(deps, CNES, await idOf(deps, zeca)), null);
});

Deno.test("an establishment that left the operadora is out of its representative's hands and sight", async () => {
  using deps = await seedWorld();
  const { id } = must(await ask(deps, zeca, "ADMINISTRADOR"));
  const kept = must(await ask(deps, zeca, "ADMINISTRADOR", { cnes: SECOND_CNES }));
  for (const operadora of [null, BETA]) {
    await seedEstablishment(deps, { cnpjMantenedora: operadora });
    assertEquals(codeOf(await approve(deps, id, rosa, { represents: ALFA })), "not_allowed");
    assertEquals(await pendingOf(deps), [kept.id]);
    assertEquals((await listPendingOfOperadora(deps, ALFA, { limit: 1 })).length, 1);
  }
  must(await approve(deps, id, ivo, { represents: BETA }));
});

Deno.test("two records for the first two steps, decided together", async () => {
  using deps = await seedWorld();
  const request = must(await ask(deps, zeca));
  must(await approve(deps, request.id, lia));
  const { steps } = await readAccessStatus(deps, await idOf(deps, zeca), CNES);
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
  using deps = await seedWorld();
  await seedVisitor(deps, zeca, lia);
  const request = must(await ask(deps, zeca));
  assertEquals(request.establishmentRequest, null);
  // The pair that let them in, and this one.
  assertEquals((await listRequestsOf(deps, await idOf(deps, zeca))).length, 3);
  must(await approve(deps, request.id, lia));
  assertEquals((await getMembership(deps, CNES, await idOf(deps, zeca)))?.profile, "OPERADOR");
});
