import { keys } from "../../core/store/keys.ts";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { COMMANDS } from "../commands.ts";
import {
  CLINIC,
  HOSPITAL,
  JOAO,
  MARIA,
  STRANGER,
  type TestWorld,
  withWorld,
} from "@/tests/fixtures/bot.ts";
import { seedMember, seedTelegramLink } from "@/tests/fixtures/mod.ts";

/** Maria decides at the hospital and the clinic, João at the hospital; both chats are open. */
async function prepare(world: TestWorld) {
  const maria = await world.addAdministrator("Maria Prado", 101, HOSPITAL, MARIA);
  await seedMember(world.deps, maria, "ADMINISTRADOR", CLINIC);
  const joao = await world.addAdministrator("João Reis", 102, HOSPITAL, JOAO);
  for (const id of [MARIA, JOAO]) world.telegram.start(id);
  await world.settled();
  return { maria, joao };
}

const inWorld = (name: string, test: (world: TestWorld) => Promise<void>) =>
  Deno.test(name, () => withWorld("polling", test));

inWorld("the menu holds every command, and help names them", async (world) => {
  await prepare(world);
  assertEquals(world.telegram.menu().map(({ command }) => command), Object.keys(COMMANDS));
  world.telegram.sendText(MARIA, "/ajuda");
  const help = await world.seen(MARIA, "O que este robô faz");
  for (const command of Object.keys(COMMANDS)) assertStringIncludes(help.text, `/${command}:`);
});

inWorld("/historico tells who decided what, and where", async (world) => {
  await prepare(world);
  world.telegram.sendText(MARIA, "/historico");
  await world.seen(MARIA, "Ainda não há decisões");
  await world.ask(await world.addPerson("Ana Luz", 201), HOSPITAL);
  const card = await world.seen(JOAO, "Ana Luz");
  world.telegram.tap(JOAO, card.message_id, "Aprovar");
  await world.settled();
  world.telegram.sendText(MARIA, "/historico");
  const history = await world.seen(MARIA, "Últimas decisões");
  assertStringIncludes(history.text, "✅ aprovado: Ana Luz, o perfil OPERADOR, CNES 2077485");
  assertStringIncludes(history.text, "por João Reis, em 03/11/2026, 09:00, pelo Telegram");
});

inWorld("/historico shows nothing of other establishments", async (world) => {
  const { maria } = await prepare(world);
  await world.ask(await world.addPerson("Ana Luz", 201), HOSPITAL);
  const card = await world.seen(JOAO, "Ana Luz");
  world.telegram.tap(JOAO, card.message_id, "Aprovar");
  await world.settled();
  await world.removeMember(HOSPITAL, maria);
  world.telegram.sendText(MARIA, "/historico");
  await world.seen(MARIA, "Ainda não há decisões");
});

inWorld("/cnes lists one's establishments, what waits and the colleagues", async (world) => {
  await prepare(world);
  await world.ask(await world.addPerson("Ana Luz", 201), HOSPITAL);
  world.telegram.sendText(MARIA, "/cnes");
  const { text } = await world.seen(MARIA, "Você administra");
  assertStringIncludes(text, "CNES 2077485, Hospital Ipê\nÀ espera de decisão: 1");
  assertStringIncludes(text, "Também administram: João Reis");
  assertStringIncludes(text, "Clínica <Sul> & Cia\nÀ espera de decisão: 0\nSó você");
});

inWorld("/pausar is refused where one is alone, and granted with a colleague", async (world) => {
  const { maria } = await prepare(world);
  world.telegram.sendText(MARIA, "/pausar");
  await world.seen(MARIA, `ninguém mais recebe os pedidos de CNES ${CLINIC}`);
  await world.removeMember(CLINIC, maria);
  world.telegram.sendText(MARIA, "/pausar");
  await world.seen(MARIA, `• CNES ${HOSPITAL}: João Reis`);
  await world.ask(await world.addPerson("Ana Luz", 201), HOSPITAL);
  await world.seen(JOAO, "Ana Luz");
  assert(!world.telegram.messages(MARIA).some(({ text }) => text.includes("Ana Luz")));
  world.telegram.sendText(JOAO, "/pausar");
  await world.seen(JOAO, "Não é possível pausar");
  world.telegram.sendText(MARIA, "/retomar");
  await world.seen(MARIA, "À espera agora: 1");
  await world.ask(await world.addPerson("Bia Luz", 202), HOSPITAL);
  await world.seen(MARIA, "Bia Luz");
});

inWorld("to a stranger every command says how to link, and does nothing", async (world) => {
  await prepare(world);
  world.telegram.start(STRANGER);
  for (const command of ["historico", "cnes", "pausar", "retomar"]) {
    const before = world.telegram.messages(STRANGER).length;
    world.telegram.sendText(STRANGER, `/${command}`);
    await world.telegram.waitFor(() => world.telegram.messages(STRANGER).length >= before + 2);
    await world.settled();
    assertStringIncludes(world.telegram.messages(STRANGER).at(-1)!.text, "não está ligado");
  }
});

inWorld("one who administers nothing is told so", async (world) => {
  const rui = await world.addPerson("Rui Mota", 103);
  await seedTelegramLink(world.deps, rui, MARIA);
  for (const command of ["historico", "cnes", "pausar"]) {
    world.telegram.sendText(MARIA, `/${command}`);
    await world.settled();
  }
  const told = world.telegram.messages(MARIA).filter(({ text }) =>
    text.includes("não é ADMINISTRADOR")
  );
  assertEquals(told.length, 3);
});

inWorld("/pendentes of one establishment; of another's nothing is shown", async (world) => {
  await prepare(world);
  for (let i = 1; i <= 7; i++) {
    await world.ask(await world.addPerson(`Hosp ${"ABCDEFG"[i - 1]}`, 200 + i), HOSPITAL);
    world.deps.advance(60_000);
  }
  await world.ask(await world.addPerson("Clin X", 300), CLINIC);
  world.telegram.sendText(JOAO, "/pendentes");
  await world.settled();
  world.telegram.sendText(MARIA, "/pendentes");
  const heading = await world.seen(MARIA, "Para ver só um CNES");
  await world.settled();
  world.telegram.tap(MARIA, heading.message_id, "2077485 Hospital Ipê");
  const more = await world.telegram.waitFor(() =>
    world.telegram.messages(MARIA).findLast(({ keyboard }) =>
      JSON.stringify(keyboard)?.includes(":2077485") &&
      JSON.stringify(keyboard).includes("Mostrar mais")
    )
  );
  const before = world.telegram.messages(MARIA).length;
  world.telegram.tap(MARIA, more.message_id, "Mostrar mais");
  await world.settled();
  const shown = world.telegram.messages(MARIA).slice(before).map(({ text }) => text).join();
  assert(shown.includes("Hosp F") && shown.includes("Hosp G"), shown);
  assert(!shown.includes("Clin X") && !shown.includes("Hosp A"));

  const joaos = world.telegram.messages(JOAO).length;
  world.telegram.tap(JOAO, heading.message_id, `l::${CLINIC}`, { unchecked: true });
  await world.seen(JOAO, `Você não administra o CNES ${CLINIC}`);
  assertEquals(world.telegram.messages(JOAO).length, joaos + 1);
});

inWorld("Detalhes tells who asks and goes away again; not to somebody else", async (world) => {
  await prepare(world);
  await world.ask(await world.addPerson("Ana Luz", 201), HOSPITAL);
  const card = await world.seen(JOAO, "Ana Luz");
  const before = card.text;
  world.telegram.tap(JOAO, card.message_id, "Detalhes");
  await world.telegram.waitFor(() => card.text.includes("E-mail confirmado: p***@pessoas.example"));
  assertStringIncludes(card.text, "Primeiro pedido a este CNES");
  assert(!card.text.includes("p201@"));
  world.telegram.tap(JOAO, card.message_id, "Ocultar detalhes");
  await world.telegram.waitFor(() => card.text === before);
  const [entry] = await Array.fromAsync(world.deps.kv.list({ prefix: keys.request.under() }));
  const id = entry!.key[1] as string;
  world.telegram.tap(STRANGER, 1, `d:${id}`, { unchecked: true });
  await world.settled();
  assert(!world.telegram.messages(STRANGER).some(({ text }) => text.includes("E-mail")));
});

inWorld(
  "a request for ADMINISTRADOR opens the site; an approval from chat does nothing",
  async (world) => {
    await prepare(world);
    const { id } = await world.ask(await world.addPerson("Ana Luz", 201), HOSPITAL);
    const request = await world.request(id);
    await world.deps.kv.set(keys.request(id), { ...request, profile: "ADMINISTRADOR" });
    world.telegram.sendText(JOAO, "/pendentes");
    const card = await world.seen(JOAO, "perfil ADMINISTRADOR");
    const buttons = JSON.stringify(card.keyboard);
    assertStringIncludes(buttons, '"url":"http://localhost:8000/pedidos"');
    assert(!buttons.includes("Aprovar"));
    world.telegram.tap(JOAO, card.message_id, `a:${id}`, { unchecked: true });
    await world.seen(JOAO, "não é concedido pelo Telegram");
    assertEquals((await world.request(id)).state, "pendente");
  },
);
