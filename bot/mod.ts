import { log } from "@/core/log/mod.ts";
import type { Deps } from "../core/deps.ts";
import { AdministratorsBot, type BotOptions } from "./administrators_bot.ts";
import { isBadRequest, isUnreachable } from "./errors.ts";
import { administrationFeature } from "./features/administration.ts";
import { decisionFeature } from "./features/decision.ts";
import { elsewhereFeature, fallbackFeature, helpFeature } from "./features/general.ts";
import { linkFeature } from "./features/link.ts";
import { pendingFeature } from "./features/pending.ts";
import { writtenReasonFeature } from "./features/written_reason.ts";
import { dedupe } from "./dedupe.ts";
import { obeyPauses } from "./send.ts";
import { isPrivate } from "./private_chat.ts";

export { handleWebhook } from "./webhook.ts";
export { startPolling } from "./polling.ts";
export { createChatSender } from "./sender.ts";

/**
 * The administrators' bot. Nothing is sent or fetched until it is given updates, by `handleWebhook`
 * or `startPolling`.
 */
export function createBot(deps: Deps, options: BotOptions): AdministratorsBot {
  const { alone = false, onCommit, wait } = options;
  const bot = new AdministratorsBot(deps, options);
  bot.use(async (ctx, next) => {
    ctx.api.config.use(obeyPauses(wait));
    try {
      await next();
    } finally {
      onCommit?.();
    }
  });
  bot.use(dedupe(deps, { alone }));
  const safe = bot.errorBoundary((failure) => {
    const { error } = failure;
    // To try again would fail again; all else is passed on, so that the update comes again.
    if (!isBadRequest(error) && !isUnreachable(error)) throw error;
    log("warning", "telegram_refused", {}, error);
  });
  safe.filter(
    isPrivate,
    linkFeature(deps),
    helpFeature(deps),
    pendingFeature(deps),
    administrationFeature(deps),
    decisionFeature(deps, onCommit),
    // After the commands: one of them may be sent as a reply, too.
    writtenReasonFeature(deps),
    fallbackFeature(),
  );
  safe.filter((ctx) => !isPrivate(ctx), elsewhereFeature(deps));
  return bot;
}
