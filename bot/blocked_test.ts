import { assertEquals, assertStringIncludes } from "@std/assert";
import { getTelegramLink } from "../core/account/telegram/link.ts";
import { keys } from "../core/store/keys.ts";
import type { ChatMessage } from "../core/store/records/outbox.ts";
import { createChatSender } from "./mod.ts";
import { HOSPITAL, JOAO, MARIA, type TestWorld, withWorld } from "@/tests/fixtures/bot.ts";
import { auditRecords, seedTelegramLink } from "@/tests/fixtures/mod.ts";

/** Maria has blocked the bot; João decides at the same hospital. */
async function blocked(world: TestWorld) {
  const maria = await world.addAdministrator("Maria Prado", 101, HOSPITAL, MARIA);
  await world.addAdministrator("João Reis", 102, HOSPITAL, JOAO);
  for (const id of [MARIA, JOAO]) world.telegram.start(id);
  await world.settled();
  world.telegram.block(MARIA);
  const mails = () => world.mails.filter(({ to }) => to === maria.email);
  return { maria, mails };
}

Deno.test("who blocked the bot is told once by e-mail, and by e-mail from then on", () =>
  withWorld("polling", async (world) => {
    const { maria, mails } = await blocked(world);
    const before = mails().length;
    await world.ask(await world.addPerson("Ana Luz", 201), HOSPITAL);
    await world.seen(JOAO, "Ana Luz");
    await world.drain();
    // What the chat did not take comes by e-mail, too.
    const subjects = mails().slice(before).map(({ subject }) => subject);
    assertEquals(subjects, [
      "O robô do Telegram está bloqueado",
      "Pedidos de acesso esperam a sua decisão",
    ]);
    assertEquals(typeof (await getTelegramLink(world.deps, maria.id))?.blockedSince, "number");

    await world.ask(await world.addPerson("Bia Luz", 202), HOSPITAL);
    await world.seen(JOAO, "Bia Luz");
    assertEquals(mails().slice(before + 2).map(({ subject }) => subject), [
      "Novo pedido de acesso para analisar",
    ]);
    const refused = world.telegram.calls.filter(({ status }) => status === 403);
    assertEquals(refused.length, 1);
  }));

Deno.test("several refused messages make one e-mail and one record", () =>
  withWorld("polling", async (world) => {
    const { mails } = await blocked(world);
    const before = mails().length;
    const send = createChatSender(world.deps, world.bot.api);
    const message: ChatMessage = { channel: "chat", chatId: MARIA, what: "unlinked" };
    const outcomes = await Promise.all([1, 2, 3].map(() => send(message)));
    assertEquals(outcomes.map(({ outcome }) => outcome), ["never", "never", "never"]);
    await world.drain();
    assertEquals(mails().length - before, 1);
    const records = (await auditRecords(world.deps, "portal")).filter(({ event }) =>
      event === "telegram.blocked"
    );
    assertEquals(records.length, 1);
  }));

Deno.test("who comes back gets the requests in the chat again", () =>
  withWorld("polling", async (world) => {
    const { maria } = await blocked(world);
    await world.ask(await world.addPerson("Ana Luz", 201), HOSPITAL);
    world.telegram.unblock(MARIA);
    world.telegram.start(MARIA);
    await world.settled();
    assertEquals((await getTelegramLink(world.deps, maria.id))?.blockedSince, undefined);
    await world.ask(await world.addPerson("Bia Luz", 202), HOSPITAL);
    await world.seen(MARIA, "Bia Luz");
  }));

Deno.test("an account that is nobody's is not written to", () =>
  withWorld("polling", async (world) => {
    const send = createChatSender(world.deps, world.bot.api);
    world.telegram.block(MARIA);
    const { outcome } = await send({ channel: "chat", chatId: MARIA, what: "unlinked" });
    assertEquals([outcome, world.mails.length], ["never", 0]);
    assertEquals(await auditRecords(world.deps, "portal"), []);
  }));

Deno.test("a card that was noted is not sent again by a second attempt; one that was not is", () =>
  withWorld("polling", async (world) => {
    await world.addAdministrator("Maria Prado", 101, HOSPITAL, MARIA);
    world.telegram.start(MARIA);
    await world.settled();
    const { id } = await world.ask(await world.addPerson("Ana Luz", 201), HOSPITAL);
    const cards = () =>
      world.telegram.messages(MARIA).filter(({ text }) => text.includes("Ana Luz"));
    const send = createChatSender(world.deps, world.bot.api);
    const message = { channel: "chat", chatId: MARIA, what: "request_created" } as const;
    assertEquals(cards().length, 1);
    assertEquals(await send({ ...message, requestId: id }, 2), { outcome: "sent" });
    assertEquals(cards().length, 1);
    await world.deps.kv.delete(keys.requestMessage(id, MARIA));
    assertEquals(await send({ ...message, requestId: id }, 2), { outcome: "sent" });
    assertEquals(cards().length, 2);
  }));

Deno.test("many requests at once come as their number and a button", () =>
  withWorld("polling", async (world) => {
    await world.addAdministrator("Maria Prado", 101, HOSPITAL);
    for (const [i, name] of ["Ana", "Bia", "Caio"].entries()) {
      await world.ask(await world.addPerson(`${name} Luz`, 201 + i), HOSPITAL);
    }
    world.telegram.start(MARIA);
    await world.settled();
    const send = createChatSender(world.deps, world.bot.api);
    const message: ChatMessage = { channel: "chat", chatId: MARIA, what: "requests_waiting" };
    const before = world.telegram.messages(MARIA).length;
    await send(message);
    assertEquals(world.telegram.messages(MARIA).length, before);
    const maria = await world.addPerson("Maria Prado", 101);
    await seedTelegramLink(world.deps, maria, MARIA);
    await send(message);
    const digest = await world.seen(MARIA, "3 pedidos esperam a sua decisão");
    assertStringIncludes(digest.text, "o mais antigo desde 03/11/2026");
    world.telegram.tap(MARIA, digest.message_id, "Ver pedidos");
    await world.seen(MARIA, "Quem: Caio Luz");
  }));
