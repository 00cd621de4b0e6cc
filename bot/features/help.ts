import { Composer } from "grammy/web";
import type { Deps } from "../../core/deps.ts";
import type { PrivateContext } from "../private_chat.ts";
import { sendMessage } from "../send.ts";
import { texts } from "../texts.ts";

/** `/ajuda`: what the bot is for. */
export function helpFeature(deps: Deps): Composer<PrivateContext> {
  const feature = new Composer<PrivateContext>();
  feature.command(
    ["ajuda", "help"],
    (ctx) => sendMessage(ctx.api, ctx.chat.id, texts.help(deps.config.origin)),
  );
  return feature;
}
