import type {
  Chat,
  ForceReply,
  InlineKeyboardMarkup,
  Message,
  MessageEntity,
  User,
} from "grammy/types";

export type PrivateChat = Chat.PrivateChat;
export type GroupChat = Chat.GroupChat;
export type SimulatedChat = PrivateChat | GroupChat;
export type Keyboard = InlineKeyboardMarkup | ForceReply;

/** A text as it is shown; `entities` say which parts are bold and so on. */
export interface FormattedText {
  text: string;
  /** Offsets and lengths in UTF-16 units, as the Bot API counts them. */
  entities: MessageEntity[];
}

/** A message as this stand-in keeps it; `toApiMessage` makes the Bot API's shape of it. */
export interface StoredMessage extends FormattedText {
  message_id: number;
  chat: SimulatedChat;
  from: User;
  /** Seconds since the epoch, like all times of the Bot API. */
  date: number;
  edit_date?: number;
  /** The text as the bot sent it, with its markup; absent in messages of people. */
  source?: { text: string; parse_mode?: "HTML" };
  keyboard?: Keyboard;
  reply_to?: StoredMessage;
  /** The first writer of a forwarded message. */
  forwarded_from?: User;
  /** `protect_content` of sendMessage: the apps do not let it be forwarded. */
  protected?: true;
}

/** A tap on an inline button, and what the bot answered to it. */
export interface Tap {
  /** `id` of the callback_query. */
  id: string;
  from: User;
  chat: SimulatedChat;
  message_id: number;
  data: string;
  answer?: { text: string; show_alert: boolean; url?: string };
}

/** The Bot API says no: answered as `{ok: false, error_code, description, parameters}`. */
export class ApiError extends Error {
  override name = "ApiError";

  constructor(
    readonly code: number,
    readonly description: string,
    readonly parameters?: { retry_after?: number },
  ) {
    super(`${code} ${description}`);
  }
}

export function badRequest(reason: string): ApiError {
  return new ApiError(400, `Bad Request: ${reason}`);
}

/** A simulated person was asked to do something that the Telegram apps would not let them do. */
export class ControlError extends Error {
  override name = "ControlError";
}

export function isInline(keyboard: Keyboard | undefined): keyboard is InlineKeyboardMarkup {
  return keyboard !== undefined && "inline_keyboard" in keyboard;
}

/** The message in the shape of the Bot API; a reply carries its original one level deep. */
export function toApiMessage(message: StoredMessage, depth = 1): Message.TextMessage {
  const { message_id, chat, from, date, text, edit_date, entities, keyboard, reply_to } = message;
  return {
    message_id,
    chat,
    from,
    date,
    text,
    ...(entities.length > 0 && { entities }),
    ...(edit_date && { edit_date }),
    ...(isInline(keyboard) && { reply_markup: keyboard }),
    ...(message.protected && { has_protected_content: true as const }),
    ...(message.forwarded_from && {
      forward_origin: { type: "user" as const, sender_user: message.forwarded_from, date },
    }),
    ...(reply_to && depth > 0 && {
      // The original of a reply never carries one of its own, which its type asks for.
      reply_to_message: toApiMessage(reply_to, depth - 1) as Message.TextMessage & {
        reply_to_message: undefined;
      },
    }),
  };
}
