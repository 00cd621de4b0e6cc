import { logAsJson } from "./core/log/mod.ts";
import { checkWebhook, handleWebhook } from "./bot/webhook.ts";
import { createServices } from "./bot/services.ts";
import { runAlarms } from "./core/access/requests/alarms.ts";
import { refreshCrls } from "./core/certificate/crl/update.ts";
import { orExit, readSettings, toConfig } from "./core/config/mod.ts";
import { Crons } from "./core/crons.ts";
import { rotateKeys } from "./core/handoff/signing_keys.ts";
import type { Deps } from "./core/deps.ts";
import { watchHealth } from "./core/health/watch.ts";
import { dailyBackup } from "./core/store/backup/daily.ts";
import { compactNightly } from "./core/store/compact/mod.ts";
import { stopRunning } from "./core/stop.ts";
import { openStore } from "./core/store/open.ts";
import { wipeDeadLetters } from "./core/outbox/dead_letters.ts";
import { watchStore } from "./core/store/watch.ts";
import { assemble } from "./app.ts";

const { config, kv, settings } = await orExit(async () => {
  const settings = readSettings("start");
  return { config: toConfig(settings), kv: await openStore(settings), settings };
});
logAsJson();
const deps: Deps = { kv, config, now: Date.now };
watchStore(kv);

const services = createServices(deps);
const { bot, outbox } = services;
const stopping = new AbortController();
const crons = new Crons(stopping.signal);

/** The portal, for who serves it: the build's `_fresh/server.js`, also on Deno Deploy. */
export const app = assemble({
  deps,
  outbox,
  telegramWebhook: bot && handleWebhook(bot, config.telegram!.webhookSecret),
  stopping: stopping.signal,
});

/** How long requests are still taken when `/saude/pronto` says 503 already (ms). */
const NOTICE = 1_000;

/**
 * Stops the portal: see `stopRunning`.
 *
 * @param shutdown takes no more requests and resolves when those in flight are finished
 * @example await stop(() => server.shutdown());
 */
export function stop(shutdown: () => Promise<void>): Promise<void> {
  return stopRunning({
    stopping,
    noticeMs: NOTICE,
    shutdown,
    background: [() => services.close(), () => crons.idle()],
    afterwards: [async () => await bot?.updateProcessor.close()],
    kv,
  });
}

// What was not sent right after the request that caused it: retries, and what a stop left behind.
crons.add("outbox", "* * * * *", () => outbox.run());
// Codes, passwords and links that have ended and were not delivered.
crons.add("dead letters", "*/10 * * * *", () => wipeDeadLetters(deps));
// Reminders, escalation and expiry of requests that no administrator decides.
crons.add("requests", "*/5 * * * *", () => runAlarms(deps).finally(() => outbox.notify()));
if (bot) {
  crons.add("bot updates", "* * * * *", () => bot.updateProcessor.resume());
  crons.add("bot webhook", "*/5 * * * *", () => checkWebhook(deps, bot));
}
// What is not well, and what is well again, for the operators of the portal.
const health = watchHealth(deps, { send: services.send, notify: outbox.notify });
crons.add("health", "*/5 * * * *", health.run);
// The next key for hand-offs, a day before it signs.
crons.add("handoff keys", "17 * * * *", () => rotateKeys(deps));
// New revocation lists before the known ones run out.
crons.add("crl", "*/30 * * * *", () => refreshCrls(deps));
// The backup of the day; asked for every hour, so that one that failed is tried again.
const { HABILITA_BACKUP_DIR: folder, HABILITA_BACKUP_KEY: key } = settings;
if (folder !== null) {
  crons.add("backup", "23 * * * *", async () => {
    await dailyBackup(deps, settings, { folder, key }, stopping.signal);
  });
}
// What was erased leaves the file too, in the night of Brasília.
crons.add("compact store", "37 6 * * *", () => compactNightly(deps, stopping.signal));
