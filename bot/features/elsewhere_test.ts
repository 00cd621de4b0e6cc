import { assertEquals } from "@std/assert";
import { HOSPITAL, inBothModes, JOAO, MARIA, withWorld } from "@/tests/fixtures/bot.ts";
import { auditRecords } from "@/tests/fixtures/mod.ts";

const GROUP = -500;

inBothModes("in a group the bot explains and does nothing", async (world) => {
  const { telegram } = world;
  await world.addAdministrator("Maria Prado", 101, HOSPITAL, MARIA);
  const { id } = await world.ask(await world.addPerson("Ana Luz", 201), HOSPITAL);
  telegram.addGroup(GROUP, "Equipe", [MARIA, JOAO]);
  telegram.sendText(MARIA, "/pendentes", { chat: GROUP });
  await world.seen(GROUP, "Em grupos eu não mostro nem decido pedidos");

  const tap = telegram.tap(MARIA, 1, `a:${id}`, { chat: GROUP, unchecked: true });
  await world.settled();
  assertEquals(tap.answer?.show_alert, true);
  assertEquals((await world.request(id)).state, "pendente");
  const denied = (await auditRecords(world.deps, "portal")).at(-1)!;
  assertEquals(
    [denied.event, denied.actor, denied.subject, denied.detail.outcome],
    ["telegram.denied", `telegram:${MARIA}`, id, "not_private"],
  );
});

Deno.test("what a group talks about is no business of the bot", () =>
  withWorld("polling", async (world) => {
    const { telegram } = world;
    telegram.addGroup(GROUP, "Equipe", [MARIA, JOAO]);
    telegram.sendText(MARIA, "bom dia", { chat: GROUP });
    telegram.sendText(MARIA, "/outro", { chat: GROUP });
    await world.settled();
    assertEquals(telegram.messages(GROUP).length, 2);
  }));
