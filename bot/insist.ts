import type { Update } from "grammy/types";
import { type Bot, BotError } from "grammy/web";
import { delay } from "../core/store/delay.ts";
import { describeError } from "./errors.ts";
import { UpdateBusyError } from "./once.ts";

const ATTEMPTS = 4;
/** Before the second attempt, in milliseconds; doubles. */
const FIRST_PAUSE = 250;

/** Lets the bot learn its own name, once. grammY's own `init` would wait for Telegram without end. */
export async function learnName(bot: Bot): Promise<void> {
  if (!bot.isInited()) bot.botInfo = await bot.api.getMe();
}

/** @throws what the update failed with; the same update may be handled again */
export async function handle(bot: Bot, update: Update): Promise<void> {
  await learnName(bot);
  await bot.handleUpdate(update);
}

/**
 * Handles an update that nobody would bring again: a few times, with pauses. After that it is given
 * up, or one update that always fails would stop all that come after it.
 */
export async function insist(bot: Bot, update: Update): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    try {
      return await handle(bot, update);
    } catch (error) {
      const what = `bot: update ${update.update_id}, attempt ${attempt} of ${ATTEMPTS}:`;
      console.error(what, describeError(error, bot.token));
    }
    if (attempt < ATTEMPTS) await delay(FIRST_PAUSE * 2 ** (attempt - 1));
  }
}

export function isBusy(error: unknown): boolean {
  return error instanceof BotError && error.error instanceof UpdateBusyError;
}
