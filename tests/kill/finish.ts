import { createBot, createChatSender, handleWebhook } from "@/bot/mod.ts";
import type { Deps } from "@/core/deps.ts";
import { JOBS } from "@/core/account/jobs.ts";
import { jobRunner } from "@/core/outbox/job.ts";
import { createMailer, createSend } from "@/core/outbox/send.ts";
import { runOutbox } from "@/core/outbox/testing.ts";
import { keys } from "@/core/store/keys.ts";
import { openStore } from "@/core/store/open.ts";
import { until } from "../bot/until.ts";
import { WEBHOOK_SECRET, type World } from "./world.ts";

/** The leases of the killed are over by then (ms), and more so with each look. */
const LATER = 10 * 60_000;
const STEP = 60_000;
const SECONDS = 60;

/**
 * What the next process would do, minutes later: sends what waits in the outbox, and does what Telegram
 * still brings.
 *
 * @returns the store, open, for those who count
 */
export async function finish(world: World): Promise<Deps> {
  const { config, telegram, port } = world;
  let ahead = LATER;
  const deps: Deps = { kv: await openStore(world.data), config, now: () => Date.now() + ahead };
  const bot = createBot(deps, { ...config.telegram!, wait: () => Promise.resolve() });
  const mailer = createMailer(config.mail!);
  const chat = createChatSender(deps, bot.api);
  const send = createSend({ mailer, chat, jobs: jobRunner(deps, JOBS) });
  const webhook = Deno.serve({ port, onListen: () => {} }, handleWebhook(bot, WEBHOOK_SECRET));
  const round = async () => {
    ahead += STEP;
    await bot.updateProcessor.resume();
    await bot.updateProcessor.idle();
    await runOutbox(deps, send);
    return telegram.pendingUpdates().length === 0 && await waiting(deps) === 0;
  };
  try {
    // What comes to no end is counted as lost.
    await until(round, SECONDS).catch(() => {});
  } finally {
    await webhook.shutdown();
    mailer.close();
  }
  return deps;
}

/** How many messages and updates wait to be done. */
export async function waiting({ kv }: Deps): Promise<number> {
  const left = [keys.outbox.under(), keys.updateKept.under()]
    .map((prefix) => Array.fromAsync(kv.list({ prefix })));
  return (await Promise.all(left)).flat().length;
}
