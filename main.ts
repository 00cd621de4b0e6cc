import { checkWebhook, handleWebhook } from "./bot/webhook.ts";
import { createServices } from "./bot/services.ts";
import { runAlarms } from "./core/access/requests/alarms.ts";
import { refreshCrls } from "./core/certificate/crl/update.ts";
import { orExit, readSettings, toConfig } from "./core/config/mod.ts";
import { rotateKeys } from "./core/handoff/signing_keys.ts";
import type { Deps } from "./core/deps.ts";
import { dailyBackup } from "./core/store/backup/daily.ts";
import { openStore } from "./core/store/open.ts";
import { assemble } from "./app.ts";

const { config, kv, settings } = await orExit(async () => {
  const settings = readSettings("start");
  return { config: toConfig(settings), kv: await openStore(settings), settings };
});
const deps: Deps = { kv, config, now: Date.now };

const { bot, outbox } = createServices(deps);

export const app = assemble({
  deps,
  outbox,
  telegramWebhook: bot && handleWebhook(bot, config.telegram!.webhookSecret),
});

// What was not sent right after the request that caused it: retries, and what a stop left behind.
Deno.cron("outbox", "* * * * *", async () => {
  await bot?.updateProcessor.resume();
  await outbox.run();
});
// Reminders, escalation and expiry of requests that no administrator decides.
Deno.cron("requests", "*/5 * * * *", async () => {
  await runAlarms(deps);
  outbox.notify();
  if (bot) await checkWebhook(deps, bot);
});
// The next key for hand-offs, a day before it signs.
Deno.cron("handoff keys", "17 * * * *", () => rotateKeys(deps).then(() => {}));
// New revocation lists before the known ones run out.
Deno.cron("crl", "*/30 * * * *", () => refreshCrls(deps));
// The backup of the day; asked for every hour, so that one that failed is tried again.
const { HABILITA_BACKUP_DIR: folder, HABILITA_BACKUP_KEY: key } = settings;
if (folder !== null) {
  Deno.cron("backup", "23 * * * *", async () => {
    await dailyBackup(deps, settings, { folder, key });
  });
}
