import { keys } from "../../store/keys.ts";
import { assertEquals } from "@std/assert";
import {
  auditRecords,
  caio,
  CNES,
  codeOf,
  deactivate,
  enterAdministrator,
  enterRepresentative,
  enterUser,
  lia,
  mailsTo,
  must,
  personOf,
  SECOND_CNES,
  world,
  type WorldPerson,
  zeca,
} from "../../testing_world.ts";
import { isPaused, listRecipients, pauseAdministrator, resumeAdministrator } from "./pause.ts";
import { createRequest } from "./create.ts";

type World = Awaited<ReturnType<typeof world>>;

/** Lia and Caio decide for CNES. */
async function peopled(): Promise<World> {
  const portal = await world();
  await enterRepresentative(portal);
  for (const person of [lia, caio]) await enterAdministrator(portal, person);
  return portal;
}

const pause = async (portal: World, person: WorldPerson) =>
  await pauseAdministrator(portal, await personOf(portal, person));
const recipients = async (portal: World, cnes = CNES) =>
  (await listRecipients(portal, cnes)).map(({ name }) => name).sort();

Deno.test("requests of who pauses go to the others, until they resume", async () => {
  using portal = await peopled();
  await enterUser(portal, zeca);
  assertEquals(must(await pause(portal, lia)), [{ cnes: CNES, names: [caio.name] }]);
  must(await pause(portal, lia));
  must(
    await createRequest(portal, await personOf(portal, zeca), { cnes: CNES, profile: "OPERADOR" }),
  );
  const told = async (person: WorldPerson) =>
    (await mailsTo(portal, person.email)).filter(({ subject }) => subject.startsWith("Novo pedido"))
      .length;
  assertEquals([await told(lia), await told(caio)], [0, 1]);
  await resumeAdministrator(portal, await personOf(portal, lia));
  await resumeAdministrator(portal, await personOf(portal, lia));
  assertEquals(await recipients(portal), [caio.name, lia.name]);
  const events = (await auditRecords(portal)).map(({ event }) => event);
  assertEquals(events.filter((event) => event.startsWith("administrator.")).sort(), [
    "administrator.paused",
    "administrator.resumed",
  ]);
});

Deno.test("nobody pauses who would leave an establishment alone", async () => {
  using portal = await peopled();
  must(await pause(portal, lia));
  const refused = await pause(portal, caio);
  assertEquals(refused, {
    ok: false,
    code: "pause_nobody_left",
    detail: { lugares: `CNES ${CNES}` },
  });
  assertEquals(await isPaused(portal, caio.cpf), false);
});

Deno.test("a colleague who was deactivated is no stand-in", async () => {
  using portal = await peopled();
  await deactivate(portal, caio);
  assertEquals(codeOf(await pause(portal, lia)), "pause_nobody_left");
});

Deno.test("one establishment of several is enough to refuse", async () => {
  using portal = await peopled();
  await portal.kv.set(keys.membership(SECOND_CNES, lia.cpf), {
    cnes: SECOND_CNES,
    cpf: lia.cpf,
    profile: "ADMINISTRADOR",
    since: 0,
    by: "test",
  });
  await portal.kv.set(keys.membershipByPerson(lia.cpf, SECOND_CNES), 0);
  const refused = await pause(portal, lia);
  assertEquals(refused.ok ? null : refused.detail, { lugares: `CNES ${SECOND_CNES}` });
});

Deno.test("who administers nothing has nothing to pause", async () => {
  using portal = await peopled();
  await enterUser(portal, zeca);
  assertEquals(codeOf(await pause(portal, zeca)), "not_administrator");
});

Deno.test("when all pause at the same moment, all are told", async () => {
  using portal = await peopled();
  for (const { cpf } of [lia, caio]) await portal.kv.set(keys.administratorPaused(cpf), 1);
  assertEquals(await recipients(portal), [caio.name, lia.name]);
});
