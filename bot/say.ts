import type { ForceReply, InlineKeyboardMarkup } from "grammy/types";
import type { Api } from "grammy/web";
import { describeError } from "./errors.ts";
import type { Html } from "./html.ts";

export interface SayOptions {
  keyboard?: InlineKeyboardMarkup | ForceReply;
  /** Number of the message that this one refers to; it may be gone. */
  replyTo?: number;
}

/**
 * Sends a message.
 * @returns its number
 */
export async function say(
  api: Api,
  chatId: number,
  text: Html,
  { keyboard, replyTo }: SayOptions = {},
): Promise<number> {
  const message = await api.sendMessage(chatId, text.text, {
    parse_mode: "HTML",
    link_preview_options: { is_disabled: true },
    ...(keyboard && { reply_markup: keyboard }),
    ...(replyTo && {
      reply_parameters: { message_id: replyTo, allow_sending_without_reply: true },
    }),
  });
  return message.message_id;
}

/**
 * Like `say` after something was committed: when the answer cannot be sent that is logged and no
 * more, or the update would be done again.
 */
export async function sayIfPossible(...args: Parameters<typeof say>): Promise<void> {
  try {
    await say(...args);
  } catch (error) {
    console.error("bot: answer not sent:", describeError(error, args[0].token));
  }
}

/** Changes a message; without a keyboard its buttons go away. */
export async function edit(
  api: Api,
  { chatId, messageId }: { chatId: number; messageId: number },
  text: Html,
  keyboard?: InlineKeyboardMarkup,
): Promise<void> {
  await api.editMessageText(chatId, messageId, text.text, {
    parse_mode: "HTML",
    link_preview_options: { is_disabled: true },
    ...(keyboard && { reply_markup: keyboard }),
  });
}
