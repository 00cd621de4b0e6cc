import { assertEquals, assertStringIncludes } from "@std/assert";
import { getTelegramLink, getTelegramOwner } from "../../core/account/telegram/link.ts";
import { HOSPITAL, inBothModes, JOAO, MARIA, STRANGER, withWorld } from "@/tests/fixtures/bot.ts";
import { auditRecords } from "@/tests/fixtures/mod.ts";

inBothModes(
  "the link is ended from the chat, after a question, and told by e-mail",
  async (world) => {
    const { deps, telegram } = world;
    const maria = await world.addAdministrator("Maria Prado", 101, HOSPITAL, MARIA);
    telegram.start(MARIA);
    telegram.sendText(MARIA, "/desligar");
    const question = await world.seen(MARIA, "Desligar este Telegram do cadastro de Maria Prado?");
    assertEquals((await getTelegramLink(deps, maria.id))?.userId, MARIA);
    telegram.tap(MARIA, question.message_id, "Desligar");
    await world.seen(MARIA, "foi desligado do seu cadastro");
    await world.settled();
    assertStringIncludes(question.text, "Você desligou");
    assertEquals(question.keyboard, undefined);
    assertEquals(await getTelegramLink(deps, maria.id), null);
    assertEquals(await getTelegramOwner(deps, MARIA), null);
    const mails = world.mails.filter(({ to }) => to === maria.email).map(({ subject }) => subject);
    assertEquals(mails, ["Telegram ligado à sua conta", "Telegram desligado da sua conta"]);
    const events = (await auditRecords(world.deps, "portal")).map(({ event }) => event);
    assertEquals(events.slice(-2), ["telegram.done", "telegram.unlinked"]);
  },
);

Deno.test("the button does nothing for a stranger, and nothing a second time", () =>
  withWorld("polling", async (world) => {
    const { deps, telegram } = world;
    const maria = await world.addAdministrator("Maria Prado", 101, HOSPITAL, MARIA);
    for (const id of [MARIA, JOAO, STRANGER]) telegram.start(id);
    telegram.tap(STRANGER, 1, "u", { unchecked: true });
    telegram.sendText(STRANGER, "/desligar");
    await world.settled();
    await world.seen(STRANGER, "não está ligado a um cadastro ativo");
    assertEquals((await getTelegramLink(deps, maria.id))?.userId, MARIA);
    for (let i = 0; i < 2; i++) telegram.tap(MARIA, 1, "u", { unchecked: true });
    await world.settled();
    const told = telegram.messages(MARIA).filter(({ text }) => text.includes("foi desligado"));
    assertEquals(told.length, 1);
  }));
