import { assert, assertEquals, assertThrows } from "@std/assert";
import { ControlError } from "./model.ts";
import type { TelegramServer } from "./server.ts";
import { call, JOAO, MARIA, withTelegram } from "./test_support.ts";

const BUTTONS = {
  inline_keyboard: [[
    { text: "Aprovar", callback_data: "a:1" },
    { text: "Abrir", url: "https://portal.example/" },
  ]],
};

async function sendButtons(telegram: TelegramServer, more = {}): Promise<number> {
  telegram.start(MARIA);
  const body = { chat_id: MARIA, text: "Nova solicitação", reply_markup: BUTTONS, ...more };
  return (await call(telegram, "sendMessage", body)).result.message_id;
}

async function lastUpdate(telegram: TelegramServer) {
  return (await call(telegram, "getUpdates", { offset: -1 })).result[0];
}

Deno.test("people: a deep link becomes /start with its payload, as a command", () =>
  withTelegram(async (telegram) => {
    telegram.start(MARIA, "Ab_9-");
    const { message } = await lastUpdate(telegram);
    assertEquals(message.text, "/start Ab_9-");
    assertEquals(message.entities, [{ type: "bot_command", offset: 0, length: 6 }]);
    assertEquals(message.chat, {
      id: MARIA,
      type: "private",
      first_name: "Maria",
      username: "maria_teste",
    });
  }));

Deno.test("people: a tap carries who, what and the message with its buttons", () =>
  withTelegram(async (telegram) => {
    const id = await sendButtons(telegram);
    const tap = telegram.tap(MARIA, id, "Aprovar");
    const { callback_query } = await lastUpdate(telegram);
    assertEquals([callback_query.id, callback_query.data], [tap.id, "a:1"]);
    assertEquals(callback_query.from.id, MARIA);
    assertEquals(callback_query.message.message_id, id);
    assertEquals(callback_query.message.reply_markup, BUTTONS);
    assertEquals(callback_query.message.from.is_bot, true);
  }));

Deno.test("people: a reply carries its original, one level deep", () =>
  withTelegram(async (telegram) => {
    const id = await sendButtons(telegram);
    const reply = telegram.sendText(MARIA, "por quê?", { replyTo: id });
    telegram.sendText(MARIA, "alô?", { replyTo: reply.message_id });
    const { message } = await lastUpdate(telegram);
    assertEquals(message.reply_to_message.text, "por quê?");
    assertEquals(message.reply_to_message.reply_to_message, undefined);
  }));

Deno.test("people: a forwarded message keeps its buttons, the tap is the receiver's", () =>
  withTelegram(async (telegram) => {
    const id = await sendButtons(telegram);
    const copy = telegram.forward(MARIA, id, JOAO);
    telegram.tap(JOAO, copy.message_id, "a:1");
    const { callback_query } = await lastUpdate(telegram);
    assertEquals([callback_query.from.id, callback_query.message.chat.id], [JOAO, JOAO]);
    assertEquals(callback_query.message.forward_origin.sender_user.is_bot, true);
    const edit = { chat_id: JOAO, message_id: copy.message_id, text: "x" };
    telegram.start(JOAO);
    assertEquals((await call(telegram, "editMessageText", edit)).error_code, 400);
    const secret = await sendButtons(telegram, { protect_content: true });
    assertThrows(() => telegram.forward(MARIA, secret, JOAO), ControlError, "protected");
  }));

Deno.test("people: an old keyboard and a foreign chat can be tapped on purpose only", () =>
  withTelegram(async (telegram) => {
    const id = await sendButtons(telegram);
    await call(telegram, "deleteMessage", { chat_id: MARIA, message_id: id });
    assertThrows(() => telegram.tap(MARIA, id, "a:1"), ControlError, "no button");
    telegram.tap(MARIA, id, "a:1", { unchecked: true });
    assertEquals((await lastUpdate(telegram)).callback_query.message, {
      chat: { id: MARIA, type: "private", first_name: "Maria", username: "maria_teste" },
      message_id: id,
      date: 0,
    });
    assertThrows(
      () => telegram.tap(JOAO, id, "a:1", { chat: MARIA }),
      ControlError,
      "cannot write",
    );
    telegram.tap(JOAO, id, "a:1", { chat: MARIA, unchecked: true });
    const { callback_query } = await lastUpdate(telegram);
    assertEquals([callback_query.from.id, callback_query.message.chat.id], [JOAO, MARIA]);
  }));

Deno.test("people: who blocks the bot is told to it, cannot write, and comes back by start", () =>
  withTelegram(async (telegram) => {
    await sendButtons(telegram);
    telegram.block(MARIA);
    const { my_chat_member } = await lastUpdate(telegram);
    assertEquals(my_chat_member.new_chat_member.status, "kicked");
    assertThrows(() => telegram.sendText(MARIA, "oi"), ControlError, "cannot write");
    assertEquals((await call(telegram, "sendMessage", { chat_id: MARIA, text: "a" })).status, 403);
    telegram.start(MARIA);
    assert((await call(telegram, "sendMessage", { chat_id: MARIA, text: "a" })).ok);
  }));

Deno.test("people: a group has its own chat, for its members only", () =>
  withTelegram(async (telegram) => {
    telegram.addGroup(-5, "Plantão", [MARIA]);
    telegram.sendText(MARIA, "/start", { chat: -5 });
    const { message } = await lastUpdate(telegram);
    assertEquals(message.chat, { id: -5, type: "group", title: "Plantão" });
    assert((await call(telegram, "sendMessage", { chat_id: -5, text: "só em particular" })).ok);
    assertThrows(() => telegram.sendText(JOAO, "oi", { chat: -5 }), ControlError, "cannot write");
    assertEquals((await call(telegram, "sendMessage", { chat_id: MARIA, text: "a" })).status, 403);
  }));

Deno.test("people: what the apps would not allow is refused and makes no update", () =>
  withTelegram(async (telegram) => {
    const id = await sendButtons(telegram);
    const before = telegram.pendingUpdates();
    for (
      const act of [
        () => telegram.addUser({ id: -1, first_name: "x" }),
        () => telegram.addUser({ id: 7000001, first_name: "o próprio bot" }),
        () => telegram.addGroup(5, "x", []),
        () => telegram.addGroup(-6, "x", [99]),
        () => telegram.start(MARIA, "a b"),
        () => telegram.start(MARIA, "a".repeat(65)),
        () => telegram.start(99),
        () => telegram.sendText(MARIA, " "),
        () => telegram.sendText(MARIA, "a", { replyTo: 1 }),
        () => telegram.sendText(MARIA, "a", { chat: JOAO }),
        () => telegram.tap(MARIA, id, "r:1"),
        () => telegram.tap(MARIA, id, "Abrir"),
        () => telegram.tap(MARIA, 1, "a:1"),
        () => telegram.tap(MARIA, id, "a:1", { chat: 99, unchecked: true }),
        () => telegram.forward(MARIA, 1, JOAO),
        () => telegram.forward(MARIA, id, 99),
      ]
    ) assertThrows(act, ControlError);
    assertEquals(telegram.pendingUpdates(), before);
  }));

Deno.test("people: waiting for what never comes ends, and an error in the probe is passed on", () =>
  withTelegram(async (telegram) => {
    const never = telegram.waitFor(() => false, 1).then(() => "seen", (error) => error.message);
    assertEquals(await never, "not seen in Telegram within 1 ms");
    const wrong = telegram.waitFor(() => {
      throw new Error("oops");
    }).catch((error) => error.message);
    assertEquals(await wrong, "oops");
  }));
