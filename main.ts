import { checkWebhook, handleWebhook } from "./bot/webhook.ts";
import { createServices } from "./bot/services.ts";
import { runAlarms } from "./core/access/requests/alarms.ts";
import { refreshCrls } from "./core/certificate/crl/update.ts";
import { orExit, readSettings, toConfig } from "./core/config/mod.ts";
import { rotateKeys } from "./core/handoff/signing_keys.ts";
import type { Deps } from "./core/deps.ts";
import { compactNightly } from "./core/store/compact/mod.ts";
import { openStore } from "./core/store/open.ts";
import { watchStore } from "./core/store/watch.ts";
import { assemble } from "./app.ts";

const { config, kv } = await orExit(async () => {
  const settings = readSettings("start");
  return { config: toConfig(settings), kv: await openStore(settings) };
});
const deps: Deps = { kv, config, now: Date.now };
watchStore(kv);

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
// What was erased leaves the file too, in the night of Brasília.
Deno.cron("compact store", "37 6 * * *", () => compactNightly(deps));
