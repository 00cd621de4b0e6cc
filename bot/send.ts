import { log } from "@/core/log/mod.ts";
import type { ForceReply, InlineKeyboardMarkup } from "grammy/types";
import type { Api, Context, Transformer } from "grammy/web";
import { rememberMessage } from "../core/access/requests/transition.ts";
import type { Deps } from "../core/deps.ts";
import { delay } from "../core/store/delay.ts";
import { type Button, packCallback } from "./callback_data.ts";
import { isBadRequest, isNotModified } from "./errors.ts";
import type { Html } from "./html.ts";
import { cardText, decisionButtons, type RequestCard } from "./request_card.ts";
import { texts } from "./texts.ts";

/** A message of a chat, by their numbers. */
export interface MessageRef {
  chatId: number;
  messageId: number;
}

export interface SendOptions {
  /** By rows. */
  buttons?: readonly Button[][];
  /** Opens the person's keyboard for a reply to this message, with this placeholder. */
  askReply?: string;
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
  { buttons, askReply, replyTo }: SendOptions = {},
): Promise<number> {
  const keyboard: ForceReply | undefined = askReply
    ? { force_reply: true, input_field_placeholder: askReply }
    : undefined;
  const message = await api.sendMessage(chatId, text.text, {
    ...LOOK,
    ...withButtons(buttons),
    ...(keyboard && { reply_markup: keyboard }),
    ...(replyTo && {
      reply_parameters: { message_id: replyTo, allow_sending_without_reply: true },
    }),
  });
  return message.message_id;
}

/**
 * Like `sendMessage` after something was committed: when the answer cannot be sent that is logged and
 * no more, or the update would be done again.
 */
export async function sendIfPossible(...args: Parameters<typeof sendMessage>): Promise<void> {
  try {
    await sendMessage(...args);
  } catch (error) {
    log("warning", "telegram_answer_not_sent", {}, error);
  }
}

/** Changes a message; without buttons those that it has go away. */
export async function editMessage(
  api: Api,
  { chatId, messageId }: MessageRef,
  text: Html,
  buttons?: readonly Button[][],
): Promise<void> {
  await api.editMessageText(chatId, messageId, text.text, { ...LOOK, ...withButtons(buttons) });
}

const LOOK = { parse_mode: "HTML", link_preview_options: { is_disabled: true } } as const;

function withButtons(buttons: readonly Button[][] = []): { reply_markup?: InlineKeyboardMarkup } {
  if (buttons.length === 0) return {};
  const rows = buttons.map((row) =>
    row.map((button) =>
      "url" in button ? button : { text: button.text, callback_data: packCallback(button.tap) }
    )
  );
  return { reply_markup: { inline_keyboard: rows } };
}

/**
 * Makes a message show this text. One that is not the bot's own to change (a forwarded one, one that
 * was deleted) is answered with a new message.
 */
export async function editOrSend(
  api: Api,
  message: MessageRef,
  text: Html,
  buttons: readonly Button[][] = [],
): Promise<void> {
  try {
    await editMessage(api, message, text, buttons);
  } catch (error) {
    if (isNotModified(error)) return;
    if (!isBadRequest(error)) throw error;
    await sendMessage(api, message.chatId, text, { buttons });
  }
}

/** Sends a request with its buttons. An older message that showed it in this chat loses its own. */
export async function sendCard(
  deps: Deps,
  api: Api,
  chatId: number,
  card: RequestCard,
): Promise<void> {
  const buttons = decisionButtons(card.request, deps.config.origin);
  const messageId = await sendMessage(api, chatId, cardText(card), { buttons });
  const older = await rememberMessage(deps, card.request.id, chatId, messageId);
  if (older === null) return;
  try {
    await editMessage(api, { chatId, messageId: older }, texts.shownBelow(cardText(card)));
  } catch (error) {
    log("warning", "telegram_message_not_changed", {}, error);
  }
}

/**
 * Answers a tap, so that the button stops waiting. Called before the work, which is not stopped when
 * it fails: what becomes of the tap is said by the message itself.
 *
 * @param text at most 200 characters, shown for a moment; with `alert` it stays until closed
 */
export async function answerTap(
  ctx: Context,
  text?: string,
  { alert = false }: { alert?: boolean } = {},
): Promise<void> {
  try {
    await ctx.answerCallbackQuery({ ...(text && { text }), show_alert: alert });
  } catch {
    // Telegram takes an answer for about 15 seconds; after that the button waits no more.
  }
}

/** What one update may spend on pauses (ms): with the calls themselves it stays under its lease. */
const BUDGET = 30_000;

/**
 * Obeys `retry_after` of a 429 in the answers to one update: the call is made again after the pause
 * that Telegram asks for, so that what was said before it is not said a second time. A longer pause
 * than the update has left fails, and the update is taken up again later.
 *
 * @param wait another measure of time, for a portal whose clock goes faster
 */
export function obeyPauses(wait: (ms: number) => Promise<void> = delay): Transformer {
  let left = BUDGET;
  return async (call, method, payload, signal) => {
    for (;;) {
      const answer = await call(method, payload, signal);
      if (answer.ok || answer.error_code !== 429) return answer;
      const pause = (answer.parameters?.retry_after ?? 1) * 1_000;
      if (pause > left) return answer;
      left -= pause;
      await wait(pause);
    }
  };
}
