import { Composer } from "grammy/web";
import type { Portal } from "../../core/portal.ts";
import type { PrivateContext } from "../private_chat.ts";
import { say } from "../say.ts";
import { texts } from "../texts.ts";

/** `/ajuda`: what the bot is for. */
export function helpFeature(portal: Portal): Composer<PrivateContext> {
  const feature = new Composer<PrivateContext>();
  feature.command(
    ["ajuda", "help"],
    (ctx) => say(ctx.api, ctx.chat.id, texts.help(portal.config.origin)),
  );
  return feature;
}
