import { assertEquals, assertThrows } from "@std/assert";
import { ConfigError } from "./mod.ts";
import { readConfig } from "./testing.ts";

const BASE = {
  HABILITA_ORIGIN: "https://portal.example.br",
  HABILITA_SECRET: "0123456789abcdefghijklmnopqrstuv",
  SMTP_URL: "smtp://mail.example.br",
  MAIL_FROM: "nao-responda@example.br",
  TELEGRAM_BOT_TOKEN: "7000001:abcdefghijklmnopqrstuvwxyz-ABCDEFGH",
  TELEGRAM_BOT_USERNAME: "habilita_bot",
  TELEGRAM_WEBHOOK_SECRET: "segredo-do-webhook_1",
};
const alertTo = (text: string, more: Record<string, string | undefined> = {}) =>
  readConfig({ ...BASE, ...more, HABILITA_ALERT_TO: text }).alertTo;

Deno.test("alerts go to addresses and chats, each once", () => {
  assertEquals(alertTo(" a@b.example , telegram:12, telegram:-1001234567890,a@b.example,"), [
    { channel: "mail", to: "a@b.example" },
    { channel: "chat", chatId: 12 },
    { channel: "chat", chatId: -1001234567890 },
  ]);
  assertEquals(readConfig(BASE).alertTo, []);
});

for (const text of [",", "a@b", "operacao", "telegram:", "telegram:0", "telegram:@a", "tg:1"]) {
  Deno.test(`no receiver of alerts: ${text}`, () => {
    assertThrows(() => alertTo(text), ConfigError, "HABILITA_ALERT_TO deve ter endereços");
  });
}

Deno.test("a receiver whom nothing would reach stops the start", () => {
  const none = { SMTP_URL: undefined, MAIL_FROM: undefined };
  assertThrows(() => alertTo("a@b.example", none), ConfigError, "falta SMTP_URL");
  assertEquals(alertTo("telegram:1", none).length, 1);
  const mute = { TELEGRAM_BOT_TOKEN: undefined, TELEGRAM_BOT_USERNAME: undefined };
  const unset = { ...mute, TELEGRAM_WEBHOOK_SECRET: undefined };
  assertThrows(() => alertTo("telegram:1", unset), ConfigError, "falta TELEGRAM_BOT_TOKEN");
});
