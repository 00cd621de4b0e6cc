import { log } from "@/core/log/mod.ts";
import type { Update } from "grammy/types";
import type { Api } from "grammy/web";
import { noteTelegramState } from "../core/account/telegram/reach.ts";
import { Overloaded } from "../core/overloaded.ts";
import { delay } from "../core/store/delay.ts";
import { type AdministratorsBot, POLL_SECONDS } from "./administrators_bot.ts";
import { publishCommands } from "./commands.ts";
import { briefly, isRefusedByStore } from "./errors.ts";

const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 30_000;

/**
 * Takes updates by long polling until the signal is aborted; for development and for one machine
 * that cannot be reached from outside. Ends a webhook that was set before. Telegram being away,
 * or a second poller, is waited out. What was being handled when it ends is finished first.
 */
export async function startPolling(bot: AdministratorsBot, signal: AbortSignal): Promise<void> {
  // grammY's types name the class of an older package; it takes the platform's own.
  const stop = signal as unknown as Parameters<Api["deleteWebhook"]>[1];
  const { deps } = bot;
  const mode = "polling";
  let offset = 0;
  let ready = false;
  let pause = FIRST_PAUSE;
  while (!signal.aborted) {
    try {
      if (!ready) {
        if (!bot.isInited()) bot.botInfo = await bot.api.getMe();
        await bot.api.deleteWebhook({}, stop);
        await publishCommands(bot.api);
        await bot.updateProcessor.resume();
        // A poll may be held open for long before it answers.
        await noteTelegramState(deps, { mode });
        ready = true;
      }
      const updates = await bot.polls.getUpdates({
        offset,
        timeout: POLL_SECONDS,
        allowed_updates: ["message", "callback_query"],
      }, stop);
      await noteTelegramState(deps, { mode });
      await takeAll(bot, updates);
      pause = FIRST_PAUSE;
      // Confirms them with the next call; what a killed process did not confirm comes again.
      offset = updates.reduce((next, { update_id }) => Math.max(next, update_id + 1), offset);
    } catch (error) {
      if (signal.aborted) break;
      if (!isRefusedByStore(error)) {
        log("warning", "telegram_polling_failed", {}, error);
        await noteTelegramState(deps, { mode, failure: briefly(error) }).catch(() => {});
      }
      await delay(pause, signal).catch(() => {});
      pause = Math.min(LONGEST_PAUSE, 2 * pause);
    }
  }
  await bot.updateProcessor.close();
}

/**
 * The updates of one person in their order, those of several people side by side.
 *
 * @throws {Overloaded} when one was refused by the portal: all have to come again, and those that were done
 *   are not done twice
 */
async function takeAll(
  { updateProcessor }: AdministratorsBot,
  updates: readonly Update[],
): Promise<void> {
  const byPerson = Map.groupBy(
    updates,
    ({ message, callback_query }) => (message ?? callback_query)?.from.id,
  );
  await Promise.all([...byPerson.values()].map(async (own) => {
    for (const update of own) {
      const outcome = await updateProcessor.process(update, { keepFailures: true });
      if (outcome === "refused") throw new Overloaded("store");
    }
  }));
}
