import { UNLIMITED } from "@/tests/fixtures/people.ts";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Deps } from "../../deps.ts";
import { keys } from "../../store/keys.ts";
import type { AccountId } from "../../store/records/account.ts";
import type { ComputerRequest } from "../../store/records/access.ts";
import {
  ALFA,
  approve,
  ask,
  BETA,
  BETA_CNES,
  caio,
  CNES,
  codeOf,
  idOf,
  interrupted,
  ivo,
  lia,
  mailsTo,
  must,
  operadoraOf,
  personOf,
  rosa,
  SECOND_CNES,
  seedMember,
  seedTie,
  seedWorld,
  zeca,
} from "@/tests/fixtures/mod.ts";
import { getComputer, listComputersOf, putComputer } from "../computers.ts";
import { endMembership } from "../change_membership.ts";
import { getMembership, isActiveMembership } from "../membership.ts";
import { createRequest } from "../requests/create.ts";
import { getRequest } from "../requests/request.ts";
import { transact } from "../../store/transact.ts";
import { setUserActive } from "./deactivate_user.ts";
import { isActiveUserOf } from "./user_of_operadora.ts";
import { listGrants } from "./grants.ts";

const KEY = "k".repeat(43);

/** Lia works for ALFA and BETA: ADMINISTRADOR and OPERADOR at ALFA's places, CONSULTADOR at BETA's. */
async function peopled() {
  const deps = await seedWorld();
  for (const cnpj of [ALFA, BETA]) await seedTie(deps, lia, cnpj);
  await deps.kv.set(keys.grant(ALFA, await idOf(deps, lia), "sib"), 1);
  await seedMember(deps, lia, "OPERADOR", SECOND_CNES);
  await seedMember(deps, lia, "CONSULTADOR", BETA_CNES);
  const [account, by] = [await idOf(deps, lia), await idOf(deps, rosa)];
  await transact(deps.kv, (tx) => {
    for (const cnes of [SECOND_CNES, BETA_CNES]) putComputer(tx, computerAt(cnes, account), by);
  });
  return deps;
}

function computerAt(cnes: string, account: AccountId): ComputerRequest {
  const computer = { thumbprint: KEY, label: "PAT-1", place: "Recepção", replaces: null };
  return { cnes, account, computer, decidedAt: 1 } as ComputerRequest;
}

async function setActive(deps: Deps, active: boolean, by = rosa, cnpj = ALFA) {
  const [actor, operadora, target] = await Promise.all([
    personOf(deps, by),
    operadoraOf(deps, cnpj),
    personOf(deps, lia),
  ]);
  return await setUserActive(deps, actor, operadora, target, active);
}

/** At which of the three places Lia is an active member. */
async function activeAt(deps: Deps): Promise<string[]> {
  const numbers = [CNES, SECOND_CNES, BETA_CNES];
  const account = await idOf(deps, lia);
  const found = await Promise.all(numbers.map((cnes) => getMembership(deps, cnes, account)));
  return numbers.filter((_, i) => isActiveMembership(found[i]!));
}

Deno.test("deactivated by the operadora: out of its establishments too, not of another's", async () => {
  using deps = await peopled();
  assertEquals(await activeAt(deps), [CNES, SECOND_CNES, BETA_CNES]);
  must(await setActive(deps, false));
  assertEquals(await activeAt(deps), [BETA_CNES]);
  assertEquals(await listComputersOf(deps, SECOND_CNES, await idOf(deps, lia)), []);
  assert(await getComputer(deps, BETA_CNES, await idOf(deps, lia), KEY));
  const { ended } = (await getMembership(deps, SECOND_CNES, await idOf(deps, lia)))!;
  assertEquals(ended?.by, (await personOf(deps, rosa)).id);
  assertEquals(ended?.reason, "Desativado pela operadora");
  const told = (await mailsTo(deps, lia.email)).map(({ subject }) => subject);
  assertEquals(
    told.filter((one) => /acesso a um estabelecimento foi desativado/.test(one)).length,
    2,
  );
});

Deno.test("what waits at the operadora's establishments is rejected, at another's it waits on", async () => {
  using deps = await seedWorld();
  await seedTie(deps, zeca, ALFA);
  const asked = [];
  for (const cnes of [CNES, BETA_CNES]) {
    asked.push(must(await ask(deps, zeca, "OPERADOR", { cnes })));
  }
  const [actor, alfa] = await Promise.all([personOf(deps, rosa), operadoraOf(deps, ALFA)]);
  must(await setUserActive(deps, actor, alfa, await personOf(deps, zeca), false));
  const [here, there] = await Promise.all(asked.map(({ id }) => getRequest(deps, id)));
  assertEquals([here?.state, here?.reason], ["reprovada", "Desativado pela operadora"]);
  assertEquals([here?.decidedBy?.id, there?.state], [actor.id, "pendente"]);
  assertEquals(codeOf(await approve(deps, asked[0]!.id, lia)), "request_already_decided");
  const told = (await mailsTo(deps, zeca.email)).map(({ subject }) => subject);
  assertEquals(told.filter((one) => one === "Seu pedido de acesso foi reprovado").length, 1);
  assertEquals(await isActiveUserOf(deps, ALFA, await idOf(deps, zeca)), false);
});

Deno.test("approved in the moment of the deactivation: no member all the same", async () => {
  using deps = await seedWorld();
  await seedTie(deps, zeca, ALFA);
  const { id } = must(await ask(deps, zeca));
  const [actor, alfa] = await Promise.all([personOf(deps, rosa), operadoraOf(deps, ALFA)]);
  const person = await personOf(deps, zeca);
  const [approved, off] = await Promise.all([
    approve(deps, id, lia),
    setUserActive(deps, actor, alfa, person, false),
  ]);
  must(off);
  assert(approved.ok || approved.code === "request_already_decided");
  assertEquals(isActiveMembership(await getMembership(deps, CNES, await idOf(deps, zeca))), false);
});

Deno.test("reactivated: the systems come back, the establishments do not, and the mail says so", async () => {
  using deps = await peopled();
  must(await setActive(deps, false));
  must(await setActive(deps, true));
  assertEquals(await activeAt(deps), [BETA_CNES]);
  assertEquals(await listGrants(deps, ALFA, await idOf(deps, lia)), ["sib"]);
  const mail = (await mailsTo(deps, lia.email)).findLast(({ subject }) => /voltou/.test(subject));
  assertStringIncludes(mail!.text, "três passos");
  const again = { cnes: SECOND_CNES, profile: "OPERADOR" };
  must(await createRequest(deps, await personOf(deps, lia), again, UNLIMITED));
  assertEquals(await activeAt(deps), [BETA_CNES]);
});

Deno.test("stopped in the middle it can be done again, and ends what is left", async () => {
  using deps = await peopled();
  for (const nth of [1, 2, 2]) {
    const stopping = interrupted(deps, nth, () => Promise.reject(new Error("killed")));
    await setActive(stopping, false).then(
      () => assert(false, "went on"),
      ({ message }) => assertEquals(message, "killed"),
    );
    // Memberships go one by one; as long as one may be left, the tie is there.
    assert(await isActiveUserOf(deps, ALFA, await idOf(deps, lia)));
    assertEquals((await activeAt(deps)).includes(BETA_CNES), true);
  }
  must(await setActive(deps, false));
  assertEquals(await activeAt(deps), [BETA_CNES]);
  assertEquals(await isActiveUserOf(deps, ALFA, await idOf(deps, lia)), false);
});

Deno.test("a membership that somebody ends meanwhile does not stand in the way", async () => {
  using deps = await peopled();
  const other = { account: await idOf(deps, lia), cnes: CNES, reason: "Saiu da empresa" };
  const meanwhile = interrupted(deps, 1, async () => {
    must(
      await endMembership(deps, {
        account: await idOf(deps, rosa),
        represents: ALFA,
        standing: UNLIMITED,
      }, other),
    );
  });
  must(await setActive(meanwhile, false));
  assertEquals(await activeAt(deps), [BETA_CNES]);
  assertEquals(
    (await getMembership(deps, CNES, await idOf(deps, lia)))?.ended?.reason,
    "Saiu da empresa",
  );
});

Deno.test("twice at once: each membership ends once", async () => {
  using deps = await peopled();
  const answers = await Promise.all([setActive(deps, false), setActive(deps, false)]);
  assertEquals(answers.map(codeOf), ["ok", "ok"]);
  const told = (await mailsTo(deps, lia.email)).filter(({ subject }) => /desativado/.test(subject));
  assertEquals(told.length, 3);
});

Deno.test("refused: who represents it no more, who is not the operadora's; nothing ends", async () => {
  using deps = await peopled();
  assertEquals(codeOf(await setActive(deps, false, zeca)), "not_allowed");
  assertEquals(codeOf(await setActive(deps, false, ivo)), "not_allowed");
  await deps.kv.delete(keys.userOfOperadora(ALFA, await idOf(deps, lia)));
  assertEquals(codeOf(await setActive(deps, false)), "user_not_found");
  assertEquals(await activeAt(deps), [CNES, SECOND_CNES, BETA_CNES]);
});

Deno.test("switched off already: what was granted anew since then stays", async () => {
  using deps = await peopled();
  must(await setActive(deps, false));
  must(await approve(deps, must(await ask(deps, lia)).id, caio));
  must(await setActive(deps, false));
  assertEquals(await activeAt(deps), [CNES, BETA_CNES]);
});
