import { assert, assertEquals, assertMatch } from "@std/assert";
import type { TelegramServer } from "./server.ts";
import { call, MARIA, TOKEN, withTelegram } from "./test_support.ts";

const BUTTONS = { inline_keyboard: [[{ text: "Aprovar", callback_data: "a:1" }]] };

/** Runs a test in the open chat with Maria. */
function withChat(work: (telegram: TelegramServer) => Promise<void>): Promise<void> {
  return withTelegram(async (telegram) => {
    telegram.start(MARIA);
    await work(telegram);
  });
}

Deno.test("methods: getMe says who the bot is; methods do not mind the case", () =>
  withTelegram(async (telegram) => {
    const { ok, result } = await call(telegram, "GETME");
    assert(ok);
    assertEquals([result.id, result.is_bot, result.username], [7000001, true, "habilita_dev_bot"]);
  }));

Deno.test("methods: JSON, urlencoded, multipart and the query string say the same", () =>
  withChat(async (telegram) => {
    const fields = {
      chat_id: String(MARIA),
      text: "oi",
      reply_markup: JSON.stringify(BUTTONS),
    };
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    await call(telegram, "sendMessage", { chat_id: MARIA, text: "oi", reply_markup: BUTTONS });
    await call(telegram, "sendMessage", new URLSearchParams(fields));
    await call(telegram, "sendMessage", form);
    const query = new URLSearchParams(fields);
    const response = await fetch(`${telegram.apiRoot}/bot${TOKEN}/sendMessage?${query}`);
    await response.body?.cancel();
    const sent = telegram.messages(MARIA).slice(1);
    assertEquals(
      sent.map(({ text, keyboard }) => [text, keyboard]),
      Array(4).fill(["oi", BUTTONS]),
    );
  }));

for (
  const [name, body, description] of [
    ["no text", {}, "message text is empty"],
    ["blank text", { text: " \n" }, "message text is empty"],
    ["long text", { text: "a".repeat(4097) }, "message is too long"],
    ["unknown markup", { text: "*a*", parse_mode: "MarkdownV2" }, "unsupported parse_mode"],
    ["bad markup", { text: "<b>a", parse_mode: "HTML" }, "can't parse entities: "],
    ["unknown chat", { text: "a", chat_id: 5 }, "chat not found"],
    ["chat by name", { text: "a", chat_id: "@maria_teste" }, "chat not found"],
    ["gone original", { text: "a", reply_parameters: { message_id: 1 } }, "message to be replied"],
    ["gone original, old way", { text: "a", reply_to_message_id: 1 }, "message to be replied"],
    ["markup that is no JSON", { text: "a", reply_markup: "{" }, "can't parse reply_markup"],
    ["keyboard without rows", { text: "a", reply_markup: { inline_keyboard: [1] } }, "can't parse"],
  ] as const
) {
  Deno.test(`methods: sendMessage with ${name} is refused`, () =>
    withChat(async (telegram) => {
      const answer = await call(telegram, "sendMessage", { chat_id: MARIA, ...body });
      assertEquals([answer.status, answer.ok, answer.error_code], [400, false, 400]);
      assertMatch(answer.description ?? "", new RegExp(`^Bad Request: .*${description}`));
      assertEquals(telegram.messages(MARIA).length, 1);
    }));
}

for (
  const [name, button, description] of [
    [
      "more than 64 bytes of data",
      { text: "a", callback_data: "é".repeat(33) },
      "BUTTON_DATA_INVALID",
    ],
    ["empty data", { text: "a", callback_data: "" }, "BUTTON_DATA_INVALID"],
    ["no text", { text: "", callback_data: "a" }, "Text is empty"],
    ["nothing to do", { text: "a" }, "Text buttons are unallowed"],
    ["a script for a link", { text: "a", url: "javascript:alert(1)" }, "Wrong HTTP URL"],
    ["no link at all", { text: "a", url: "x" }, "Wrong HTTP URL"],
  ] as const
) {
  Deno.test(`methods: a button with ${name} is refused`, () =>
    withChat(async (telegram) => {
      const reply_markup = { inline_keyboard: [[button]] };
      const answer = await call(telegram, "sendMessage", {
        chat_id: MARIA,
        text: "a",
        reply_markup,
      });
      assertEquals(answer.error_code, 400);
      assertMatch(answer.description ?? "", new RegExp(description));
    }));
}

Deno.test("methods: 64 bytes of data and 4,096 characters are taken", () =>
  withChat(async (telegram) => {
    const reply_markup = { inline_keyboard: [[{ text: "a", callback_data: "é".repeat(32) }]] };
    const text = "a".repeat(4096);
    assert((await call(telegram, "sendMessage", { chat_id: MARIA, text, reply_markup })).ok);
  }));

Deno.test("methods: an edit changes text and buttons, the same again is refused", () =>
  withChat(async (telegram) => {
    const { result } = await call(telegram, "sendMessage", {
      chat_id: MARIA,
      text: "<b>um</b>",
      parse_mode: "HTML",
      reply_markup: BUTTONS,
    });
    const where = { chat_id: MARIA, message_id: result.message_id };
    const edit = (body: Record<string, unknown>) =>
      call(telegram, "editMessageText", { ...where, ...body });
    const same = { text: "<b>um</b>", parse_mode: "HTML", reply_markup: BUTTONS };
    assertMatch((await edit(same)).description ?? "", /message is not modified/);
    assert((await edit({ ...same, text: "<i>um</i>" })).ok, "other entities are a change");
    assert((await edit({ text: "dois" })).ok);
    const [, message] = telegram.messages(MARIA);
    assertEquals([message?.text, message?.keyboard], ["dois", undefined]);
    const markup = (reply_markup?: unknown) =>
      call(telegram, "editMessageReplyMarkup", { ...where, reply_markup });
    assertMatch((await markup()).description ?? "", /message is not modified/);
    assert((await markup(BUTTONS)).ok);
    assert((await markup({ inline_keyboard: [] })).ok, "an empty keyboard takes the buttons away");
    assertEquals(message?.text, "dois");
  }));

Deno.test("methods: only the bot's own messages can be edited, only once deleted", () =>
  withChat(async (telegram) => {
    const { message_id: theirs } = telegram.messages(MARIA)[0]!;
    const edit = (message_id: number) =>
      call(telegram, "editMessageText", { chat_id: MARIA, message_id, text: "x" });
    assertEquals((await edit(theirs)).description, "Bad Request: message can't be edited");
    assertEquals((await edit(1)).description, "Bad Request: message to edit not found");
    const { result } = await call(telegram, "sendMessage", { chat_id: MARIA, text: "a" });
    const where = { chat_id: MARIA, message_id: result.message_id };
    assert((await call(telegram, "deleteMessage", where)).ok);
    assertEquals(
      (await call(telegram, "deleteMessage", where)).description,
      "Bad Request: message to delete not found",
    );
    assertEquals(
      (await edit(result.message_id)).description,
      "Bad Request: message to edit not found",
    );
  }));

Deno.test("methods: a tap is answered once, and only if there was one", () =>
  withChat(async (telegram) => {
    const { result } = await call(telegram, "sendMessage", {
      chat_id: MARIA,
      text: "a",
      reply_markup: BUTTONS,
    });
    const tap = telegram.tap(MARIA, result.message_id, "Aprovar");
    const answer = (callback_query_id: string, text = "Feito.") =>
      call(telegram, "answerCallbackQuery", { callback_query_id, text, show_alert: true });
    assertEquals(
      (await answer(tap.id, "a".repeat(201))).description,
      "Bad Request: MESSAGE_TOO_LONG",
    );
    assert((await answer(tap.id)).ok);
    assertEquals(tap.answer, { text: "Feito.", show_alert: true });
    assertMatch((await answer(tap.id)).description ?? "", /query is too old/);
    assertMatch((await answer("1")).description ?? "", /query ID is invalid/);
  }));

Deno.test("methods: commands are kept by scope and language", () =>
  withTelegram(async (telegram) => {
    const commands = [{ command: "pendentes", description: "Lista" }];
    assert((await call(telegram, "setMyCommands", { commands, language_code: "pt" })).ok);
    assertEquals(telegram.menu(), []);
    assert((await call(telegram, "setMyCommands", { commands })).ok);
    assertEquals(telegram.menu(), commands);
    assertEquals((await call(telegram, "getMyCommands")).result, commands);
    const group = { scope: { type: "all_group_chats" } };
    assertEquals((await call(telegram, "getMyCommands", group)).result, []);
    for (const command of ["Pendentes", "a-b", ""]) {
      const bad = { commands: [{ command, description: "x" }] };
      assertEquals(
        (await call(telegram, "setMyCommands", bad)).description,
        "Bad Request: BOT_COMMAND_INVALID",
      );
    }
    assert((await call(telegram, "deleteMyCommands")).ok);
    assertEquals(telegram.menu(), []);
  }));

Deno.test("methods: a chat action needs a chat and an action", () =>
  withChat(async (telegram) => {
    const act = (body: Record<string, unknown>) => call(telegram, "sendChatAction", body);
    assert((await act({ chat_id: MARIA, action: "typing" })).ok);
    assertEquals((await act({ chat_id: MARIA })).error_code, 400);
    assertEquals((await act({ chat_id: 5, action: "typing" })).error_code, 400);
  }));

Deno.test("methods: what does not exist is 404, another token 401, broken JSON 400", () =>
  withTelegram(async (telegram) => {
    assertEquals((await call(telegram, "sendTelepathy")).status, 404);
    assertEquals((await call(telegram, "toString")).status, 404);
    assertEquals((await call(telegram, "getMe", {}, "7000001:other")).status, 401);
    assertEquals((await call(telegram, "getMe", {}, "")).status, 401);
    const response = await fetch(`${telegram.apiRoot}/bot${TOKEN}/getMe`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{",
    });
    assertEquals([response.status, (await response.json()).error_code], [400, 400]);
    const elsewhere = await fetch(`${telegram.apiRoot}/`);
    assertEquals([elsewhere.status, (await elsewhere.json()).ok], [404, false]);
  }));
