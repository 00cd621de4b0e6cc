import type { BotCommand, User, UserFromGetMe } from "grammy/types";
import { Watched } from "@/tools/watched.ts";
import type { FormattedText, GroupChat, SimulatedChat, StoredMessage, Tap } from "./model.ts";

/** A person's account at the simulated Telegram. */
export interface TelegramAccount {
  user: User;
  /** The person opened the chat: before that the bot may not write to them. */
  started: boolean;
  blocked: boolean;
}

export type NewMessage =
  & FormattedText
  & Pick<StoredMessage, "chat" | "from">
  & Partial<Pick<StoredMessage, "source" | "keyboard" | "reply_to" | "forwarded_from">>
  & { protected?: boolean };

const DEFAULT_SCOPE = { type: "default" };

/** The people, chats and messages of the simulated Telegram, all in memory. */
export class ChatStore extends Watched {
  readonly bot: UserFromGetMe;
  readonly accounts = new Map<number, TelegramAccount>();
  readonly groups = new Map<number, { chat: GroupChat; members: Set<number> }>();
  readonly taps = new Map<string, Tap>();
  readonly #messages = new Map<number, StoredMessage[]>();
  /** By scope and language, as they were set: Telegram's search for the best match is left out. */
  readonly #commands = new Map<string, BotCommand[]>();
  #nextMessageId: number;

  /**
   * @param token of the bot; what stands before the colon is its id
   * @param firstId of messages; not 1, so that a bot whose store outlives this one cannot edit a
   *   new message by the number of an old one
   */
  constructor(token: string, firstId: number) {
    super("not seen in Telegram");
    this.bot = describeBot(Number.parseInt(token) || 1);
    this.#nextMessageId = firstId;
  }

  chat(id: number): SimulatedChat | undefined {
    const group = this.groups.get(id);
    if (group) return group.chat;
    const user = this.accounts.get(id)?.user;
    if (!user) return undefined;
    const { first_name, last_name, username } = user;
    return { id, type: "private", first_name, last_name, username };
  }

  /** Oldest first; what the bot deleted is gone. */
  messages(chatId: number): readonly StoredMessage[] {
    return this.#messages.get(chatId) ?? [];
  }

  message(chatId: number, messageId: number): StoredMessage | undefined {
    return this.messages(chatId).find((message) => message.message_id === messageId);
  }

  write(message: NewMessage): StoredMessage {
    const stored: StoredMessage = {
      ...message,
      message_id: this.#nextMessageId++,
      date: seconds(),
      protected: message.protected || undefined,
    };
    const list = this.#messages.get(message.chat.id);
    if (list) list.push(stored);
    else this.#messages.set(message.chat.id, [stored]);
    this.changed();
    return stored;
  }

  /** @returns whether there was such a message */
  remove(chatId: number, messageId: number): boolean {
    const list = this.#messages.get(chatId) ?? [];
    const index = list.findIndex((message) => message.message_id === messageId);
    if (index < 0) return false;
    list.splice(index, 1);
    this.changed();
    return true;
  }

  commands(scope: object = DEFAULT_SCOPE, language = ""): BotCommand[] {
    return this.#commands.get(JSON.stringify([scope, language])) ?? [];
  }

  setCommands(scope: object = DEFAULT_SCOPE, language: string, commands: BotCommand[]): void {
    this.#commands.set(JSON.stringify([scope, language]), commands);
    this.changed();
  }
}

function describeBot(id: number): UserFromGetMe {
  return {
    id,
    is_bot: true,
    first_name: "Habilita",
    username: "habilita_dev_bot",
    can_join_groups: true,
    can_read_all_group_messages: false,
    supports_inline_queries: false,
    can_connect_to_business: false,
    has_main_web_app: false,
  } as UserFromGetMe;
}

/** Now, as the Bot API tells times. */
export function seconds(): number {
  return Math.floor(Date.now() / 1_000);
}
