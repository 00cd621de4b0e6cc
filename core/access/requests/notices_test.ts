/** Who is told that something waits: those who can decide it, never who asks. */
import { keys } from "../../store/keys.ts";
import { assertEquals } from "@std/assert";
import {
  ALFA,
  BETA,
  caio,
  DAY,
  deactivate,
  importEdition,
  interrupted,
  ivo,
  lia,
  messages,
  must,
  nair,
  rosa,
  zeca,
} from "../../testing_world.ts";
import { ask, askComputer, rebuild, represent, town } from "../town_testing.ts";
import { runAlarms } from "./alarms.ts";
import { getRequest, listPendingOfOperadora } from "./request.ts";

type World = Awaited<ReturnType<typeof town>>;

const NAMES = new Map([rosa, ivo, lia, caio, nair, zeca].map(({ email, name }) => [email, name]));

/** Names of who got an e-mail with this beginning of its subject, and numbers of chats. */
async function told(portal: World, beginning = "Novo pedido") {
  const found = (await messages(portal)).flatMap((message) => {
    if (message.channel === "chat") return [`chat ${message.chatId}`];
    return message.subject.startsWith(beginning) ? [NAMES.get(message.to)!] : [];
  });
  return found.sort();
}

Deno.test("ADMINISTRADOR: the representative is told, no administrator; only while CADOP names them", async () => {
  using portal = await town();
  must(await ask(portal, zeca, "ADMINISTRADOR"));
  assertEquals(await told(portal), [rosa.name]);

  using other = await town();
  await importEdition(other, { [ALFA]: { Representante: nair.name.toUpperCase() } });
  must(await ask(other, zeca, "ADMINISTRADOR"));
  assertEquals(await told(other), []);

  using third = await town();
  await deactivate(third, rosa);
  must(await ask(third, zeca, "ADMINISTRADOR"));
  assertEquals(await told(third), []);
});

Deno.test("an ADMINISTRADOR's computer: the others are told, or the representative when there is none", async () => {
  using portal = await town();
  must(await askComputer(portal, lia));
  assertEquals(await told(portal), [caio.name]);

  using alone = await town();
  await deactivate(alone, caio);
  must(await askComputer(alone, lia));
  assertEquals(await told(alone), [rosa.name]);
});

Deno.test("somebody who has blocked the bot is told by e-mail", async () => {
  using portal = await town();
  for (const [person, chatId] of [[lia, 7001], [caio, 7002]] as const) {
    const blockedSince = person === caio ? 1 : null;
    const link = { userId: chatId, chatId, name: "x", since: 1, blockedSince };
    await portal.kv.set(keys.telegramLink(person.cpf), link);
  }
  must(await ask(portal, zeca));
  assertEquals(await told(portal), [caio.name, "chat 7001"]);
});

Deno.test("J14: of an establishment that has become another operadora's, its representative is told", async () => {
  using portal = await town();
  const { id } = must(await ask(portal, zeca, "ADMINISTRADOR"));
  await rebuild(portal, { operadora: null });
  portal.advance(DAY);
  await runAlarms(portal);
  assertEquals(await told(portal, "Pedidos de acesso esperam"), []);
  assertEquals((await getRequest(portal, id))?.operadora, null);
  await rebuild(portal, { operadora: BETA });
  portal.advance(2 * DAY);
  await runAlarms(portal);
  assertEquals(await told(portal, "Pedidos de acesso esperam"), [ivo.name]);
  assertEquals((await listPendingOfOperadora(portal, BETA)).map((one) => one.id), [id]);
  const former = keys.requestOfRepresentative.under(ALFA);
  assertEquals(await Array.fromAsync(portal.kv.list({ prefix: former })), []);
  portal.advance(12 * DAY);
  while (await runAlarms(portal) > 0);
  assertEquals(
    await Array.fromAsync(portal.kv.list({ prefix: keys.requestOfRepresentative.under() })),
    [],
  );
});

Deno.test("J14: a move after the last reminder is noticed within a day, and told once", async () => {
  using portal = await town();
  const { id } = must(await ask(portal, zeca, "ADMINISTRADOR"));
  const days = async (count: number) => {
    for (let i = 0; i < count; i++) {
      portal.advance(DAY);
      await runAlarms(portal);
    }
  };
  await days(5);
  const before = (await told(portal, "Pedidos de acesso esperam")).length;
  await rebuild(portal, { operadora: BETA });
  assertEquals(await listPendingOfOperadora(portal, BETA), []);
  await days(1);
  assertEquals((await listPendingOfOperadora(portal, BETA)).map((one) => one.id), [id]);
  await days(4);
  const after = await told(portal, "Pedidos de acesso esperam");
  assertEquals([after.length, after.includes(ivo.name)], [before + 1, true]);
  await days(5);
  assertEquals((await getRequest(portal, id))?.state, "expirada");
  assertEquals(await Array.fromAsync(portal.kv.list({ prefix: keys.requestAlarm.under() })), []);
});

Deno.test("a request of the administrators' does not go after the operadora", async () => {
  using portal = await town();
  const { id } = must(await ask(portal, zeca));
  await rebuild(portal, { operadora: BETA });
  portal.advance(DAY);
  await runAlarms(portal);
  assertEquals((await getRequest(portal, id))?.operadora, ALFA);
  assertEquals(await listPendingOfOperadora(portal, BETA), []);
});

Deno.test("decided in the very moment of a reminder: nobody is reminded, nothing waits again", async () => {
  using portal = await town();
  const { id } = must(await ask(portal, zeca, "ADMINISTRADOR"));
  await rebuild(portal, { operadora: BETA });
  portal.advance(DAY);
  await represent(portal, ivo, BETA);
  const meanwhile = interrupted(portal, 1, async () => {
    const request = await getRequest(portal, id);
    await portal.kv.set(keys.request(id), { ...request, state: "reprovada" });
  });
  await runAlarms(meanwhile);
  assertEquals((await getRequest(portal, id))?.state, "reprovada");
  assertEquals(await told(portal, "Pedidos de acesso esperam"), []);
  assertEquals(await listPendingOfOperadora(portal, BETA), []);
});
