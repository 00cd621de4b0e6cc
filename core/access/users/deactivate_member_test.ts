import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Portal } from "../../portal.ts";
import { keys } from "../../store/keys.ts";
import type { ComputerRequest } from "../../store/records/access.ts";
import {
  ALFA,
  BETA,
  BETA_CNES,
  CNES,
  codeOf,
  interrupted,
  ivo,
  lia,
  mailsTo,
  must,
  operadoraOf,
  personOf,
  rosa,
  SECOND_CNES,
  zeca,
} from "../../testing_world.ts";
import { getComputer, listComputersOf, putComputer } from "../computers.ts";
import { endMembership } from "../end_membership.ts";
import { getMembership, isActiveMembership } from "../membership.ts";
import { createRequest } from "../requests/create.ts";
import { getRequest } from "../requests/request.ts";
import { transact } from "../../store/transact.ts";
import { approve, ask, join, tie, town } from "../town_testing.ts";
import { setUserActive } from "./deactivate_user.ts";
import { isActiveUserOf, listGrants } from "./user.ts";

const KEY = "k".repeat(43);

/** Lia works for ALFA and BETA: ADMINISTRADOR and OPERADOR at ALFA's places, CONSULTADOR at BETA's. */
async function peopled() {
  const portal = await town();
  for (const cnpj of [ALFA, BETA]) await tie(portal, lia, cnpj);
  await portal.kv.set(keys.grant(ALFA, lia.cpf, "sib"), 1);
  await join(portal, lia, "OPERADOR", SECOND_CNES);
  await join(portal, lia, "CONSULTADOR", BETA_CNES);
  await transact(portal.kv, (tx) => {
    for (const cnes of [SECOND_CNES, BETA_CNES]) putComputer(tx, computerAt(cnes), "test");
  });
  return portal;
}

function computerAt(cnes: string): ComputerRequest {
  const computer = { thumbprint: KEY, label: "PAT-1", place: "Recepção", replaces: null };
  return { cnes, cpf: lia.cpf, computer, decidedAt: 1 } as ComputerRequest;
}

async function setActive(portal: Portal, active: boolean, by = rosa, cnpj = ALFA) {
  const [actor, operadora, target] = await Promise.all([
    personOf(portal, by),
    operadoraOf(portal, cnpj),
    personOf(portal, lia),
  ]);
  return await setUserActive(portal, actor, operadora, target, active);
}

/** At which of the three places Lia is an active member. */
async function activeAt(portal: Portal): Promise<string[]> {
  const numbers = [CNES, SECOND_CNES, BETA_CNES];
  const found = await Promise.all(numbers.map((cnes) => getMembership(portal, cnes, lia.cpf)));
  return numbers.filter((_, i) => isActiveMembership(found[i]!));
}

Deno.test("deactivated by the operadora: out of its establishments too, not of another's", async () => {
  using portal = await peopled();
  assertEquals(await activeAt(portal), [CNES, SECOND_CNES, BETA_CNES]);
  must(await setActive(portal, false));
  assertEquals(await activeAt(portal), [BETA_CNES]);
  assertEquals(await listComputersOf(portal, SECOND_CNES, lia.cpf), []);
  assert(await getComputer(portal, BETA_CNES, lia.cpf, KEY));
  const { ended } = (await getMembership(portal, SECOND_CNES, lia.cpf))!;
  assertEquals(ended?.by, (await personOf(portal, rosa)).id);
  assertEquals(ended?.reason, "Desativado pela operadora");
  const told = (await mailsTo(portal, lia.email)).map(({ subject }) => subject);
  assertEquals(
    told.filter((one) => /acesso a um estabelecimento foi desativado/.test(one)).length,
    2,
  );
});

Deno.test("what waits at the operadora's establishments is rejected, at another's it waits on", async () => {
  using portal = await town();
  await tie(portal, zeca, ALFA);
  const asked = [];
  for (const cnes of [CNES, BETA_CNES]) {
    asked.push(must(await ask(portal, zeca, "OPERADOR", { cnes })));
  }
  const [actor, alfa] = await Promise.all([personOf(portal, rosa), operadoraOf(portal, ALFA)]);
  must(await setUserActive(portal, actor, alfa, await personOf(portal, zeca), false));
  const [here, there] = await Promise.all(asked.map(({ id }) => getRequest(portal, id)));
  assertEquals([here?.state, here?.reason], ["reprovada", "Desativado pela operadora"]);
  assertEquals([here?.decidedBy?.id, there?.state], [actor.id, "pendente"]);
  assertEquals(codeOf(await approve(portal, asked[0]!.id, lia)), "request_already_decided");
  const told = (await mailsTo(portal, zeca.email)).map(({ subject }) => subject);
  assertEquals(told.filter((one) => one === "Seu pedido de acesso foi reprovado").length, 1);
  assertEquals(await isActiveUserOf(portal, ALFA, zeca.cpf), false);
});

Deno.test("approved in the moment of the deactivation: no member all the same", async () => {
  using portal = await town();
  await tie(portal, zeca, ALFA);
  const { id } = must(await ask(portal, zeca));
  const [actor, alfa] = await Promise.all([personOf(portal, rosa), operadoraOf(portal, ALFA)]);
  const person = await personOf(portal, zeca);
  const [approved, off] = await Promise.all([
    approve(portal, id, lia),
    setUserActive(portal, actor, alfa, person, false),
  ]);
  must(off);
  assert(approved.ok || approved.code === "request_already_decided");
  assertEquals(isActiveMembership(await getMembership(portal, CNES, zeca.cpf)), false);
});

Deno.test("reactivated: the systems come back, the establishments do not, and the mail says so", async () => {
  using portal = await peopled();
  must(await setActive(portal, false));
  must(await setActive(portal, true));
  assertEquals(await activeAt(portal), [BETA_CNES]);
  assertEquals(await listGrants(portal, ALFA, lia.cpf), ["sib"]);
  const mail = (await mailsTo(portal, lia.email)).findLast(({ subject }) => /voltou/.test(subject));
  assertStringIncludes(mail!.text, "três passos");
  const again = { cnes: SECOND_CNES, profile: "OPERADOR" };
  must(await createRequest(portal, await personOf(portal, lia), again));
  assertEquals(await activeAt(portal), [BETA_CNES]);
});

Deno.test("stopped in the middle it can be done again, and ends what is left", async () => {
  using portal = await peopled();
  for (const nth of [1, 2, 2]) {
    const stopping = interrupted(portal, nth, () => Promise.reject(new Error("killed")));
    await setActive(stopping, false).then(
      () => assert(false, "went on"),
      ({ message }) => assertEquals(message, "killed"),
    );
    // Memberships go one by one; as long as one may be left, the tie is there.
    assert(await isActiveUserOf(portal, ALFA, lia.cpf));
    assertEquals((await activeAt(portal)).includes(BETA_CNES), true);
  }
  must(await setActive(portal, false));
  assertEquals(await activeAt(portal), [BETA_CNES]);
  assertEquals(await isActiveUserOf(portal, ALFA, lia.cpf), false);
});

Deno.test("a membership that somebody ends meanwhile does not stand in the way", async () => {
  using portal = await peopled();
  const other = { cpf: lia.cpf, cnes: CNES, reason: "Saiu da empresa" };
  const meanwhile = interrupted(portal, 1, async () => {
    must(await endMembership(portal, { cpf: rosa.cpf, represents: ALFA }, other));
  });
  must(await setActive(meanwhile, false));
  assertEquals(await activeAt(portal), [BETA_CNES]);
  assertEquals((await getMembership(portal, CNES, lia.cpf))?.ended?.reason, "Saiu da empresa");
});

Deno.test("twice at once: each membership ends once", async () => {
  using portal = await peopled();
  const answers = await Promise.all([setActive(portal, false), setActive(portal, false)]);
  assertEquals(answers.map(codeOf), ["ok", "ok"]);
  const told = (await mailsTo(portal, lia.email)).filter(({ subject }) =>
    /desativado/.test(subject)
  );
  assertEquals(told.length, 3);
});

Deno.test("refused: who represents it no more, who is not the operadora's; nothing ends", async () => {
  using portal = await peopled();
  assertEquals(codeOf(await setActive(portal, false, zeca)), "not_allowed");
  assertEquals(codeOf(await setActive(portal, false, ivo)), "not_allowed");
  await portal.kv.delete(keys.userOfOperadora(ALFA, lia.cpf));
  assertEquals(codeOf(await setActive(portal, false)), "user_not_found");
  assertEquals(await activeAt(portal), [CNES, SECOND_CNES, BETA_CNES]);
});

Deno.test("switched off already: what was granted anew since then stays", async () => {
  using portal = await peopled();
  must(await setActive(portal, false));
  await join(portal, lia, "OPERADOR");
  must(await setActive(portal, false));
  assertEquals(await activeAt(portal), [CNES, BETA_CNES]);
});
