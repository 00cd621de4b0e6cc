import type { Chat, User } from "grammy/types";
import type { Context } from "grammy/web";

/** An update from the private chat of a person with the bot: the only place where one decides. */
export type PrivateContext = Context & { chat: Chat.PrivateChat; from: User };

export function isPrivate(ctx: Context): ctx is PrivateContext {
  return ctx.chat?.type === "private" && ctx.chat.id === ctx.from?.id;
}
