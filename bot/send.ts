import type { ForceReply, InlineKeyboardMarkup } from "grammy/types";
import type { Api } from "grammy/web";
import { describeError } from "./errors.ts";
import type { Html } from "./html.ts";

export interface SendOptions {
  keyboard?: InlineKeyboardMarkup | ForceReply;
  /** Number of the message that this one refers to; it may be gone. */
  replyTo?: number;
}

/**
 * Sends a message.
 * @returns its number
 */
export async function sendMessage(
  api: Api,
  chatId: number,
  text: Html,
  { keyboard, replyTo }: SendOptions = {},
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
export async function sendIfPossible(...args: Parameters<typeof sendMessage>): Promise<void> {
  try {
    await sendMessage(...args);
  } catch (error) {
    console.error("bot: answer not sent:", describeError(error, args[0].token));
  }
}

/** Changes a message; without a keyboard its buttons go away. */
export async function editMessage(
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
