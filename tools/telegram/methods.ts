import type { BotCommand, Update, WebhookInfo } from "grammy/types";
import { type ChatStore, seconds } from "./chat_store.ts";
import { parseHtml } from "./html.ts";
import {
  ApiError,
  badRequest,
  type FormattedText,
  isInline,
  type StoredMessage,
  toApiMessage,
} from "./model.ts";
import { type Params, readKeyboard } from "./params.ts";
import type { UpdateQueue } from "./updates.ts";
import type { WebhookSender } from "./webhook.ts";

/** What the methods work on. */
export interface Backend {
  chats: ChatStore;
  updates: UpdateQueue;
  webhook: WebhookSender;
}

type BotApiMethod = (backend: Backend, params: Params, request: Request) => unknown;

const MAX_TEXT = 4_096;
const MAX_TOAST = 200;

/** The methods by lower-case name: Telegram does not mind the case. */
export const methods: ReadonlyMap<string, BotApiMethod> = new Map(Object.entries<BotApiMethod>({
  getme: ({ chats }) => chats.bot,
  getupdates: getUpdates,
  setwebhook: setWebhook,
  deletewebhook: deleteWebhook,
  getwebhookinfo: getWebhookInfo,
  sendmessage: sendMessage,
  editmessagetext: editMessageText,
  editmessagereplymarkup: editMessageReplyMarkup,
  deletemessage: deleteMessage,
  answercallbackquery: answerCallbackQuery,
  sendchataction: sendChatAction,
  setmycommands: setMyCommands,
  getmycommands: ({ chats }, params) => chats.commands(...commandScope(params)),
  deletemycommands: deleteMyCommands,
}));

function getUpdates(
  { updates, webhook }: Backend,
  params: Params,
  { signal }: Request,
): Promise<Update[]> {
  if (webhook.hook) {
    throw new ApiError(
      409,
      "Conflict: can't use getUpdates method while webhook is active; " +
        "use deleteWebhook to delete the webhook first",
    );
  }
  allowUpdates(updates, params);
  return updates.poll({
    offset: params.integer("offset"),
    limit: Math.min(100, Math.max(1, params.integer("limit") ?? 100)),
    timeout: params.integer("timeout") ?? 0,
    signal,
  });
}

async function setWebhook(backend: Backend, params: Params): Promise<true> {
  const { updates, webhook } = backend;
  if (params.text("url") === "") return deleteWebhook(backend, params);
  const url = URL.parse(params.text("url"));
  // Telegram itself takes https only; the development world has no certificate.
  if (
    url?.protocol !== "https:" && url?.hostname !== "127.0.0.1" && url?.hostname !== "localhost"
  ) {
    throw badRequest("bad webhook: An HTTPS URL must be provided for webhook");
  }
  const secret = params.text("secret_token");
  if (!/^[A-Za-z0-9_-]{0,256}$/.test(secret)) {
    throw badRequest("secret token contains unallowed characters");
  }
  allowUpdates(updates, params);
  if (params.flag("drop_pending_updates")) updates.clear();
  updates.endPoll("terminated by setWebhook request");
  const maxConnections = Math.min(100, Math.max(1, params.integer("max_connections") ?? 40));
  await webhook.set({ url: url.href, secret, maxConnections });
  return true;
}

async function deleteWebhook({ updates, webhook }: Backend, params: Params): Promise<true> {
  await webhook.set(null);
  if (params.flag("drop_pending_updates")) updates.clear();
  return true;
}

function getWebhookInfo({ updates, webhook }: Backend): WebhookInfo {
  const { hook, lastError } = webhook;
  return {
    url: hook?.url ?? "",
    has_custom_certificate: false,
    pending_update_count: updates.pending.length,
    ...(hook && { max_connections: hook.maxConnections }),
    ...(lastError && {
      last_error_date: lastError.date,
      last_error_message: lastError.message,
    }),
    ...(updates.allowed.length > 0 && {
      allowed_updates: [...updates.allowed] as WebhookInfo["allowed_updates"],
    }),
  };
}

function sendMessage({ chats }: Backend, params: Params) {
  const chat = reachableChat(chats, params);
  const text = readMessageText(params);
  const keyboard = readKeyboard(params);
  const reply = params.object<{ message_id?: number; allow_sending_without_reply?: boolean }>(
    "reply_parameters",
  );
  const replyId = reply?.message_id ?? params.integer("reply_to_message_id");
  const reply_to = replyId === undefined ? undefined : chats.message(chat.id, replyId);
  if (
    replyId !== undefined && !reply_to && !reply?.allow_sending_without_reply &&
    !params.flag("allow_sending_without_reply")
  ) throw badRequest("message to be replied not found");
  return toApiMessage(chats.write({
    ...text,
    chat,
    from: chats.bot,
    keyboard,
    reply_to,
    protected: params.flag("protect_content"),
  }));
}

function editMessageText({ chats }: Backend, params: Params) {
  const message = ownMessage(chats, params);
  return edit(chats, message, readMessageText(params), readKeyboard(params));
}

function editMessageReplyMarkup({ chats }: Backend, params: Params) {
  const message = ownMessage(chats, params);
  const { text, entities, source } = message;
  return edit(chats, message, { text, entities, source }, readKeyboard(params));
}

function edit(
  chats: ChatStore,
  message: StoredMessage,
  { text, entities, source }: FormattedText & Pick<StoredMessage, "source">,
  keyboard: StoredMessage["keyboard"],
) {
  const looks = (text: unknown, entities: unknown, keyboard: StoredMessage["keyboard"]) =>
    JSON.stringify([text, entities, isInline(keyboard) ? keyboard : null]);
  if (looks(text, entities, keyboard) === looks(message.text, message.entities, message.keyboard)) {
    throw badRequest(
      "message is not modified: specified new message content and reply markup are exactly " +
        "the same as a current content and reply markup of the message",
    );
  }
  Object.assign(message, { text, entities, source, keyboard, edit_date: seconds() });
  chats.changed();
  return toApiMessage(message);
}

function deleteMessage({ chats }: Backend, params: Params): true {
  const chat = reachableChat(chats, params);
  if (!chats.remove(chat.id, params.integer("message_id") ?? 0)) {
    throw badRequest("message to delete not found");
  }
  return true;
}

function answerCallbackQuery({ chats }: Backend, params: Params): true {
  const tap = chats.taps.get(params.text("callback_query_id"));
  // Telegram takes one answer only, and none after some seconds.
  if (!tap || tap.answer) {
    throw badRequest(
      "query is too old and response timeout expired or query ID is invalid",
    );
  }
  const text = params.text("text");
  if (text.length > MAX_TOAST) throw badRequest("MESSAGE_TOO_LONG");
  tap.answer = {
    text,
    show_alert: params.flag("show_alert"),
    ...(params.has("url") && { url: params.text("url") }),
  };
  chats.changed();
  return true;
}

function sendChatAction({ chats }: Backend, params: Params): true {
  reachableChat(chats, params);
  if (params.text("action") === "") throw badRequest("wrong parameter action in request");
  return true;
}

function setMyCommands({ chats }: Backend, params: Params): true {
  const commands = params.object<BotCommand[]>("commands");
  if (!Array.isArray(commands) || commands.length > 100) {
    throw badRequest("can't parse commands as JSON object");
  }
  for (const { command, description } of commands) {
    if (!/^[a-z0-9_]{1,32}$/.test(command)) throw badRequest("BOT_COMMAND_INVALID");
    if (!description || description.length > 256) {
      throw badRequest("BOT_COMMAND_DESCRIPTION_INVALID");
    }
  }
  chats.setCommands(...commandScope(params), commands);
  return true;
}

function deleteMyCommands({ chats }: Backend, params: Params): true {
  chats.setCommands(...commandScope(params), []);
  return true;
}

function commandScope(params: Params): [scope: object | undefined, language: string] {
  return [params.object("scope"), params.text("language_code")];
}

function allowUpdates(updates: UpdateQueue, params: Params): void {
  const kinds = params.object<string[]>("allowed_updates");
  if (Array.isArray(kinds)) updates.allow(kinds);
}

/** The chat of the call, if the bot may write there. */
function reachableChat(chats: ChatStore, params: Params) {
  const id = params.integer("chat_id");
  const chat = id === undefined ? undefined : chats.chat(id);
  if (!chat) throw badRequest("chat not found");
  const person = chats.accounts.get(chat.id);
  if (person?.blocked) throw new ApiError(403, "Forbidden: bot was blocked by the user");
  if (person && !person.started) {
    throw new ApiError(403, "Forbidden: bot can't initiate conversation with a user");
  }
  return chat;
}

function ownMessage(chats: ChatStore, params: Params): StoredMessage {
  const chat = reachableChat(chats, params);
  const message = chats.message(chat.id, params.integer("message_id") ?? 0);
  if (!message) throw badRequest("message to edit not found");
  if (message.from.id !== chats.bot.id || message.forwarded_from) {
    throw badRequest("message can't be edited");
  }
  return message;
}

function readMessageText(params: Params): FormattedText & Pick<StoredMessage, "source"> {
  const raw = params.text("text");
  const mode = params.text("parse_mode");
  if (mode !== "" && mode.toUpperCase() !== "HTML") {
    throw badRequest("unsupported parse_mode");
  }
  const formatted = mode ? parseHtml(raw) : { text: raw, entities: [] };
  if (formatted.text.trim() === "") throw badRequest("message text is empty");
  if (formatted.text.length > MAX_TEXT) throw badRequest("message is too long");
  return { ...formatted, source: { text: raw, ...(mode && { parse_mode: "HTML" as const }) } };
}
