import { Composer } from "grammy/web";
import { answerTap } from "../answer_tap.ts";
import type { PrivateContext } from "../private_chat.ts";
import { sendMessage } from "../send.ts";
import { texts, toasts } from "../texts.ts";

/** A short answer to everything that nothing else understood; comes last. */
export function fallbackFeature(): Composer<PrivateContext> {
  const feature = new Composer<PrivateContext>();
  feature.on("message", (ctx) => sendMessage(ctx.api, ctx.chat.id, texts.notUnderstood()));
  feature.on("callback_query", (ctx) => answerTap(ctx, toasts.oldButton));
  return feature;
}
