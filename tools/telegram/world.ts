import type { BotCommand, User, UserFromGetMe } from "grammy/types";
import type { FormattedText, GroupChat, SimulatedChat, StoredMessage, Tap } from "./model.ts";

export interface Person {
  user: User;
  /** Opened the chat: before that a bot may not write to somebody. */
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
export class World {
  readonly bot: UserFromGetMe;
  readonly people = new Map<number, Person>();
  readonly groups = new Map<number, { chat: GroupChat; members: Set<number> }>();
  readonly taps = new Map<string, Tap>();
  readonly #messages = new Map<number, StoredMessage[]>();
  /** By scope and language, as they were set: Telegram's search for the best match is left out. */
  readonly #commands = new Map<string, BotCommand[]>();
  readonly #watchers = new Set<() => void>();
  #nextMessageId: number;

  /**
   * @param firstId of messages; not 1, so that a bot whose store outlives this world cannot edit a
   *   new message by the number of an old one
   */
  constructor(bot: UserFromGetMe, firstId: number) {
    this.bot = bot;
    this.#nextMessageId = firstId;
  }

  chat(id: number): SimulatedChat | undefined {
    const group = this.groups.get(id);
    if (group) return group.chat;
    const user = this.people.get(id)?.user;
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

  /** Tells everybody who waits in `waitFor` that there is something new to look at. */
  changed(): void {
    for (const watcher of this.#watchers) watcher();
  }

  /**
   * Waits until `probe` answers with something: it is called now and after every change.
   *
   * @example
   * const request = await telegram.waitFor(() =>
   *   telegram.messages(1001).find((message) => message.text.includes("Nova solicitação"))
   * );
   *
   * @throws {Error} when nothing came up in `timeoutMs` milliseconds
   */
  waitFor<T>(probe: () => T | undefined | null | false, timeoutMs = 5_000): Promise<T> {
    return new Promise((resolve, reject) => {
      const finish = (settle: () => void) => {
        clearTimeout(timer);
        this.#watchers.delete(look);
        settle();
      };
      const look = () => {
        try {
          const found = probe();
          if (found) finish(() => resolve(found));
        } catch (error) {
          finish(() => reject(error));
        }
      };
      const timer = setTimeout(
        () => finish(() => reject(new Error(`not seen in Telegram within ${timeoutMs} ms`))),
        timeoutMs,
      );
      this.#watchers.add(look);
      look();
    });
  }
}

export function seconds(): number {
  return Math.floor(Date.now() / 1_000);
}
