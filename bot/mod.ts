import type { UserFromGetMe } from "grammy/types";
import { Bot } from "grammy/web";
import type { Portal } from "../core/portal.ts";
import { describeError, isBadRequest, isUnreachable } from "./errors.ts";
import { administrationFeature } from "./features/administration.ts";
import { decisionFeature } from "./features/decision.ts";
import { elsewhereFeature } from "./features/elsewhere.ts";
import { fallbackFeature } from "./features/fallback.ts";
import { helpFeature } from "./features/help.ts";
import { linkFeature } from "./features/link.ts";
import { pendingFeature } from "./features/pending.ts";
import { writtenReasonFeature } from "./features/written_reason.ts";
import { once } from "./once.ts";
import { isPrivate } from "./private_chat.ts";

export { handleWebhook } from "./webhook.ts";
export { startPolling } from "./polling.ts";
export { createChatSender } from "./sender.ts";

export interface BotOptions {
  token: string;
  /** Telegram's own unless told. */
  apiRoot?: string;
  /** What getMe would answer; without it the bot asks before its first update. */
  botInfo?: UserFromGetMe;
  /** Nobody else is given updates, as with long polling: see `once`. */
  alone?: boolean;
  /** Called after each update: what was committed may have left messages in the outbox. */
  onCommit?: () => void;
}

/** Longer than a long poll waits, shorter than the claims on updates and messages are held. */
const CALL_TIMEOUT_SECONDS = 40;

/**
 * The administrators' bot. Nothing is sent or fetched until it is given updates, by `handleWebhook`
 * or `startPolling`.
 */
export function createBot(portal: Portal, options: BotOptions): Bot {
  const { token, apiRoot, botInfo, alone = false, onCommit } = options;
  const bot = new Bot(token, {
    ...(botInfo && { botInfo }),
    client: { ...(apiRoot && { apiRoot }), timeoutSeconds: CALL_TIMEOUT_SECONDS },
  });
  bot.use(async (_, next) => {
    try {
      await next();
    } finally {
      onCommit?.();
    }
  });
  bot.use(once(portal, { alone }));
  const safe = bot.errorBoundary((failure) => {
    const { error } = failure;
    // To try again would fail again; all else is passed on, so that the update comes again.
    if (!isBadRequest(error) && !isUnreachable(error)) throw error;
    console.error("bot: refused by Telegram:", describeError(error, token));
  });
  safe.filter(
    isPrivate,
    linkFeature(portal),
    helpFeature(portal),
    pendingFeature(portal),
    administrationFeature(portal),
    decisionFeature(portal),
    // After the commands: one of them may be sent as a reply, too.
    writtenReasonFeature(portal),
    fallbackFeature(),
  );
  safe.filter((ctx) => !isPrivate(ctx), elsewhereFeature(portal));
  return bot;
}
