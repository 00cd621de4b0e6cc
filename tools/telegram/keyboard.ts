import type { InlineKeyboardButton } from "grammy/types";
import { badRequest, type Keyboard } from "./model.ts";
import type { Params } from "./params.ts";

const MAX_DATA_BYTES = 64;

/**
 * Reads `reply_markup`: an inline keyboard or a forced reply, which are all that the stand-in knows.
 * @throws {ApiError} 400, with Telegram's wording for a button that cannot be sent
 */
export function readKeyboard(params: Params): Keyboard | undefined {
  const markup = params.object<Record<string, unknown>>("reply_markup");
  if (!markup) return undefined;
  if (markup.force_reply === true) {
    const placeholder = markup.input_field_placeholder;
    return {
      force_reply: true,
      ...(typeof placeholder === "string" && { input_field_placeholder: placeholder }),
    };
  }
  const rows = markup.inline_keyboard;
  if (!Array.isArray(rows) || !rows.every(Array.isArray)) {
    throw badRequest("can't parse reply keyboard markup JSON object");
  }
  for (const button of rows.flat()) checkButton(button);
  // An empty keyboard is no keyboard: this is how a bot takes the buttons away.
  return rows.flat().length > 0 ? { inline_keyboard: rows } : undefined;
}

function checkButton(button: InlineKeyboardButton): void {
  if (typeof button?.text !== "string" || button.text === "") {
    throw badRequest("can't parse inline keyboard button: Text is empty");
  }
  if ("callback_data" in button) {
    const size = new TextEncoder().encode(String(button.callback_data)).length;
    if (size < 1 || size > MAX_DATA_BYTES) throw badRequest("BUTTON_DATA_INVALID");
  } else if ("url" in button) {
    if (!/^(https?|tg):$/.test(URL.parse(String(button.url))?.protocol ?? "")) {
      throw badRequest(`inline keyboard button URL '${button.url}' is invalid: Wrong HTTP URL`);
    }
  } else {
    throw badRequest("Text buttons are unallowed in the inline keyboard");
  }
}
