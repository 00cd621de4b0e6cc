import type { Portal } from "../core/portal.ts";
import { AdministratorsBot, type BotOptions } from "./administrators_bot.ts";
import { describeError, isBadRequest, isUnreachable } from "./errors.ts";
import { administrationFeature } from "./features/administration.ts";
import { decisionFeature } from "./features/decision.ts";
import { elsewhereFeature } from "./features/elsewhere.ts";
import { fallbackFeature } from "./features/fallback.ts";
import { helpFeature } from "./features/help.ts";
import { linkFeature } from "./features/link.ts";
import { pendingFeature } from "./features/pending.ts";
import { unlinkFeature } from "./features/unlink.ts";
import { writtenReasonFeature } from "./features/written_reason.ts";
import { once } from "./once.ts";
import { obeyPauses } from "./pauses.ts";
import { isPrivate } from "./private_chat.ts";

export { handleWebhook } from "./webhook.ts";
export { startPolling } from "./polling.ts";
export { createChatSender } from "./sender.ts";

/**
 * The administrators' bot. Nothing is sent or fetched until it is given updates, by `handleWebhook`
 * or `startPolling`.
 */
export function createBot(portal: Portal, options: BotOptions): AdministratorsBot {
  const { token, alone = false, onCommit, wait } = options;
  const bot = new AdministratorsBot(portal, options);
  bot.use(async (ctx, next) => {
    ctx.api.config.use(obeyPauses(wait));
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
    unlinkFeature(portal),
    decisionFeature(portal, onCommit),
    // After the commands: one of them may be sent as a reply, too.
    writtenReasonFeature(portal),
    fallbackFeature(),
  );
  safe.filter((ctx) => !isPrivate(ctx), elsewhereFeature(portal));
  return bot;
}
