import { checkWebhook } from "./bot/health.ts";
import { createBot } from "./bot/mod.ts";
import { createChatSender } from "./bot/sender.ts";
import { handleWebhook } from "./bot/webhook.ts";
import { runAlarms } from "./core/access/requests/alarms.ts";
import { refreshCrls } from "./core/certificate/crl/update.ts";
import { orExit, readSettings, toConfig } from "./core/config/mod.ts";
import { rotateKeys } from "./core/handoff/signing_keys.ts";
import { createMailer } from "./core/outbox/mail.ts";
import { createPump } from "./core/outbox/pump.ts";
import { createSend } from "./core/outbox/send.ts";
import type { Portal } from "./core/portal.ts";
import { openStore } from "./core/store/open.ts";
import { assemble } from "./app.ts";

const { config, kv } = await orExit(async () => {
  const settings = readSettings("start");
  return { config: toConfig(settings), kv: await openStore(settings) };
});
const portal: Portal = { kv, config, now: Date.now };

const bot = config.telegram &&
  createBot(portal, { ...config.telegram, onCommit: () => outbox.kick() });
const outbox = createPump(
  portal,
  createSend({
    mailer: config.mail && createMailer(config.mail),
    chat: bot && createChatSender(portal, bot.api),
  }),
  { selfWaking: true },
);

export const app = assemble({
  portal,
  outbox,
  telegramWebhook: bot && handleWebhook(bot, config.telegram!.webhookSecret),
});

// What was not sent right after the request that caused it: retries, and what a stop left behind.
Deno.cron("outbox", "* * * * *", async () => {
  await bot?.intake.resume();
  await outbox.drain();
});
// Reminders, escalation and expiry of requests that nobody decides.
Deno.cron("requests", "*/5 * * * *", async () => {
  await runAlarms(portal);
  outbox.kick();
  if (bot) await checkWebhook(portal, bot);
});
// The next key for hand-offs, a day before it signs.
Deno.cron("handoff keys", "17 * * * *", () => rotateKeys(portal).then(() => {}));
// New revocation lists before the known ones run out.
Deno.cron("crl", "*/30 * * * *", () => refreshCrls(portal));
