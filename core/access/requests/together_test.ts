/** The request for an establishment and the one for a profile: what of one moves the other. */
import { assertEquals } from "@std/assert";
import {
  ALFA,
  caio,
  CNES,
  codeOf,
  DAY,
  lia,
  messages,
  must,
  personOf,
  rosa,
  zeca,
} from "../../testing_world.ts";
import { changeProfile } from "../change_profile.ts";
import { endMembership } from "../end_membership.ts";
import { getMembership, listChanges, makeAdministrator } from "../membership.ts";
import { standingAt } from "../standing.ts";
import { approve, ask, eventsOf, reject, settle, tie, town } from "../town_testing.ts";
import { runAlarms } from "./alarms.ts";
import { cancelRequest } from "./cancel.ts";
import { listDecided, listPending } from "./request.ts";

type World = Awaited<ReturnType<typeof town>>;

async function asked(portal: World) {
  const { id, establishmentRequest } = must(await ask(portal, zeca));
  return { first: establishmentRequest!, second: id };
}

async function states(portal: World): Promise<string[]> {
  const { steps: { estabelecimento, perfil } } = await standingAt(portal, zeca.cpf, CNES);
  return [estabelecimento.state, perfil.state];
}

const profileOf = async (portal: World) => (await getMembership(portal, CNES, zeca.cpf))?.profile;

Deno.test("the establishment approved alone: no profile yet, and no second time", async () => {
  using portal = await town();
  const { first, second } = await asked(portal);
  must(await approve(portal, first, lia));
  assertEquals([await states(portal), await profileOf(portal)], [["aprovada", "pendente"], null]);
  assertEquals((await standingAt(portal, zeca.cpf, CNES)).next, null);
  assertEquals((await listPending(portal, [CNES])).map(({ id }) => id), [second]);
  assertEquals(await listDecided(portal, [CNES]), []);
  assertEquals(codeOf(await approve(portal, first, caio)), "request_already_decided");
  assertEquals(codeOf(await ask(portal, zeca)), "request_already_pending");
});

Deno.test("an approved establishment cannot be rejected, nor its profile through it", async () => {
  using portal = await town();
  const { first, second } = await asked(portal);
  must(await approve(portal, first, lia));
  assertEquals(codeOf(await reject(portal, first, caio)), "request_already_decided");
  assertEquals((await listPending(portal, [CNES])).map(({ id }) => id), [second]);
});

const endings: Record<string, (portal: World, id: string) => Promise<unknown>> = {
  reprovada: async (portal, id) => must(await reject(portal, id, lia)),
  cancelada: async (portal, id) =>
    must(await cancelRequest(portal, await personOf(portal, zeca), id)),
  expirada: async (portal) => {
    portal.advance(15 * DAY);
    for (let i = 0; i < 3; i++) await runAlarms(portal);
  },
};

for (const [state, end] of Object.entries(endings)) {
  Deno.test(`${state}: both at once; with the establishment approved before, the profile alone`, async () => {
    using portal = await town();
    await end(portal, (await asked(portal)).second);
    assertEquals([await states(portal), await profileOf(portal)], [[state, state], undefined]);
    assertEquals((await standingAt(portal, zeca.cpf, CNES)).next, "estabelecimento");
    portal.advance(1);
    const { first, second } = await asked(portal);
    must(await approve(portal, first, lia));
    await end(portal, second);
    assertEquals([await states(portal), await profileOf(portal)], [["aprovada", state], null]);
    assertEquals((await standingAt(portal, zeca.cpf, CNES)).next, "perfil");
    portal.advance(1);
    const again = must(await ask(portal, zeca, "CADASTRADOR"));
    assertEquals(again.establishmentRequest, null);
    must(await approve(portal, again.id, caio));
    assertEquals([await states(portal), await profileOf(portal)], [
      ["aprovada", "aprovada"],
      "CADASTRADOR",
    ]);
    const [change] = await listChanges(portal, CNES, zeca.cpf);
    assertEquals(change?.before.profile, null);
  });
}

Deno.test("to reject the establishment is to reject the profile, with one e-mail and one record", async () => {
  using portal = await town();
  const { first, second } = await asked(portal);
  const decided = must(await reject(portal, first, lia, { reason: "Outra unidade" }));
  assertEquals([decided.id, decided.reason], [second, "Outra unidade"]);
  assertEquals(await states(portal), ["reprovada", "reprovada"]);
  const told = (await messages(portal)).filter((message) =>
    message.channel === "mail" && message.to === zeca.email
  );
  assertEquals(told.length, 1);
  assertEquals(await eventsOf(portal), ["request.created", "request.reprovada"]);
  assertEquals(codeOf(await reject(portal, second, lia)), "request_already_decided");
});

Deno.test("appointed and changed since they asked: an old request takes no profile away or gives one", async () => {
  using portal = await town();
  const { first, second } = await asked(portal);
  await settle(portal, zeca, { origin: "operadora" });
  await tie(portal, zeca, ALFA);
  const [actor, person] = [await personOf(portal, rosa), await personOf(portal, zeca)];
  must(await makeAdministrator(portal, actor, ALFA, person, CNES));
  for (const id of [first, second]) {
    assertEquals(codeOf(await approve(portal, id, lia)), "already_administrator");
  }
  const representative = { cpf: rosa.cpf, represents: ALFA };
  const change = { cnes: CNES, cpf: zeca.cpf, profile: "CONSULTADOR", justification: "Menos" };
  must(await changeProfile(portal, representative, change));
  for (const id of [first, second]) {
    assertEquals(codeOf(await approve(portal, id, lia)), "member_has_profile");
  }
  assertEquals(await profileOf(portal), "CONSULTADOR");
  must(
    await endMembership(portal, representative, { cnes: CNES, cpf: zeca.cpf, reason: "Saiu" }),
  );
  assertEquals(codeOf(await approve(portal, second, lia)), "request_already_decided");
  assertEquals(await states(portal), ["reprovada", "reprovada"]);
});
