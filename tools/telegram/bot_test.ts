import { assert, assertEquals, assertRejects } from "@std/assert";
import { Bot, GrammyError, InlineKeyboard, webhookCallback } from "grammy";
import { JOAO, MARIA, TOKEN, withTelegram } from "./test_support.ts";
import type { TelegramServer } from "./server.ts";

const SECRET = "um-segredo_1";

/** A bot with one of everything that the portal's bot does. */
function createTestBot(telegram: TelegramServer): Bot {
  const bot = new Bot(TOKEN, { client: { apiRoot: telegram.apiRoot } });
  bot.command("start", (ctx) =>
    ctx.reply(`<b>Olá</b>, código ${ctx.match || "nenhum"}`, {
      parse_mode: "HTML",
      reply_markup: new InlineKeyboard().text("Aprovar", "a:1").text("Reprovar", "r:1"),
    }));
  bot.callbackQuery("a:1", async (ctx) => {
    await ctx.answerCallbackQuery({ text: "Feito." });
    await ctx.editMessageText(`Aprovado por ${ctx.from.id}`);
  });
  bot.callbackQuery("r:1", async (ctx) => {
    await ctx.answerCallbackQuery();
    await ctx.reply("Qual o motivo?", { reply_markup: { force_reply: true } });
  });
  bot.on("message:text", (ctx) => {
    const { reply_to_message } = ctx.message;
    return ctx.reply(reply_to_message ? `Motivo: ${ctx.message.text}` : "Não entendi.");
  });
  bot.catch((error) => {
    throw error.error;
  });
  return bot;
}

async function polling(telegram: TelegramServer, work: (bot: Bot) => Promise<void>): Promise<void> {
  const bot = createTestBot(telegram);
  const running = bot.start();
  try {
    await work(bot);
  } finally {
    await bot.stop();
    await running;
  }
}

async function webhook(telegram: TelegramServer, work: (bot: Bot) => Promise<void>): Promise<void> {
  const bot = createTestBot(telegram);
  const handle = webhookCallback(bot, "std/http", { secretToken: SECRET });
  // grammY's handler declares no parameter, and Deno.serve hands such a one no request.
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    (request) => handle(request),
  );
  await bot.api.setWebhook(`http://127.0.0.1:${server.addr.port}/api/telegram`, {
    secret_token: SECRET,
  });
  try {
    await work(bot);
  } finally {
    await bot.api.deleteWebhook();
    await server.shutdown();
  }
}

for (const [mode, run] of Object.entries({ polling, webhook })) {
  Deno.test(`grammY over ${mode}: start, buttons, edit, forced reply`, () =>
    withTelegram((telegram) =>
      run(telegram, async () => {
        telegram.start(MARIA, "abc_123");
        const welcome = await telegram.waitFor(() => telegram.messages(MARIA)[1]);
        assertEquals(welcome.text, "Olá, código abc_123");
        assertEquals(welcome.entities, [{ type: "bold", offset: 0, length: 3 }]);

        telegram.tap(MARIA, welcome.message_id, "Reprovar");
        const question = await telegram.waitFor(() => telegram.messages(MARIA)[2]);
        assertEquals(question.keyboard, { force_reply: true });
        telegram.sendText(MARIA, "CPF de outra pessoa", { replyTo: question.message_id });
        const echo = await telegram.waitFor(() => telegram.messages(MARIA)[4]);
        assertEquals(echo.text, "Motivo: CPF de outra pessoa");

        const tap = telegram.tap(MARIA, welcome.message_id, "a:1");
        await telegram.waitFor(() => welcome.edit_date);
        assertEquals(tap.answer, { text: "Feito.", show_alert: false });
        assertEquals(welcome.text, `Aprovado por ${MARIA}`);
        assertEquals(welcome.keyboard, undefined);
        assertEquals(telegram.messages(JOAO), []);
      })
    ));

  Deno.test(`grammY over ${mode}: what happened before it started is not lost`, () =>
    withTelegram(async (telegram) => {
      telegram.start(JOAO);
      telegram.sendText(MARIA, "alô");
      await run(telegram, async () => {
        await telegram.waitFor(() => telegram.messages(JOAO)[1] && telegram.messages(MARIA)[1]);
      });
      assertEquals(telegram.messages(MARIA).at(-1)?.text, "Não entendi.");
      assertEquals(telegram.messages(JOAO).at(-1)?.text, "Olá, código nenhum");
    }));
}

Deno.test("grammY: a second poller ends the first with 409", () =>
  withTelegram(async (telegram) => {
    const first = createTestBot(telegram);
    const running = assertRejects(() => first.start(), GrammyError, "terminated by other");
    telegram.start(MARIA);
    await telegram.waitFor(() => telegram.messages(MARIA)[1]);
    await polling(telegram, async () => {
      await running;
      telegram.sendText(MARIA, "ainda aí?");
      await telegram.waitFor(() => telegram.messages(MARIA)[3]);
    });
  }));

Deno.test("grammY: errors come with code, description and retry_after", () =>
  withTelegram(async (telegram) => {
    const { api } = createTestBot(telegram);
    const failure = async (chat: number) => {
      const error = await assertRejects(() => api.sendMessage(chat, "oi"), GrammyError);
      return [error.error_code, error.description, error.parameters.retry_after];
    };
    assertEquals(await failure(99), [400, "Bad Request: chat not found", undefined]);
    assertEquals(await failure(MARIA), [
      403,
      "Forbidden: bot can't initiate conversation with a user",
      undefined,
    ]);
    telegram.start(MARIA);
    telegram.block(MARIA);
    assertEquals(await failure(MARIA), [
      403,
      "Forbidden: bot was blocked by the user",
      undefined,
    ]);
    telegram.faults.push({ method: "sendMessage", status: 429, retry_after: 7 });
    assertEquals(await failure(MARIA), [429, "Too Many Requests: retry after 7", 7]);
    assert(telegram.calls.every((call) => call.method === "sendMessage" && call.status >= 400));
    assertEquals(telegram.calls.length, 4);
  }));

Deno.test("grammY: a wrong token is refused before anything else", () =>
  withTelegram(async (telegram) => {
    const bot = new Bot("7000001:other", { client: { apiRoot: telegram.apiRoot } });
    const error = await assertRejects(() => bot.api.getMe(), GrammyError);
    assertEquals(error.error_code, 401);
  }));
