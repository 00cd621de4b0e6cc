import { assertEquals } from "@std/assert";
import type { TelegramServer } from "./server.ts";
import { call, JOAO, MARIA, withTelegram } from "./test_support.ts";

async function control(
  telegram: TelegramServer,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
) {
  const response = await fetch(`${telegram.apiRoot}/control/${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers,
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  return { status: response.status, data: await response.json() };
}

Deno.test("control: a conversation over HTTP", () =>
  withTelegram(async (telegram) => {
    const ask = (path: string, body?: unknown) => control(telegram, path, body);
    await ask("users", { id: 1003, first_name: "Ana" });
    await ask("users/1003/start", { payload: "abc" });
    const reply_markup = { inline_keyboard: [[{ text: "Aprovar", callback_data: "a:1" }]] };
    await call(telegram, "sendMessage", { chat_id: 1003, text: "oi", reply_markup });
    const { data: messages } = await ask("chats/1003/messages");
    assertEquals(messages.map(({ text }: { text: string }) => text), ["/start abc", "oi"]);
    const [, { message_id }] = messages;
    assertEquals((await ask("users/1003/tap", { message_id, button: "Aprovar" })).data.data, "a:1");
    await ask("users/1003/send", { text: "tudo bem?", reply_to: message_id });
    await ask("users/1003/forward", { message_id, to: MARIA });
    assertEquals(telegram.messages(MARIA)[0]?.text, "oi");
    await ask("users/1003/block", {});
    assertEquals(telegram.chats().find(({ chat }) => chat.id === 1003)?.blocked, true);
    await ask("users/1003/unblock", {});
    await ask("faults", { method: "sendMessage", status: 500 });
    assertEquals((await call(telegram, "sendMessage", { chat_id: 1003, text: "a" })).status, 500);
    assertEquals((await ask(`updates/${telegram.pendingUpdates()[0]}/again`, {})).data, true);
    assertEquals((await ask("calls")).data.length, 2);
    assertEquals((await ask("chats")).data.length, 3);
  }));

Deno.test("control: what cannot be done is 400, what does not exist 404", () =>
  withTelegram(async (telegram) => {
    const status = async (path: string, body?: unknown) =>
      (await control(telegram, path, body)).status;
    assertEquals(await status(`users/${MARIA}/send`, {}), 400);
    assertEquals(await status(`users/${MARIA}/send`, "{"), 400);
    assertEquals(await status(`users/${MARIA}/send`, "[1]"), 400);
    assertEquals(await status(`users/${MARIA}/tap`, { message_id: "1", button: "x" }), 400);
    const { data } = await control(telegram, `users/${MARIA}/forward`, {
      message_id: "1",
      to: JOAO,
    });
    assertEquals(data.error, "message_id must be a whole number");
    assertEquals(await status(`users/${JOAO}/forward`, { message_id: 1, to: 1.5 }), 400);
    assertEquals(await status("users/99/start", {}), 400);
    assertEquals(await status("users", { id: "x" }), 400);
    assertEquals(await status(`users/${MARIA}/fly`, {}), 404);
    assertEquals(await status(`users/${MARIA}/block`), 404);
    assertEquals(telegram.pendingUpdates(), []);
  }));

Deno.test("control: a web page cannot use it, nor a name that points here", () =>
  withTelegram(async (telegram) => {
    const origin = { origin: "https://other.example" };
    assertEquals((await control(telegram, "chats", undefined, origin)).status, 403);
    const { port } = new URL(telegram.apiRoot);
    const connection = await Deno.connect({ hostname: "127.0.0.1", port: Number(port) });
    const request =
      "GET /control/chats HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n";
    await connection.write(new TextEncoder().encode(request));
    const answer = await new Response(connection.readable).text();
    assertEquals(answer.split("\r\n")[0], "HTTP/1.1 403 Forbidden");
  }));
