/** Who is told that something waits: those who can decide it, never who asks. */
import { keys } from "../../store/keys.ts";
import { assertEquals } from "@std/assert";
import {
  ALFA,
  ask,
  askComputer,
  BETA,
  caio,
  DAY,
  deactivate,
  idOf,
  importEdition,
  interrupted,
  ivo,
  lia,
  messages,
  must,
  nair,
  rosa,
  seedEstablishment,
  seedWorld,
  zeca,
} from "@/tests/fixtures/mod.ts";
import { runAlarms } from "./alarms.ts";
import { getRequest, listPendingOfOperadora } from "./request.ts";

type World = Awaited<ReturnType<typeof seedWorld>>;

const NAMES = new Map([rosa, ivo, lia, caio, nair, zeca].map(({ email, name }) => [email, name]));

/** Names of who got an e-mail with this beginning of its subject, and numbers of chats. */
async function told(deps: World, beginning = "Novo pedido") {
  const found = (await messages(deps)).flatMap((message) => {
    if (message.channel === "chat") return [`chat ${message.chatId}`];
    if (message.channel === "job") return [];
    return message.subject.startsWith(beginning) ? [NAMES.get(message.to)!] : [];
  });
  return found.sort();
}

Deno.test("ADMINISTRADOR: the representative is told, no administrator; only while CADOP names them", async () => {
  using deps = await seedWorld();
  must(await ask(deps, zeca, "ADMINISTRADOR"));
  assertEquals(await told(deps), [rosa.name]);

  using other = await seedWorld();
  await importEdition(other, { [ALFA]: { Representante: nair.name.toUpperCase() } });
  must(await ask(other, zeca, "ADMINISTRADOR"));
  assertEquals(await told(other), []);

  using third = await seedWorld();
  await deactivate(third, rosa);
  must(await ask(third, zeca, "ADMINISTRADOR"));
  assertEquals(await told(third), []);
});

Deno.test("an ADMINISTRADOR's computer: the others are told, or the representative when there is none", async () => {
  using deps = await seedWorld();
  must(await askComputer(deps, lia));
  assertEquals(await told(deps), [caio.name]);

  using alone = await seedWorld();
  await deactivate(alone, caio);
  must(await askComputer(alone, lia));
  assertEquals(await told(alone), [rosa.name]);
});

Deno.test("somebody who has blocked the bot is told by e-mail", async () => {
  using deps = await seedWorld();
  for (const [person, chatId] of [[lia, 7001], [caio, 7002]] as const) {
    const blockedSince = person === caio ? 1 : null;
    const link = { userId: chatId, chatId, name: "x", since: 1, blockedSince };
    await deps.kv.set(keys.telegramLink(await idOf(deps, person)), link);
  }
  must(await ask(deps, zeca));
  assertEquals(await told(deps), [caio.name, "chat 7001"]);
});

Deno.test("J14: of an establishment that has become another operadora's, its representative is told", async () => {
  using deps = await seedWorld();
  const { id } = must(await ask(deps, zeca, "ADMINISTRADOR"));
  await seedEstablishment(deps, { cnpjMantenedora: null });
  deps.advance(DAY);
  await runAlarms(deps);
  assertEquals(await told(deps, "Pedidos de acesso esperam"), []);
  assertEquals((await getRequest(deps, id))?.operadora, null);
  await seedEstablishment(deps, { cnpjMantenedora: BETA });
  deps.advance(2 * DAY);
  await runAlarms(deps);
  assertEquals(await told(deps, "Pedidos de acesso esperam"), [ivo.name]);
  assertEquals((await listPendingOfOperadora(deps, BETA)).map((one) => one.id), [id]);
  const former = keys.requestOfRepresentative.under(ALFA);
  assertEquals(await Array.fromAsync(deps.kv.list({ prefix: former })), []);
  deps.advance(12 * DAY);
  while (await runAlarms(deps) > 0);
  assertEquals(
    await Array.fromAsync(deps.kv.list({ prefix: keys.requestOfRepresentative.under() })),
    [],
  );
});

Deno.test("J14: a move after the last reminder is noticed within a day, and told once", async () => {
  using deps = await seedWorld();
  const { id } = must(await ask(deps, zeca, "ADMINISTRADOR"));
  const days = async (count: number) => {
    for (let i = 0; i < count; i++) {
      deps.advance(DAY);
      await runAlarms(deps);
    }
  };
  await days(5);
  const before = (await told(deps, "Pedidos de acesso esperam")).length;
  await seedEstablishment(deps, { cnpjMantenedora: BETA });
  assertEquals(await listPendingOfOperadora(deps, BETA), []);
  await days(1);
  assertEquals((await listPendingOfOperadora(deps, BETA)).map((one) => one.id), [id]);
  await days(4);
  const after = await told(deps, "Pedidos de acesso esperam");
  assertEquals([after.length, after.includes(ivo.name)], [before + 1, true]);
  await days(5);
  assertEquals((await getRequest(deps, id))?.state, "expirada");
  assertEquals(await Array.fromAsync(deps.kv.list({ prefix: keys.requestAlarm.under() })), []);
});

Deno.test("a request of the administrators' does not go after the operadora", async () => {
  using deps = await seedWorld();
  const { id } = must(await ask(deps, zeca));
  await seedEstablishment(deps, { cnpjMantenedora: BETA });
  deps.advance(DAY);
  await runAlarms(deps);
  assertEquals((await getRequest(deps, id))?.operadora, ALFA);
  assertEquals(await listPendingOfOperadora(deps, BETA), []);
});

Deno.test("decided in the very moment of a reminder: nobody is reminded, nothing waits again", async () => {
  using deps = await seedWorld();
  const { id } = must(await ask(deps, zeca, "ADMINISTRADOR"));
  await seedEstablishment(deps, { cnpjMantenedora: BETA });
  deps.advance(DAY);
  const meanwhile = interrupted(deps, 1, async () => {
    const request = await getRequest(deps, id);
    await deps.kv.set(keys.request(id), { ...request, state: "reprovada" });
  });
  await runAlarms(meanwhile);
  assertEquals((await getRequest(deps, id))?.state, "reprovada");
  assertEquals(await told(deps, "Pedidos de acesso esperam"), []);
  assertEquals(await listPendingOfOperadora(deps, BETA), []);
});
