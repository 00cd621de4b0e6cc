import { Composer, type Context } from "grammy/web";
import type { Deps } from "../../core/deps.ts";
import { auditStranger } from "../audit.ts";
import { parseCallback } from "../callback_data.ts";
import type { PrivateContext } from "../private_chat.ts";
import { answerTap, sendMessage } from "../send.ts";
import { COMMANDS } from "../commands.ts";
import { texts, toasts } from "../texts.ts";

/** `/ajuda`: what the bot is for. */
export function helpFeature(deps: Deps): Composer<PrivateContext> {
  const feature = new Composer<PrivateContext>();
  feature.command(
    ["ajuda", "help"],
    (ctx) => sendMessage(ctx.api, ctx.chat.id, texts.help(deps.config.origin)),
  );
  return feature;
}

/** In groups and all that is no private chat the bot says where it works, and does nothing. */
export function elsewhereFeature(deps: Deps): Composer<Context> {
  const feature = new Composer<Context>();
  // Only what is addressed to the bot: it is no party to what a group talks about.
  feature.on("message").command(
    ["start", "help", ...Object.keys(COMMANDS)],
    (ctx) => sendMessage(ctx.api, ctx.chat.id, texts.onlyPrivate(ctx.me.username)),
  );
  feature.on("callback_query", async (ctx) => {
    const answered = answerTap(ctx, toasts.onlyPrivate, { alert: true });
    const tap = parseCallback(ctx.callbackQuery.data ?? "");
    const requestId = tap && "requestId" in tap ? tap.requestId : null;
    const audited = { userId: ctx.from.id, action: tap?.action ?? "unknown", requestId };
    await auditStranger(deps, { ...audited, outcome: "not_private" });
    await answered;
  });
  return feature;
}

/** A short answer to all that no other feature understood; comes last. */
export function fallbackFeature(): Composer<PrivateContext> {
  const feature = new Composer<PrivateContext>();
  feature.on("message", (ctx) => sendMessage(ctx.api, ctx.chat.id, texts.notUnderstood()));
  feature.on("callback_query", (ctx) => answerTap(ctx, toasts.oldButton));
  return feature;
}
