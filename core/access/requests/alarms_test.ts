import { assertEquals } from "@std/assert";
import { claimLinkCode, confirmLink, createLinkCode } from "../../account/telegram_link.ts";
import { readConfig } from "../../config/mod.ts";
import { drainOutbox } from "../../outbox/drain.ts";
import { keys } from "../../store/keys.ts";
import type { Message } from "../../store/records/outbox.ts";
import {
  ALFA,
  auditRecords,
  caio,
  CNES,
  codeOf,
  DAY,
  deactivate,
  enterAdministrator,
  enterRepresentative,
  enterUser,
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
  world,
  type WorldPerson,
  zeca,
} from "../../testing_world.ts";
import { runAlarms } from "./alarms.ts";
import { decideRequest } from "./decide.ts";
import { createRequest } from "./create.ts";
import { getRequest, listPending } from "./request.ts";

type World = Awaited<ReturnType<typeof world>>;

const HOUR = 60 * MINUTE;

/** Zeca has asked at CNES, at 09:00 there; Lia decides unless told otherwise. */
async function waiting(administrators: readonly WorldPerson[] = [lia]) {
  const portal = await world();
  await enterRepresentative(portal);
  for (const person of administrators) await enterAdministrator(portal, person);
  await enterUser(portal, zeca);
  return { portal, id: await ask(portal, zeca) };
}

async function ask(portal: World, person: WorldPerson, cnes = CNES) {
  const form = { cnes, profile: "OPERADOR" };
  return must(await createRequest(portal, await personOf(portal, person), form)).id;
}

async function subjects(portal: World, person: WorldPerson, beginning: string) {
  return (await mailsTo(portal, person.email)).filter(({ subject }) =>
    subject.startsWith(beginning)
  ).length;
}

const reminded = (portal: World, person: WorldPerson) =>
  subjects(portal, person, "Pedidos de acesso esperam");
const escalated = (portal: World, person: WorldPerson) =>
  subjects(portal, person, "Pedidos sem decisão");

const approve = (portal: World, id: string) =>
  decideRequest(portal, { requestId: id, outcome: "aprovada", by: lia.cpf, via: "portal" });

Deno.test("nothing is done before the time, and a reminder after a day", async () => {
  const { portal } = await waiting();
  using _ = portal;
  portal.advance(DAY - 1);
  assertEquals([await runAlarms(portal), await reminded(portal, lia)], [0, 0]);
  portal.advance(1);
  assertEquals([await runAlarms(portal), await reminded(portal, lia)], [1, 1]);
  assertEquals([await runAlarms(portal), await escalated(portal, rosa)], [0, 0]);
});

Deno.test("a reminder that falls into the night comes at 08:00", async () => {
  const { portal } = await waiting();
  using _ = portal;
  // Asked at 22:30 in Brasília.
  portal.advance(13.5 * HOUR);
  await enterUser(portal, caio);
  await ask(portal, caio, SECOND_CNES);
  await runAlarms(portal);
  portal.advance(DAY);
  assertEquals(await runAlarms(portal), 1);
  portal.advance(9.5 * HOUR - 1);
  assertEquals(await runAlarms(portal), 0);
  portal.advance(1);
  assertEquals(await runAlarms(portal), 2);
});

Deno.test("a cron that comes late, at night, waits for the morning, too", async () => {
  const { portal } = await waiting();
  using _ = portal;
  portal.advance(DAY + 12 * HOUR);
  assertEquals(await runAlarms(portal), 1);
  assertEquals(await reminded(portal, lia), 0);
  portal.advance(11 * HOUR);
  await runAlarms(portal);
  assertEquals(await reminded(portal, lia), 1);
});

Deno.test("ten requests make one reminder, in the chat of who has one", async () => {
  const { portal, id } = await waiting();
  using _ = portal;
  const person = await personOf(portal, lia);
  const chat = { userId: 7001, chatId: 7001, name: "Lia" };
  must(await claimLinkCode(portal, await createLinkCode(portal, person), chat));
  must(await confirmLink(portal, person));
  const request = (await getRequest(portal, id))!;
  for (let i = 0; i < 9; i++) {
    const other = { ...request, id: `${request.id.slice(0, -3)}ZZ${i}` };
    await portal.kv.set(keys.request(other.id), other);
    await portal.kv.set(keys.requestAlarm(portal.now() + DAY, other.id), "remind");
  }
  await drainOutbox(portal, () => Promise.resolve({ outcome: "sent" }));
  portal.advance(DAY);
  assertEquals(await runAlarms(portal), 10);
  const sent: Message[] = [];
  const send = (message: Message) => {
    sent.push(message);
    return Promise.resolve({ outcome: "sent" as const });
  };
  await drainOutbox(portal, send);
  portal.advance(MINUTE);
  await drainOutbox(portal, send);
  assertEquals(sent, [{ channel: "chat", chatId: 7001, what: "requests_waiting" }]);
});

Deno.test("after three days the representative is told, and only as long as CADOP names them", async () => {
  const { portal } = await waiting();
  using _ = portal;
  portal.advance(3 * DAY);
  await runAlarms(portal);
  await runAlarms(portal);
  assertEquals([await reminded(portal, lia), await escalated(portal, rosa)], [1, 1]);

  const other = await waiting();
  using __ = other.portal;
  await importEdition(other.portal, { [ALFA]: { Representante: nair.name.toUpperCase() } });
  other.portal.advance(3 * DAY);
  await runAlarms(other.portal);
  assertEquals(await escalated(other.portal, rosa), 0);
});

Deno.test("with nobody to remind the representative is told at once", async () => {
  const { portal } = await waiting([]);
  using _ = portal;
  portal.advance(DAY);
  await runAlarms(portal);
  assertEquals(await escalated(portal, rosa), 1);
  const [record] = (await auditRecords(portal)).filter(({ event }) =>
    event === "request.escalated"
  );
  assertEquals([record?.actor, record?.detail], ["system", { told: true }]);
});

Deno.test("an administrator who was deactivated is not reminded", async () => {
  const { portal } = await waiting();
  using _ = portal;
  await deactivate(portal, lia);
  portal.advance(DAY);
  await runAlarms(portal);
  assertEquals(await reminded(portal, lia), 0);
});

Deno.test("after fifteen days a request ends; the person is told and may ask again", async () => {
  const { portal, id } = await waiting();
  using _ = portal;
  portal.advance(15 * DAY);
  for (let i = 0; i < 4; i++) await runAlarms(portal);
  const request = await getRequest(portal, id);
  assertEquals([request?.state, request?.decidedBy], ["expirada", null]);
  assertEquals(await subjects(portal, zeca, "Seu pedido de acesso passou"), 1);
  assertEquals(await listPending(portal, [CNES]), []);
  assertEquals(codeOf(await approve(portal, id)), "request_expired");
  const events = (await auditRecords(portal)).filter(({ event }) => event === "request.expirada");
  assertEquals(events.map(({ actor, subject }) => [actor, subject]), [["system", id]]);
  await ask(portal, zeca);
  assertEquals(
    (await Array.fromAsync(portal.kv.list({ prefix: keys.requestAlarm.under() }))).length,
    1,
  );
});

Deno.test("a request ends at its hour, by night as well, also when the cron comes late", async () => {
  for (const late of [0, 2 * HOUR]) {
    using portal = await world();
    await enterRepresentative(portal);
    await enterUser(portal, zeca);
    // Asked at 22:30 in Brasília.
    portal.advance(13.5 * HOUR);
    const id = await ask(portal, zeca);
    // By day: to whom it is said, and who is above them.
    for (const days of [1.5, 3]) {
      portal.advance(days * DAY);
      assertEquals(await runAlarms(portal), 1);
    }
    portal.advance(10.5 * DAY - 1);
    assertEquals(await runAlarms(portal), 0);
    assertEquals((await getRequest(portal, id))?.state, "pendente");
    portal.advance(1 + late);
    assertEquals(await runAlarms(portal), 1);
    assertEquals((await getRequest(portal, id))?.state, "expirada");
  }
});

Deno.test("a decided request has no more alarms", async () => {
  const { portal, id } = await waiting();
  using _ = portal;
  must(await approve(portal, id));
  portal.advance(15 * DAY);
  assertEquals(await runAlarms(portal), 1);
  assertEquals([await reminded(portal, lia), (await getRequest(portal, id))?.state], [
    0,
    "aprovada",
  ]);
  assertEquals(await Array.fromAsync(portal.kv.list({ prefix: keys.requestAlarm.under() })), []);
});

Deno.test("decided in the very moment of its end: one of the two holds", async () => {
  const { portal, id } = await waiting();
  using _ = portal;
  await portal.kv.set(keys.requestAlarm(portal.now(), id), "expire");
  const meanwhile = interrupted(portal, 1, async () => must(await approve(portal, id)));
  await runAlarms(meanwhile);
  assertEquals((await getRequest(portal, id))?.state, "aprovada");
  assertEquals(await subjects(portal, zeca, "Seu pedido de acesso passou"), 0);
});

Deno.test("two crons at once tell once", async () => {
  const { portal } = await waiting();
  using _ = portal;
  portal.advance(DAY);
  const taken = await Promise.all([runAlarms(portal), runAlarms(portal), runAlarms(portal)]);
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
