import type { ChatMember, User } from "grammy/types";
import { findCommands } from "./html.ts";
import {
  ControlError,
  isInline,
  type SimulatedChat,
  type StoredMessage,
  type Tap,
  toApiMessage,
} from "./model.ts";
import type { UpdateQueue } from "./updates.ts";
import { type ChatStore, seconds, type TelegramAccount } from "./chat_store.ts";

/** `id` is Telegram's number of the account and never changes. */
export type NewUser = Pick<User, "id" | "first_name" | "last_name" | "username">;

interface WriteOptions {
  /** A group; the private chat with the bot unless told. */
  chat?: number;
  /** Number of the message that is replied to. */
  replyTo?: number;
}

interface TapOptions {
  /** The chat of the message; the private chat with the bot unless told. */
  chat?: number;
  /**
   * The tap is not checked against the message as it is now: a person whose app still shows an old
   * keyboard, or a hostile client that taps in the chat of another person.
   */
  unchecked?: boolean;
}

/** What simulated people can do. Each action becomes the update that the bot would get. */
export class People {
  readonly #chats: ChatStore;
  readonly #updates: UpdateQueue;

  constructor(chats: ChatStore, updates: UpdateQueue) {
    this.#chats = chats;
    this.#updates = updates;
  }

  /** Creates an account, or gives it new names; it has not spoken with the bot yet. */
  addUser({ id, first_name, last_name, username }: NewUser): User {
    if (!Number.isSafeInteger(id) || id <= 0 || id === this.#chats.bot.id) {
      throw new ControlError("the id must be a positive number other than the bot's");
    }
    const user: User = {
      id,
      is_bot: false,
      first_name,
      ...(last_name && { last_name }),
      ...(username && { username }),
      language_code: "pt-br",
    };
    const known = this.#chats.accounts.get(id);
    if (known) known.user = user;
    else this.#chats.accounts.set(id, { user, started: false, blocked: false });
    this.#chats.changed();
    return user;
  }

  /** Creates a group of these people and the bot. */
  addGroup(id: number, title: string, members: readonly number[]): void {
    if (!Number.isSafeInteger(id) || id >= 0) throw new ControlError("groups have negative ids");
    for (const member of members) this.#account(member);
    const chat = { id, type: "group" as const, title };
    this.#chats.groups.set(id, { chat, members: new Set(members) });
    this.#chats.changed();
  }

  /**
   * Opens the chat with the bot by a deep link `…?start=payload`, or by the button "Iniciar".
   * @param payload at most 64 characters of `A-Za-z0-9_-`
   */
  start(userId: number, payload = ""): StoredMessage {
    if (!/^[A-Za-z0-9_-]{0,64}$/.test(payload)) throw new ControlError("no deep link can say that");
    if (this.#account(userId).blocked) this.unblock(userId);
    return this.sendText(userId, payload ? `/start ${payload}` : "/start");
  }

  sendText(userId: number, text: string, { chat: chatId, replyTo }: WriteOptions = {}) {
    const account = this.#account(userId);
    const chat = this.#chat(account, chatId ?? userId);
    if (text.trim() === "") throw new ControlError("there is nothing to send");
    const reply_to = replyTo === undefined ? undefined : this.#message(chat.id, replyTo);
    if (chat.type === "private") account.started = true;
    const message = this.#chats.write({
      text: text.trim(),
      entities: findCommands(text.trim()),
      chat,
      from: account.user,
      reply_to,
    });
    this.#updates.add({ message: toApiMessage(message) as never });
    return message;
  }

  /**
   * Taps an inline button, given by its `callback_data` or its label.
   * @returns the tap; its `answer` is there once the bot answered
   */
  tap(userId: number, messageId: number, button: string, options: TapOptions = {}): Tap {
    const account = this.#account(userId);
    const chatId = options.chat ?? userId;
    const chat = options.unchecked ? this.#chats.chat(chatId) : this.#chat(account, chatId);
    if (!chat) throw new ControlError(`there is no chat ${chatId}`);
    const message = this.#chats.message(chat.id, messageId);
    const data = options.unchecked ? button : buttonData(message, button);
    const tap: Tap = {
      id: crypto.randomUUID(),
      from: account.user,
      chat,
      message_id: messageId,
      data,
    };
    this.#chats.taps.set(tap.id, tap);
    this.#updates.add({
      callback_query: {
        id: tap.id,
        from: account.user,
        chat_instance: String(chat.id),
        data,
        // A message that was deleted comes as an inaccessible one, with date 0.
        message: message ? toApiMessage(message) : { chat, message_id: messageId, date: 0 },
      },
    });
    this.#chats.changed();
    return tap;
  }

  block(userId: number): void {
    this.#setBlocked(this.#account(userId), true);
  }

  unblock(userId: number): void {
    this.#setBlocked(this.#account(userId), false);
  }

  /**
   * Forwards a message of the private chat with the bot to another account, where it lies in the chat
   * with the bot as well. The apps take the buttons off a forwarded message; here they stay, so that
   * the worst case can be tried: a tap by a person for whom they were not meant.
   */
  forward(userId: number, messageId: number, toUserId: number): StoredMessage {
    const account = this.#account(userId);
    const receiver = this.#account(toUserId);
    const message = this.#message(account.user.id, messageId);
    if (message.protected) throw new ControlError("this message is protected from forwarding");
    const { text, entities, from, keyboard } = message;
    return this.#chats.write({
      text,
      entities,
      keyboard: isInline(keyboard) ? keyboard : undefined,
      from,
      forwarded_from: from,
      chat: this.#chat(receiver, toUserId),
    });
  }

  #setBlocked(account: TelegramAccount, blocked: boolean): void {
    if (account.blocked === blocked) return;
    account.blocked = blocked;
    const user = this.#chats.bot;
    const member: ChatMember = { status: "member", user };
    const kicked: ChatMember = { status: "kicked", user, until_date: 0 };
    this.#updates.add({
      my_chat_member: {
        chat: this.#chats.chat(account.user.id)!,
        from: account.user,
        date: seconds(),
        old_chat_member: blocked ? member : kicked,
        new_chat_member: blocked ? kicked : member,
      },
    });
    this.#chats.changed();
  }

  #account(id: number): TelegramAccount {
    const account = this.#chats.accounts.get(id);
    if (!account) throw new ControlError(`there is no user ${id}`);
    return account;
  }

  /** The chat, if this person can write in it. */
  #chat(account: TelegramAccount, chatId: number): SimulatedChat {
    const group = this.#chats.groups.get(chatId);
    const own = chatId === account.user.id && !account.blocked;
    if (!own && !group?.members.has(account.user.id)) {
      throw new ControlError(`user ${account.user.id} cannot write in chat ${chatId}`);
    }
    return this.#chats.chat(chatId)!;
  }

  #message(chatId: number, messageId: number): StoredMessage {
    const message = this.#chats.message(chatId, messageId);
    if (!message) throw new ControlError(`there is no message ${messageId} in chat ${chatId}`);
    return message;
  }
}

function buttonData(message: StoredMessage | undefined, wanted: string): string {
  const buttons = isInline(message?.keyboard) ? message.keyboard.inline_keyboard.flat() : [];
  const button =
    buttons.find((button) => "callback_data" in button && button.callback_data === wanted) ??
      buttons.find((button) => button.text === wanted);
  if (!button) throw new ControlError(`the message has no button "${wanted}"`);
  if (!("callback_data" in button)) throw new ControlError(`"${wanted}" is a link, not a button`);
  return button.callback_data;
}
