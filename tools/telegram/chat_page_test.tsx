import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { Bot } from "grammy";
import { render } from "preact-render-to-string";
import { findAccessibilityFaults } from "../../tests/support/axe.ts";
import { launchBrowser } from "../../tests/support/browser.ts";
import { actInChat } from "./chat_form.ts";
import { ChatPage, readChatPage } from "./chat_page.tsx";
import { ControlError } from "./model.ts";
import type { TelegramServer } from "./server.ts";
import { call, JOAO, MARIA, TOKEN, withTelegram } from "./test_support.ts";

const ACTION = "/dev/telegram";

function show(telegram: TelegramServer, query = ""): string {
  const url = new URL(`http://127.0.0.1${ACTION}${query}`);
  return render(<ChatPage {...readChatPage(telegram, url)} />);
}

async function send(telegram: TelegramServer, body: Record<string, unknown>): Promise<number> {
  const { result } = await call(telegram, "sendMessage", { chat_id: MARIA, ...body });
  return result.message_id;
}

function form(fields: Record<string, string | number>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.set(name, String(value));
  return data;
}

Deno.test("chat page: formatted text, escaped once, addresses as links", () =>
  withTelegram(async (telegram) => {
    telegram.start(MARIA);
    await send(telegram, {
      text: "<b>Silva &amp; <i>Filhos</i></b> &lt;x&gt; http://portal.example/a?b=1.\n" +
        '<a href="javascript:alert(1)">um</a> <a href="https://portal.example/">dois</a>',
      parse_mode: "HTML",
    });
    const page = show(telegram);
    assertStringIncludes(page, "<strong>Silva &amp; </strong>");
    assertStringIncludes(page, "<strong><em>Filhos</em></strong> &lt;x> ");
    assertStringIncludes(page, 'href="http://portal.example/a?b=1"');
    assertStringIncludes(page, 'href="https://portal.example/"');
    assert(!page.includes("javascript:"));
  }));

Deno.test("chat page: what a person types is text", () =>
  withTelegram((telegram) => {
    telegram.sendText(MARIA, "<script>alert(1)</script>");
    telegram.addUser({ id: JOAO, first_name: "<img src=x>" });
    const page = show(telegram);
    assert(!page.includes("<script") && !page.includes("<img"));
    assertStringIncludes(page, "&lt;script>");
    return Promise.resolve();
  }));

Deno.test("chat page: buttons, edits, forwards and the reply that is asked for", () =>
  withTelegram(async (telegram) => {
    telegram.start(MARIA);
    const inline_keyboard = [[{ text: "Aprovar", callback_data: "a:1" }]];
    const id = await send(telegram, { text: "um", reply_markup: { inline_keyboard } });
    assertStringIncludes(show(telegram), 'name="button" value="a:1"');
    telegram.forward(MARIA, id, JOAO);
    assertStringIncludes(show(telegram, `?chat=${JOAO}`), "Encaminhada de Habilita");
    await call(telegram, "editMessageText", { chat_id: MARIA, message_id: id, text: "dois" });
    const edited = show(telegram);
    assert(!edited.includes('value="a:1"'));
    assertStringIncludes(edited, "editada ");
    const asked = await send(telegram, { text: "Motivo?", reply_markup: { force_reply: true } });
    assertStringIncludes(show(telegram), `name="reply_to" value="${asked}"`);
    assertStringIncludes(show(telegram, `?reply=${id}`), `name="reply_to" value="${id}"`);
  }));

Deno.test("chat page: closed and blocked chats offer what can be done", () =>
  withTelegram((telegram) => {
    assertStringIncludes(show(telegram), ">Iniciar</button>");
    telegram.start(MARIA);
    assertStringIncludes(show(telegram), 'aria-label="Mensagem"');
    telegram.block(MARIA);
    const blocked = show(telegram);
    assertStringIncludes(blocked, ">Desbloquear</button>");
    assert(!blocked.includes('aria-label="Mensagem"'));
    assertStringIncludes(show(telegram, "?start=abc"), "Abrir como Maria");
    return Promise.resolve();
  }));

for (
  const [name, fields] of Object.entries<Record<string, string | number>>({
    "without a act": { chat: MARIA },
    "in a chat that is not": { do: "send", chat: 99, text: "oi" },
    "without text": { do: "send", chat: MARIA, text: " " },
    "on a button of nobody's chat": { do: "tap", chat: 99, message: 1, button: "a:1" },
    "for a nameless account": { do: "new", chat: 0, first_name: " " },
  })
) {
  Deno.test(`chat page: a form ${name} is refused`, () =>
    withTelegram(async (telegram) => {
      await assertRejects(() => actInChat(telegram, form(fields)), ControlError);
    }));
}

/** The page as the development world serves it: show on GET, act and redirect on POST. */
async function serve(telegram: TelegramServer, request: Request): Promise<Response> {
  const url = new URL(request.url);
  if (request.method === "POST") {
    const { chat, tap } = await actInChat(telegram, await request.formData());
    const location = `${ACTION}?chat=${chat}${tap ? `&tap=${tap}` : ""}`;
    return new Response(null, { status: 303, headers: { location } });
  }
  if (url.pathname === "/chat.css") {
    const css = await Deno.readTextFile(new URL("chat.css", import.meta.url));
    return new Response(css, { headers: { "content-type": "text/css" } });
  }
  const body = `<!doctype html><html lang="pt-BR"><title>Telegram</title><link rel="stylesheet" ` +
    `href="/chat.css"><main><h1>Telegram simulado</h1>${show(telegram, url.search)}</main></html>`;
  return new Response(body, {
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": "default-src 'none'; style-src 'self'; form-action 'self'",
    },
  });
}

Deno.test("chat page: a decision in a real browser, without JavaScript", () =>
  withTelegram(async (telegram) => {
    const bot = new Bot(TOKEN, { client: { apiRoot: telegram.apiRoot } });
    bot.command(
      "start",
      (ctx) =>
        ctx.reply("<b>Nova solicitação</b> de Ana & Cia".replace("&", "&amp;"), {
          parse_mode: "HTML",
          reply_markup: { inline_keyboard: [[{ text: "Reprovar", callback_data: "r:1" }]] },
        }),
    );
    bot.callbackQuery("r:1", async (ctx) => {
      await ctx.reply("Qual o motivo?", { reply_markup: { force_reply: true } });
      await ctx.answerCallbackQuery("Diga o motivo.");
    });
    bot.on("message:text", (ctx) => ctx.reply(`Reprovado: ${ctx.message.text}`));
    const running = bot.start();
    const server = Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen: () => {} },
      (request) => serve(telegram, request),
    );
    const browser = await launchBrowser();
    try {
      const context = await browser.newContext({ javaScriptEnabled: false });
      const page = await context.newPage();
      await page.goto(`http://127.0.0.1:${server.addr.port}${ACTION}?start=codigo`);
      await page.getByRole("button", { name: "Abrir como João" }).click();
      const log = page.getByRole("log");
      await log.getByText("Nova solicitação de Ana & Cia").waitFor();
      await page.getByRole("button", { name: "Reprovar" }).click();
      assertEquals(await page.getByRole("status").textContent(), "Diga o motivo.");
      await page.getByText("Respondendo a: Qual o motivo?").waitFor();
      await page.getByLabel("Mensagem", { exact: true }).fill("Não trabalha aqui.");
      await page.getByRole("button", { name: "Enviar" }).click();
      await log.getByText("Reprovado: Não trabalha aqui.").waitFor();
      const seen = await browser.newPage();
      await seen.goto(page.url());
      assertEquals(await findAccessibilityFaults(seen), []);
      const sent = telegram.messages(JOAO).filter(({ from }) => from.id === JOAO);
      assertEquals(sent.map(({ text }) => text), ["/start codigo", "Não trabalha aqui."]);
      assertEquals(sent[1]?.reply_to?.text, "Qual o motivo?");
    } finally {
      await browser.close();
      await server.shutdown();
      await bot.stop();
      await running;
    }
  }));
