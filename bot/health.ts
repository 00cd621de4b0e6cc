import type { Deps } from "../core/deps.ts";
import { noteTelegramState } from "../core/account/telegram/reach.ts";
import type { AdministratorsBot } from "./administrators_bot.ts";
import { briefly, describeError } from "./errors.ts";

/**
 * Asks Telegram how the webhook is doing, and notes it for the health page. Without a webhook the bot
 * polls, here or elsewhere, and says itself how it is.
 */
export async function checkWebhook(deps: Deps, bot: AdministratorsBot): Promise<void> {
  const mode = "webhook";
  try {
    const info = await bot.api.getWebhookInfo();
    if (!info.url) return;
    // The last error stays in Telegram's answer after things went well again.
    const error = info.pending_update_count > 0 ? info.last_error_message : undefined;
    const failure = error ? "o portal não respondeu ao Telegram" : null;
    await noteTelegramState(deps, { mode, failure, pending: info.pending_update_count });
  } catch (error) {
    console.error("bot: webhook info:", describeError(error, bot.token));
    await noteTelegramState(deps, { mode, failure: briefly(error) });
  }
}
