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
import { type Person, seconds, type World } from "./world.ts";

export interface NewUser {
  /** Telegram's number of the account; never changes. */
  id: number;
  first_name: string;
  last_name?: string;
  username?: string;
}

export interface SendOptions {
  /** A group; the private chat with the bot unless told. */
  chat?: number;
  /** Number of the message that is replied to. */
  replyTo?: number;
}

export interface TapOptions {
  /** The chat of the message; the private chat with the bot unless told. */
  chat?: number;
  /**
   * The tap is not checked against the message as it is now: a person whose app still shows an old
   * keyboard, or a hostile client that taps in a chat of somebody else.
   */
  unchecked?: boolean;
}

/** What simulated people can do. Each deed becomes the update that the bot would get. */
export class People {
  readonly #world: World;
  readonly #updates: UpdateQueue;

  constructor(world: World, updates: UpdateQueue) {
    this.#world = world;
    this.#updates = updates;
  }

  /** Creates an account, or gives it new names; it has not spoken with the bot yet. */
  addUser({ id, first_name, last_name, username }: NewUser): User {
    if (!Number.isSafeInteger(id) || id <= 0 || id === this.#world.bot.id) {
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
    const known = this.#world.people.get(id);
    if (known) known.user = user;
    else this.#world.people.set(id, { user, started: false, blocked: false });
    this.#world.changed();
    return user;
  }

  /** Creates a group of these people and the bot. */
  addGroup(id: number, title: string, members: readonly number[]): void {
    if (!Number.isSafeInteger(id) || id >= 0) throw new ControlError("groups have negative ids");
    for (const member of members) this.#person(member);
    const chat = { id, type: "group" as const, title };
    this.#world.groups.set(id, { chat, members: new Set(members) });
    this.#world.changed();
  }

  /**
   * Opens the chat with the bot by a deep link `…?start=payload`, or by the button "Iniciar".
   * @param payload at most 64 characters of `A-Za-z0-9_-`
   */
  start(userId: number, payload = ""): StoredMessage {
    if (!/^[A-Za-z0-9_-]{0,64}$/.test(payload)) throw new ControlError("no deep link can say that");
    if (this.#person(userId).blocked) this.unblock(userId);
    return this.sendText(userId, payload ? `/start ${payload}` : "/start");
  }

  sendText(userId: number, text: string, { chat: chatId, replyTo }: SendOptions = {}) {
    const person = this.#person(userId);
    const chat = this.#chat(person, chatId ?? userId);
    if (text.trim() === "") throw new ControlError("there is nothing to send");
    const reply_to = replyTo === undefined ? undefined : this.#message(chat.id, replyTo);
    if (chat.type === "private") person.started = true;
    const message = this.#world.write({
      text: text.trim(),
      entities: findCommands(text.trim()),
      chat,
      from: person.user,
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
    const person = this.#person(userId);
    const chatId = options.chat ?? userId;
    const chat = options.unchecked ? this.#world.chat(chatId) : this.#chat(person, chatId);
    if (!chat) throw new ControlError(`there is no chat ${chatId}`);
    const message = this.#world.message(chat.id, messageId);
    const data = options.unchecked ? button : buttonData(message, button);
    const tap: Tap = {
      id: crypto.randomUUID(),
      from: person.user,
      chat,
      message_id: messageId,
      data,
    };
    this.#world.taps.set(tap.id, tap);
    this.#updates.add({
      callback_query: {
        id: tap.id,
        from: person.user,
        chat_instance: String(chat.id),
        data,
        // A message that was deleted comes as an inaccessible one, with date 0.
        message: message ? toApiMessage(message) : { chat, message_id: messageId, date: 0 },
      },
    });
    this.#world.changed();
    return tap;
  }

  block(userId: number): void {
    this.#setBlocked(this.#person(userId), true);
  }

  unblock(userId: number): void {
    this.#setBlocked(this.#person(userId), false);
  }

  /**
   * Forwards a message of the private chat with the bot to somebody else, where it lies in the chat
   * with the bot as well. The apps take the buttons off a forwarded message; here they stay, so that
   * the worst case can be tried: a tap by somebody for whom they were not meant.
   */
  forward(userId: number, messageId: number, toUserId: number): StoredMessage {
    const person = this.#person(userId);
    const receiver = this.#person(toUserId);
    const message = this.#message(person.user.id, messageId);
    if (message.protected) throw new ControlError("this message is protected from forwarding");
    const { text, entities, from, keyboard } = message;
    return this.#world.write({
      text,
      entities,
      keyboard: isInline(keyboard) ? keyboard : undefined,
      from,
      forwarded_from: from,
      chat: this.#chat(receiver, toUserId),
    });
  }

  #setBlocked(person: Person, blocked: boolean): void {
    if (person.blocked === blocked) return;
    person.blocked = blocked;
    const user = this.#world.bot;
    const member: ChatMember = { status: "member", user };
    const kicked: ChatMember = { status: "kicked", user, until_date: 0 };
    this.#updates.add({
      my_chat_member: {
        chat: this.#world.chat(person.user.id)!,
        from: person.user,
        date: seconds(),
        old_chat_member: blocked ? member : kicked,
        new_chat_member: blocked ? kicked : member,
      },
    });
    this.#world.changed();
  }

  #person(id: number): Person {
    const person = this.#world.people.get(id);
    if (!person) throw new ControlError(`there is no user ${id}`);
    return person;
  }

  /** The chat, if this person can write in it. */
  #chat(person: Person, chatId: number): SimulatedChat {
    const group = this.#world.groups.get(chatId);
    const own = chatId === person.user.id && !person.blocked;
    if (!own && !group?.members.has(person.user.id)) {
      throw new ControlError(`user ${person.user.id} cannot write in chat ${chatId}`);
    }
    return this.#world.chat(chatId)!;
  }

  #message(chatId: number, messageId: number): StoredMessage {
    const message = this.#world.message(chatId, messageId);
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
