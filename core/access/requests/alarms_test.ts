import { UNLIMITED } from "@/tests/fixtures/people.ts";
import { assertEquals } from "@std/assert";
import { claimLinkCode, confirmLink, createLinkCode } from "../../account/telegram/link.ts";
import { readConfig } from "../../config/testing.ts";
import { runOutbox } from "../../outbox/testing.ts";
import { keys } from "../../store/keys.ts";
import type { Outgoing } from "../../store/records/outbox.ts";
import {
  ALFA,
  auditRecords,
  caio,
  CNES,
  codeOf,
  DAY,
  deactivate,
  idOf,
  importEdition,
  interrupted,
  lia,
  mailsTo,
  MINUTE,
  must,
  nair,
  personOf,
  rosa,
  SECOND_CNES,
  seedMember,
  seedRegistries,
  seedRepresentative,
  seedUser,
  type TestPerson,
  zeca,
} from "@/tests/fixtures/mod.ts";
import { runAlarms } from "./alarms.ts";
import { decideRequest } from "./decide.ts";
import { createRequest } from "./create.ts";
import { getRequest, listPending } from "./request.ts";

type World = Awaited<ReturnType<typeof seedRegistries>>;

const HOUR = 60 * MINUTE;

/** Zeca has asked at CNES, at 09:00 there; Lia decides unless told otherwise. */
async function waiting(administrators: readonly TestPerson[] = [lia]) {
  const deps = await seedRegistries();
  await seedRepresentative(deps);
  for (const person of administrators) await seedMember(deps, person);
  await seedUser(deps, zeca);
  return { deps, id: await ask(deps, zeca) };
}

async function ask(deps: World, person: TestPerson, cnes = CNES) {
  const form = { cnes, profile: "OPERADOR" };
  return must(await createRequest(deps, await personOf(deps, person), form, UNLIMITED)).id;
}

async function subjects(deps: World, person: TestPerson, beginning: string) {
  return (await mailsTo(deps, person.email)).filter(({ subject }) => subject.startsWith(beginning))
    .length;
}

const reminded = (deps: World, person: TestPerson) =>
  subjects(deps, person, "Pedidos de acesso esperam");
const escalated = (deps: World, person: TestPerson) =>
  subjects(deps, person, "Pedidos sem decisão");

const approve = async (deps: World, id: string) =>
  await decideRequest(deps, {
    requestId: id,
    outcome: "aprovada",
    by: await idOf(deps, lia),
    via: "portal",
    standing: UNLIMITED,
  });

Deno.test("nothing is done before the time, and a reminder after a day", async () => {
  const { deps } = await waiting();
  using _ = deps;
  deps.advance(DAY - 1);
  assertEquals([await runAlarms(deps), await reminded(deps, lia)], [0, 0]);
  deps.advance(1);
  assertEquals([await runAlarms(deps), await reminded(deps, lia)], [1, 1]);
  assertEquals([await runAlarms(deps), await escalated(deps, rosa)], [0, 0]);
});

Deno.test("a reminder that falls into the night comes at 08:00", async () => {
  const { deps } = await waiting();
  using _ = deps;
  // Asked at 22:30 in Brasília.
  deps.advance(13.5 * HOUR);
  await seedUser(deps, caio);
  await ask(deps, caio, SECOND_CNES);
  await runAlarms(deps);
  deps.advance(DAY);
  assertEquals(await runAlarms(deps), 1);
  deps.advance(9.5 * HOUR - 1);
  assertEquals(await runAlarms(deps), 0);
  deps.advance(1);
  assertEquals(await runAlarms(deps), 2);
});

Deno.test("a cron that comes late, at night, waits for the morning, too", async () => {
  const { deps } = await waiting();
  using _ = deps;
  deps.advance(DAY + 12 * HOUR);
  assertEquals(await runAlarms(deps), 1);
  assertEquals(await reminded(deps, lia), 0);
  deps.advance(11 * HOUR);
  await runAlarms(deps);
  assertEquals(await reminded(deps, lia), 1);
});

Deno.test("ten requests make one reminder, in the chat of who has one", async () => {
  const { deps, id } = await waiting();
  using _ = deps;
  const person = await personOf(deps, lia);
  const chat = { userId: 7001, chatId: 7001, name: "Lia" };
  must(await claimLinkCode(deps, await createLinkCode(deps, person), chat));
  must(await confirmLink(deps, person, UNLIMITED));
  const request = (await getRequest(deps, id))!;
  for (let i = 0; i < 9; i++) {
    const other = { ...request, id: `${request.id.slice(0, -3)}ZZ${i}` };
    await deps.kv.set(keys.request(other.id), other);
    await deps.kv.set(keys.requestAlarm(deps.now() + DAY, other.id), "remind");
  }
  await runOutbox(deps, () => Promise.resolve({ outcome: "sent" }));
  deps.advance(DAY);
  assertEquals(await runAlarms(deps), 10);
  const sent: Outgoing[] = [];
  const send = (message: Outgoing) => {
    sent.push(message);
    return Promise.resolve({ outcome: "sent" as const });
  };
  await runOutbox(deps, send);
  deps.advance(MINUTE);
  await runOutbox(deps, send);
  assertEquals(sent, [{ channel: "chat", chatId: 7001, what: "requests_waiting" }]);
});

Deno.test("after three days the representative is told, and only as long as CADOP names them", async () => {
  const { deps } = await waiting();
  using _ = deps;
  deps.advance(3 * DAY);
  await runAlarms(deps);
  await runAlarms(deps);
  assertEquals([await reminded(deps, lia), await escalated(deps, rosa)], [1, 1]);

  const other = await waiting();
  using __ = other.deps;
  await importEdition(other.deps, { [ALFA]: { Representante: nair.name.toUpperCase() } });
  other.deps.advance(3 * DAY);
  await runAlarms(other.deps);
  assertEquals(await escalated(other.deps, rosa), 0);
});

Deno.test("with nobody to remind the representative is told at once", async () => {
  const { deps } = await waiting([]);
  using _ = deps;
  deps.advance(DAY);
  await runAlarms(deps);
  assertEquals(await escalated(deps, rosa), 1);
  const [record] = (await auditRecords(deps)).filter(({ event }) => event === "request.escalated");
  assertEquals([record?.actor, record?.detail], ["system", { told: true }]);
});

Deno.test("an administrator who was deactivated is not reminded", async () => {
  const { deps } = await waiting();
  using _ = deps;
  await deactivate(deps, lia);
  deps.advance(DAY);
  await runAlarms(deps);
  assertEquals(await reminded(deps, lia), 0);
});

Deno.test("after fifteen days a request ends; the person is told and may ask again", async () => {
  const { deps, id } = await waiting();
  using _ = deps;
  deps.advance(15 * DAY);
  for (let i = 0; i < 4; i++) await runAlarms(deps);
  const request = await getRequest(deps, id);
  assertEquals([request?.state, request?.decidedBy], ["expirada", null]);
  assertEquals(await subjects(deps, zeca, "Seu pedido de acesso passou"), 1);
  assertEquals(await listPending(deps, [CNES]), []);
  assertEquals(codeOf(await approve(deps, id)), "request_expired");
  const events = (await auditRecords(deps)).filter(({ event }) => event === "request.expirada");
  assertEquals(events.map(({ actor, subject }) => [actor, subject]), [["system", id]]);
  await ask(deps, zeca);
  assertEquals(
    (await Array.fromAsync(deps.kv.list({ prefix: keys.requestAlarm.under() }))).length,
    1,
  );
});

Deno.test("a request ends at its hour, by night as well, also when the cron comes late", async () => {
  for (const late of [0, 2 * HOUR]) {
    using deps = await seedRegistries();
    await seedRepresentative(deps);
    await seedUser(deps, zeca);
    // Asked at 22:30 in Brasília.
    deps.advance(13.5 * HOUR);
    const id = await ask(deps, zeca);
    // By day: to whom it is said, and who is above them.
    for (const days of [1.5, 3]) {
      deps.advance(days * DAY);
      assertEquals(await runAlarms(deps), 1);
    }
    deps.advance(10.5 * DAY - 1);
    assertEquals(await runAlarms(deps), 0);
    assertEquals((await getRequest(deps, id))?.state, "pendente");
    deps.advance(1 + late);
    assertEquals(await runAlarms(deps), 1);
    assertEquals((await getRequest(deps, id))?.state, "expirada");
  }
});

Deno.test("a decided request has no more alarms", async () => {
  const { deps, id } = await waiting();
  using _ = deps;
  must(await approve(deps, id));
  deps.advance(15 * DAY);
  assertEquals(await runAlarms(deps), 1);
  assertEquals([await reminded(deps, lia), (await getRequest(deps, id))?.state], [
    0,
    "aprovada",
  ]);
  assertEquals(await Array.fromAsync(deps.kv.list({ prefix: keys.requestAlarm.under() })), []);
});

Deno.test("decided in the very moment of its end: one of the two holds", async () => {
  const { deps, id } = await waiting();
  using _ = deps;
  await deps.kv.set(keys.requestAlarm(deps.now(), id), "expire");
  const meanwhile = interrupted(deps, 1, async () => must(await approve(deps, id)));
  await runAlarms(meanwhile);
  assertEquals((await getRequest(deps, id))?.state, "aprovada");
  assertEquals(await subjects(deps, zeca, "Seu pedido de acesso passou"), 0);
});

Deno.test("two crons at once tell once", async () => {
  const { deps } = await waiting();
  using _ = deps;
  deps.advance(DAY);
  const taken = await Promise.all([runAlarms(deps), runAlarms(deps), runAlarms(deps)]);
  assertEquals(taken.reduce((sum, each) => sum + each), 1);
});

Deno.test("times come from the settings, and must grow", () => {
  const settings: Record<string, string> = {
    HABILITA_ORIGIN: "https://portal.example",
    HABILITA_SECRET: crypto.randomUUID(),
  };
  const read = (more: Record<string, string>) => readConfig({ ...settings, ...more }).requests;
  assertEquals(read({}), { remindHours: 24, escalateHours: 72, expireHours: 360 });
  assertEquals(read({ HABILITA_REMIND_HOURS: "12" }).remindHours, 12);
  for (const wrong of ["0", "-1", "1.5", "um dia", "99999", "73"]) {
    let refused = false;
    try {
      read({ HABILITA_REMIND_HOURS: wrong });
    } catch {
      refused = true;
    }
    assertEquals(refused, true, wrong);
  }
});

Deno.test("a clock set back an hour delays a reminder by that hour, and a day ahead tells it once", async () => {
  const { deps } = await waiting();
  using _ = deps;
  deps.advance(-HOUR);
  assertEquals(await runAlarms(deps), 0);
  deps.advance(DAY + HOUR);
  assertEquals([await runAlarms(deps), await reminded(deps, lia)], [1, 1]);
  deps.advance(-HOUR);
  assertEquals(await runAlarms(deps), 0);
  deps.advance(DAY);
  assertEquals([await runAlarms(deps), await reminded(deps, lia)], [0, 1]);
});
