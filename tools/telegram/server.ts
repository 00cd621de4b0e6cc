import type { BotCommand, User } from "grammy/types";
import { type ApiCall, BotApi } from "./bot_api.ts";
import { ChatStore } from "./chat_store.ts";
import type { Faults } from "./faults.ts";
import type { SimulatedChat, StoredMessage, Tap } from "./model.ts";
import { People } from "./people.ts";
import { UpdateQueue } from "./updates.ts";
import { WebhookSender } from "./webhook.ts";

export interface TelegramOptions {
  /** The one token that is accepted, e.g. `1:dev`; what stands before the colon is the bot's id. */
  token: string;
  /** How many calls of the bot are remembered; 20,000 unless told. */
  maxCalls?: number;
  /** Milliseconds before a failed webhook call is first repeated; 1,000 unless told. */
  webhookRetryMs?: number;
  /** Milliseconds after which a webhook call counts as failed; 60,000 unless told. */
  webhookTimeoutMs?: number;
}

export interface ChatSummary {
  chat: SimulatedChat;
  /** The person of a private chat. */
  user?: User;
  started: boolean;
  blocked: boolean;
  last?: StoredMessage;
}

/**
 * Starts a stand-in of the Bot API for development or a test.
 *
 * @example
 * const telegram = startTelegram({ token: "1:dev" });
 * const bot = new Bot("1:dev", { client: { apiRoot: telegram.apiRoot } });
 * telegram.addUser({ id: 1001, first_name: "Maria" });
 * telegram.start(1001, "codigo");
 */
export function startTelegram(options: TelegramOptions): TelegramServer {
  return new TelegramServer(options);
}

/**
 * A simulated Telegram with one bot and any number of people, serving the Bot API over real HTTP on a
 * free port of this machine until `close()`. What people can do is in `People`; here is what can be
 * seen of it, and how it is made to fail. Not simulated: media, channels, inline mode, edits by
 * people, other markup than HTML.
 */
export class TelegramServer extends People {
  /** Base address for grammY's `client.apiRoot`. */
  readonly apiRoot: string;
  /** Calls that shall go wrong. */
  readonly faults: Faults;
  /** The calls of the bot, oldest first, without getUpdates; only the newest `maxCalls` are kept. */
  readonly calls: readonly ApiCall[];
  readonly #chats: ChatStore;
  readonly #updates: UpdateQueue;
  readonly #webhook: WebhookSender;
  readonly #api: BotApi;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor(options: TelegramOptions) {
    const { token, maxCalls = 20_000 } = options;
    // Numbers go on rising when the stand-in is started again, as a bot with a store expects.
    const firstId = Math.floor(Date.now() / 1_000);
    const chats = new ChatStore(token, firstId);
    const updates = new UpdateQueue(firstId);
    super(chats, updates);
    updates.onAcknowledged = () => chats.changed();
    this.#chats = chats;
    this.#updates = updates;
    this.#webhook = new WebhookSender(updates, {
      retryMs: options.webhookRetryMs ?? 1_000,
      timeoutMs: options.webhookTimeoutMs ?? 60_000,
    });
    this.#api = new BotApi(token, { chats, updates, webhook: this.#webhook }, maxCalls);
    this.faults = this.#api.faults;
    this.calls = this.#api.calls;
    const address = { port: 0, hostname: "127.0.0.1", onListen: () => {} };
    this.#server = Deno.serve(address, (request) => this.#api.answer(request));
    this.apiRoot = `http://127.0.0.1:${this.#server.addr.port}`;
  }

  get bot(): User {
    return this.#chats.bot;
  }

  /** All chats: private ones in the order of creation, then groups. */
  chats(): ChatSummary[] {
    const last = (id: number) => this.#chats.messages(id).at(-1);
    return [
      ...[...this.#chats.accounts.values()].map((account) => ({
        ...account,
        chat: this.#chats.chat(account.user.id)!,
        last: last(account.user.id),
      })),
      ...[...this.#chats.groups.values()].map(({ chat }) => ({
        chat,
        started: true,
        blocked: false,
        last: last(chat.id),
      })),
    ];
  }

  /** The messages of a chat, of both sides, oldest first; a private chat has its user's id. */
  messages(chatId: number): readonly StoredMessage[] {
    return this.#chats.messages(chatId);
  }

  /** The taps in a chat, oldest first, with what the bot answered. */
  taps(chatId: number): Tap[] {
    return [...this.#chats.taps.values()].filter((tap) => tap.chat.id === chatId);
  }

  /** The commands in the menu that all people see. */
  menu(): BotCommand[] {
    return this.#chats.commands();
  }

  /** Numbers of the updates that the bot has not acknowledged yet. */
  pendingUpdates(): number[] {
    return this.#updates.pending.map((update) => update.update_id);
  }

  /** See `Watched.waitFor`. */
  waitFor<T>(probe: () => T | undefined | null | false, timeoutMs?: number): Promise<T> {
    return this.#chats.waitFor(probe, timeoutMs);
  }

  /**
   * Delivers an update a second time, acknowledged or not.
   * @returns whether it is still remembered
   */
  deliverAgain(updateId: number): boolean {
    return this.#updates.addAgain(updateId);
  }

  /** Ends what waits (polls, hanging calls, webhook calls) and the server. */
  async close(): Promise<void> {
    this.#api.close();
    this.#updates.endPoll();
    await this.#webhook.close();
    await this.#server.shutdown();
  }
}
