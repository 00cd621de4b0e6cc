import { Composer } from "grammy/web";
import type { Portal } from "../../core/portal.ts";
import { answerTap } from "../answer_tap.ts";
import type { PrivateContext } from "../private_chat.ts";
import { say } from "../say.ts";
import { texts, toasts } from "../texts.ts";

/** `/ajuda`, and a short answer to everything that nothing else understood. */
export function helpFeature(portal: Portal): Composer<PrivateContext> {
  const feature = new Composer<PrivateContext>();
  feature.command(
    ["ajuda", "help"],
    (ctx) => say(ctx.api, ctx.chat.id, texts.help(portal.config.origin)),
  );
  feature.on("message", (ctx) => say(ctx.api, ctx.chat.id, texts.notUnderstood()));
  feature.on("callback_query", (ctx) => answerTap(ctx, toasts.oldButton));
  return feature;
}
