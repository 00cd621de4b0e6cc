import { log } from "@/core/log/mod.ts";
import type { Update } from "grammy/types";
import { noteTelegramState } from "../core/account/telegram/reach.ts";
import type { Deps } from "../core/deps.ts";
import { timingSafeEqual } from "../core/secrets.ts";
import { readBody } from "../http/body.ts";
import type { AdministratorsBot } from "./administrators_bot.ts";
import { briefly } from "./errors.ts";
import type { UpdateOutcome } from "./update_processor.ts";

/** Of an update, in bytes. */
const LIMIT = 1_000_000;
const SECRET_HEADER = "x-telegram-bot-api-secret-token";

/** What Telegram is told: anything but 200 brings the update again. */
const STATUS: Record<UpdateOutcome, number> = {
  done: 200,
  kept: 200,
  busy: 503,
  refused: 503,
  failed: 500,
};

/**
 * Answers Telegram's webhook calls within a second: see `UpdateProcessor`.
 *
 * 401 without the right secret, 405 for anything but POST, 400 for what is no update, 413 over 1 MB,
 * 408 and 411 as `readBody` says.
 */
export function handleWebhook(
  { updateProcessor }: AdministratorsBot,
  secret: string,
): (request: Request) => Promise<Response> {
  return async (request) => {
    if (request.method !== "POST") {
      return new Response(null, { status: 405, headers: { allow: "POST" } });
    }
    if (!timingSafeEqual(secret, request.headers.get(SECRET_HEADER) ?? "")) {
      return new Response(null, { status: 401 });
    }
    const body = await readBody(request, { limit: LIMIT });
    if (!body.ok) return new Response(null, { status: body.status });
    const update = parseUpdate(new TextDecoder().decode(body.bytes));
    if (!update) return new Response(null, { status: 400 });
    const taken = await updateProcessor.process(update, { keepFailures: false });
    return new Response(null, { status: STATUS[taken] });
  };
}

function parseUpdate(body: string): Update | null {
  try {
    const value = JSON.parse(body);
    return Number.isSafeInteger(value?.update_id) ? value : null;
  } catch {
    return null;
  }
}

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
    log("warning", "telegram_webhook_info_failed", {}, error);
    await noteTelegramState(deps, { mode, failure: briefly(error) });
  }
}
