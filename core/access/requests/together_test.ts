/** The request for an establishment and the one for a profile: what of one moves the other. */
import { UNLIMITED } from "@/tests/fixtures/people.ts";
import { assertEquals } from "@std/assert";
import { changeProfile, endMembership, makeAdministrator } from "../change_membership.ts";
import { getMembership, listChanges } from "../membership.ts";
import { readAccessStatus } from "../establishment_access.ts";
import {
  ALFA,
  approve,
  ask,
  caio,
  CNES,
  codeOf,
  DAY,
  eventsOf,
  idOf,
  lia,
  messages,
  must,
  personOf,
  reject,
  rosa,
  seedTie,
  seedWorld,
  zeca,
} from "@/tests/fixtures/mod.ts";
import { runAlarms } from "./alarms.ts";
import { cancelRequest } from "./create.ts";
import { listDecided, listPending } from "./request.ts";

type World = Awaited<ReturnType<typeof seedWorld>>;

async function asked(deps: World) {
  const { id, establishmentRequest } = must(await ask(deps, zeca));
  return { first: establishmentRequest!, second: id };
}

async function states(deps: World): Promise<string[]> {
  const { steps: { estabelecimento, perfil } } = await readAccessStatus(
    deps,
    await idOf(deps, zeca),
    CNES,
  );
  return [estabelecimento.state, perfil.state];
}

const profileOf = async (deps: World) =>
  (await getMembership(deps, CNES, await idOf(deps, zeca)))?.profile;

Deno.test("the establishment approved alone: no profile yet, and no second time", async () => {
  using deps = await seedWorld();
  const { first, second } = await asked(deps);
  must(await approve(deps, first, lia));
  assertEquals([await states(deps), await profileOf(deps)], [["aprovada", "pendente"], null]);
  assertEquals((await readAccessStatus(deps, await idOf(deps, zeca), CNES)).next, null);
  assertEquals((await listPending(deps, [CNES])).map(({ id }) => id), [second]);
  assertEquals(await listDecided(deps, [CNES]), []);
  assertEquals(codeOf(await approve(deps, first, caio)), "request_already_decided");
  assertEquals(codeOf(await ask(deps, zeca)), "request_already_pending");
});

Deno.test("an approved establishment cannot be rejected, nor its profile through it", async () => {
  using deps = await seedWorld();
  const { first, second } = await asked(deps);
  must(await approve(deps, first, lia));
  assertEquals(codeOf(await reject(deps, first, caio)), "request_already_decided");
  assertEquals((await listPending(deps, [CNES])).map(({ id }) => id), [second]);
});

const endings: Record<string, (deps: World, id: string) => Promise<unknown>> = {
  reprovada: async (deps, id) => must(await reject(deps, id, lia)),
  cancelada: async (deps, id) => must(await cancelRequest(deps, await personOf(deps, zeca), id)),
  expirada: async (deps) => {
    deps.advance(15 * DAY);
    for (let i = 0; i < 3; i++) await runAlarms(deps);
  },
};

for (const [state, end] of Object.entries(endings)) {
  Deno.test(`${state}: both at once; with the establishment approved before, the profile alone`, async () => {
    using deps = await seedWorld();
    await end(deps, (await asked(deps)).second);
    assertEquals([await states(deps), await profileOf(deps)], [[state, state], undefined]);
    assertEquals(
      (await readAccessStatus(deps, await idOf(deps, zeca), CNES)).next,
      "estabelecimento",
    );
    deps.advance(1);
    const { first, second } = await asked(deps);
    must(await approve(deps, first, lia));
    await end(deps, second);
    assertEquals([await states(deps), await profileOf(deps)], [["aprovada", state], null]);
    assertEquals((await readAccessStatus(deps, await idOf(deps, zeca), CNES)).next, "perfil");
    deps.advance(1);
    const again = must(await ask(deps, zeca, "CADASTRADOR"));
    assertEquals(again.establishmentRequest, null);
    must(await approve(deps, again.id, caio));
    assertEquals([await states(deps), await profileOf(deps)], [
      ["aprovada", "aprovada"],
      "CADASTRADOR",
    ]);
    const [change] = await listChanges(deps, CNES, await idOf(deps, zeca));
    assertEquals(change?.before.profile, null);
  });
}

Deno.test("to reject the establishment is to reject the profile, with one e-mail and one record", async () => {
  using deps = await seedWorld();
  const { first, second } = await asked(deps);
  const decided = must(await reject(deps, first, lia, { reason: "Outra unidade" }));
  assertEquals([decided.id, decided.reason], [second, "Outra unidade"]);
  assertEquals(await states(deps), ["reprovada", "reprovada"]);
  const told = (await messages(deps)).filter((message) =>
    message.channel === "mail" && message.to === zeca.email
  );
  assertEquals(told.length, 1);
  assertEquals(await eventsOf(deps), ["request.created", "request.reprovada"]);
  assertEquals(codeOf(await reject(deps, second, lia)), "request_already_decided");
});

Deno.test("appointed and changed since they asked: an old request takes no profile away or gives one", async () => {
  using deps = await seedWorld();
  const { first, second } = await asked(deps);
  await seedTie(deps, zeca, ALFA);
  const [actor, person] = [await personOf(deps, rosa), await personOf(deps, zeca)];
  must(await makeAdministrator(deps, actor, ALFA, person, CNES));
  for (const id of [first, second]) {
    assertEquals(codeOf(await approve(deps, id, lia)), "already_administrator");
  }
  const representative = { account: actor.id, represents: ALFA, standing: UNLIMITED };
  const whom = { cnes: CNES, account: person.id };
  const change = { ...whom, profile: "CONSULTADOR", justification: "Menos" };
  must(await changeProfile(deps, representative, change));
  for (const id of [first, second]) {
    assertEquals(codeOf(await approve(deps, id, lia)), "member_has_profile");
  }
  assertEquals(await profileOf(deps), "CONSULTADOR");
  must(await endMembership(deps, representative, { ...whom, reason: "Saiu" }));
  assertEquals(codeOf(await approve(deps, second, lia)), "request_already_decided");
  assertEquals(await states(deps), ["reprovada", "reprovada"]);
});
