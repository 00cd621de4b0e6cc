import { UNLIMITED } from "@/tests/fixtures/people.ts";
import { keys } from "../../store/keys.ts";
import { assertEquals } from "@std/assert";
import { isPaused, listRecipients, pauseAdministrator, resumeAdministrator } from "./recipients.ts";
import {
  auditRecords,
  caio,
  CNES,
  codeOf,
  deactivate,
  idOf,
  lia,
  mailsTo,
  must,
  personOf,
  SECOND_CNES,
  seedMember,
  seedRegistries,
  seedRepresentative,
  seedUser,
  type TestPerson,
  zeca,
} from "@/tests/fixtures/mod.ts";
import { createRequest } from "./create.ts";

type World = Awaited<ReturnType<typeof seedRegistries>>;

/** Lia and Caio decide for CNES. */
async function peopled(): Promise<World> {
  const deps = await seedRegistries();
  await seedRepresentative(deps);
  for (const person of [lia, caio]) await seedMember(deps, person);
  return deps;
}

const pause = async (deps: World, person: TestPerson) =>
  await pauseAdministrator(deps, await personOf(deps, person));
const recipients = async (deps: World, cnes = CNES) =>
  (await listRecipients(deps, cnes)).map(({ name }) => name).sort();

Deno.test("requests of who pauses go to the others, until they resume", async () => {
  using deps = await peopled();
  await seedUser(deps, zeca);
  assertEquals(must(await pause(deps, lia)), [{ cnes: CNES, names: [caio.name] }]);
  must(await pause(deps, lia));
  must(
    await createRequest(
      deps,
      await personOf(deps, zeca),
      { cnes: CNES, profile: "OPERADOR" },
      UNLIMITED,
    ),
  );
  const told = async (person: TestPerson) =>
    (await mailsTo(deps, person.email)).filter(({ subject }) => subject.startsWith("Novo pedido"))
      .length;
  assertEquals([await told(lia), await told(caio)], [0, 1]);
  await resumeAdministrator(deps, await personOf(deps, lia));
  await resumeAdministrator(deps, await personOf(deps, lia));
  assertEquals(await recipients(deps), [caio.name, lia.name]);
  const events = (await auditRecords(deps)).map(({ event }) => event);
  assertEquals(events.filter((event) => event.startsWith("administrator.")).sort(), [
    "administrator.paused",
    "administrator.resumed",
  ]);
});

Deno.test("nobody pauses who would leave an establishment alone", async () => {
  using deps = await peopled();
  must(await pause(deps, lia));
  const refused = await pause(deps, caio);
  assertEquals(refused, {
    ok: false,
    code: "pause_nobody_left",
    detail: { lugares: `CNES ${CNES}` },
  });
  assertEquals(await isPaused(deps, await idOf(deps, caio)), false);
});

Deno.test("a colleague who was deactivated is no stand-in", async () => {
  using deps = await peopled();
  await deactivate(deps, caio);
  assertEquals(codeOf(await pause(deps, lia)), "pause_nobody_left");
});

Deno.test("one establishment of several is enough to refuse", async () => {
  using deps = await peopled();
  const account = await idOf(deps, lia);
  await deps.kv.set(keys.membership(SECOND_CNES, account), {
    cnes: SECOND_CNES,
    account,
    profile: "ADMINISTRADOR",
    since: 0,
    by: "test",
  });
  await deps.kv.set(keys.membershipOfAccount(account, SECOND_CNES), 0);
  const refused = await pause(deps, lia);
  assertEquals(refused.ok ? null : refused.detail, { lugares: `CNES ${SECOND_CNES}` });
});

Deno.test("who administers nothing has nothing to pause", async () => {
  using deps = await peopled();
  await seedUser(deps, zeca);
  assertEquals(codeOf(await pause(deps, zeca)), "not_administrator");
});

Deno.test("when all pause at the same moment, all are told", async () => {
  using deps = await peopled();
  for (const person of [lia, caio]) {
    await deps.kv.set(keys.administratorPaused(await idOf(deps, person)), 1);
  }
  assertEquals(await recipients(deps), [caio.name, lia.name]);
});
