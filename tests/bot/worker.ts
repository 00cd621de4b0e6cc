/**
 * A process that runs the bot until it is killed. Its clock goes faster than the real one, so that
 * the leases a killed process leaves behind end in seconds. Mails are lines of a file.
 */
import { createBot, createChatSender, startPolling } from "@/bot/mod.ts";
import { createPump } from "@/core/outbox/pump.ts";
import { UNPACED } from "@/core/outbox/pace.ts";
import type { Send } from "@/core/outbox/message.ts";
import { testConfig } from "@/core/testing.ts";
import { clockFrom, type WorkerOptions } from "./clock.ts";

const { store, apiRoot, token, mails, base }: WorkerOptions = JSON.parse(Deno.args[0]!);
const kv = await Deno.openKv(store);
const portal = { kv, config: testConfig, now: clockFrom(base) };
const bot = createBot(portal, { token, apiRoot, alone: true, onCommit: () => outbox.kick() });
const chat = createChatSender(portal, bot.api);
const send: Send = async (message, attempt) => {
  if (message.channel === "chat") return await chat(message, attempt);
  await Deno.writeTextFile(mails, `${message.to}\t${message.subject}\n`, { append: true });
  return { outcome: "sent" };
};
const outbox = createPump(portal, send, { pace: UNPACED });
setInterval(() => outbox.kick(), 100);
console.error = () => {};
await startPolling(bot, new AbortController().signal);
