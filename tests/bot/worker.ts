/**
 * A process that runs the bot until it is killed: by long polling, or inside the whole app, which
 * Telegram calls. Its clock goes faster than the real one, and with it all that is timed: pace, pauses,
 * leases, and after how long a call has failed. Mails are lines of a file.
 */
import { createBot, createChatSender, handleWebhook, startPolling } from "@/bot/mod.ts";
import type { Send } from "@/core/outbox/send.ts";
import { TELEGRAM_RATE, UNLIMITED } from "@/core/outbox/rate_limiter.ts";
import { JOBS } from "@/core/account/jobs.ts";
import { jobRunner } from "@/core/outbox/job.ts";
import { createOutboxWorker } from "@/core/outbox/worker.ts";
import { delay } from "@/core/store/delay.ts";
import { testConfig } from "@/tests/fixtures/deps.ts";
import { testApp } from "../support/app.ts";
import { clockFrom, WEBHOOK_SECRET, type WorkerOptions } from "./clock.ts";

const options: WorkerOptions = JSON.parse(Deno.args[0]!);
const { store, apiRoot, token, mails, port, paced, speed } = options;
const kv = await Deno.openKv(store);
const deps = { kv, config: testConfig, now: clockFrom(options) };
const wait = (ms: number) => delay(ms / speed);
const bot = createBot(deps, {
  token,
  apiRoot,
  alone: port === null,
  callSeconds: 15 / speed,
  wait,
  onCommit: () => outbox.notify(),
});
const chat = createChatSender(deps, bot.api);
const send: Send = async (message, attempt) => {
  if (message.channel === "chat") return await chat(message, attempt);
  if (message.channel === "job") return await jobRunner(deps, JOBS)(message);
  const line = `${message.to}\t${message.subject}\t${deps.now()}\n`;
  await Deno.writeTextFile(mails, line, { append: true });
  return { outcome: "sent" };
};
const outbox = createOutboxWorker(deps, send, {
  rate: paced ? { ...TELEGRAM_RATE, wait } : UNLIMITED,
});
setInterval(() => {
  outbox.notify();
  void bot.updateProcessor.resume();
}, 50);
console.error = () => {};
if (port === null) {
  await startPolling(bot, new AbortController().signal);
} else {
  const app = await testApp(deps, {
    telegramWebhook: handleWebhook(bot, WEBHOOK_SECRET),
    outbox,
    budget: false,
  });
  Deno.serve({ port, hostname: "127.0.0.1", onListen: () => {} }, app);
}
