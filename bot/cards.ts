import type { InlineKeyboardMarkup } from "grammy/types";
import type { Api } from "grammy/web";
import { rememberMessage } from "../core/access/requests/transition.ts";
import type { Deps } from "../core/deps.ts";
import { describeError, isBadRequest, isNotModified } from "./errors.ts";
import type { Html } from "./html.ts";
import { cardText, decisionButtons, type RequestCard } from "./request_card.ts";
import { editMessage, sendMessage } from "./send.ts";
import { texts } from "./texts.ts";

export interface MessageRef {
  chatId: number;
  messageId: number;
}

/** Sends a request with its buttons. An older message that showed it in this chat loses its own. */
export async function sendCard(
  deps: Deps,
  api: Api,
  chatId: number,
  card: RequestCard,
): Promise<void> {
  const keyboard = decisionButtons(card.request, deps.config.origin);
  const messageId = await sendMessage(api, chatId, cardText(card), { keyboard });
  const older = await rememberMessage(deps, card.request.id, chatId, messageId);
  if (older === null) return;
  await ifPossible(
    api,
    editMessage(api, { chatId, messageId: older }, texts.shownBelow(cardText(card))),
  );
}

/**
 * Makes a message show this text. One that is not the bot's own to change (a forwarded one, one that
 * was deleted) is answered with a new message.
 */
export async function editOrSend(
  api: Api,
  place: MessageRef,
  text: Html,
  keyboard?: InlineKeyboardMarkup,
): Promise<void> {
  try {
    await editMessage(api, place, text, keyboard);
  } catch (error) {
    if (isNotModified(error)) return;
    if (!isBadRequest(error)) throw error;
    await sendMessage(api, place.chatId, text, { ...(keyboard && { keyboard }) });
  }
}

async function ifPossible(api: Api, change: Promise<void>): Promise<void> {
  try {
    await change;
  } catch (error) {
    console.error("bot: message not changed:", describeError(error, api.token));
  }
}
