import type { BotCommand, User } from "grammy/types";
import { type ApiCall, BotApi } from "./bot_api.ts";
import type { Faults } from "./faults.ts";
import type { SimulatedChat, StoredMessage, Tap } from "./model.ts";
import { People } from "./people.ts";
import { UpdateQueue } from "./updates.ts";
import { WebhookSender } from "./webhook.ts";
import { World } from "./world.ts";

export interface TelegramOptions {
  /** The one token that is accepted, e.g. `1:dev`; what stands before the colon is the bot's id. */
  token: string;
  /** Names of the bot: `habilita_dev_bot` and `Habilita` unless told. */
  username?: string;
  firstName?: string;
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
 * A simulated Telegram: one bot, any number of people. What people can do is in `People`; here is
 * what can be seen of it, and how it is made to fail.
 */
export class Telegram extends People {
  readonly #world: World;
  readonly #updates: UpdateQueue;
  readonly #webhook: WebhookSender;
  readonly #api: BotApi;

  constructor(options: TelegramOptions) {
    // Numbers go on rising when the stand-in is started again, as a bot with a store expects.
    const firstId = Math.floor(Date.now() / 1_000);
    const world = new World(describeBot(options), firstId);
    const updates = new UpdateQueue(firstId);
    super(world, updates);
    updates.onAcknowledged = () => world.changed();
    this.#world = world;
    this.#updates = updates;
    this.#webhook = new WebhookSender(updates, {
      retryMs: options.webhookRetryMs ?? 1_000,
      timeoutMs: options.webhookTimeoutMs ?? 60_000,
    });
    const backend = { world, updates, webhook: this.#webhook };
    this.#api = new BotApi(options.token, backend, options.maxCalls);
  }

  get bot(): User {
    return this.#world.bot;
  }

  /** Calls that shall go wrong. */
  get faults(): Faults {
    return this.#api.faults;
  }

  /** The calls of the bot, oldest first, without getUpdates; only the newest `maxCalls` are kept. */
  get calls(): readonly ApiCall[] {
    return this.#api.calls;
  }

  /** All chats: private ones in the order of creation, then groups. */
  chats(): ChatSummary[] {
    const last = (id: number) => this.#world.messages(id).at(-1);
    return [
      ...[...this.#world.people.values()].map((person) => ({
        ...person,
        chat: this.#world.chat(person.user.id)!,
        last: last(person.user.id),
      })),
      ...[...this.#world.groups.values()].map(({ chat }) => ({
        chat,
        started: true,
        blocked: false,
        last: last(chat.id),
      })),
    ];
  }

  /** The messages of a chat, of both sides, oldest first; a private chat has its user's id. */
  messages(chatId: number): readonly StoredMessage[] {
    return this.#world.messages(chatId);
  }

  /** The taps in a chat, oldest first, with what the bot answered. */
  taps(chatId: number): Tap[] {
    return [...this.#world.taps.values()].filter((tap) => tap.chat.id === chatId);
  }

  /** The commands in the menu that everybody sees. */
  menu(): BotCommand[] {
    return this.#world.commands();
  }

  /** Numbers of the updates that the bot has not acknowledged yet. */
  pendingUpdates(): number[] {
    return this.#updates.pending.map((update) => update.update_id);
  }

  /** See `AppDeps.waitFor`. */
  waitFor<T>(probe: () => T | undefined | null | false, timeoutMs?: number): Promise<T> {
    return this.#world.waitFor(probe, timeoutMs);
  }

  /**
   * Delivers an update a second time, acknowledged or not.
   * @returns whether it is still remembered
   */
  deliverAgain(updateId: number): boolean {
    return this.#updates.addAgain(updateId);
  }

  /** Answers one HTTP request of a bot. */
  answer(request: Request): Promise<Response> {
    return this.#api.answer(request);
  }

  /** Ends everything that waits: polls, hanging calls and webhook calls. */
  async close(): Promise<void> {
    this.#api.close();
    this.#updates.endPoll();
    await this.#webhook.close();
  }
}

function describeBot({ token, username, firstName }: TelegramOptions): World["bot"] {
  return {
    id: Number.parseInt(token) || 1,
    is_bot: true,
    first_name: firstName ?? "Habilita",
    username: username ?? "habilita_dev_bot",
    can_join_groups: true,
    can_read_all_group_messages: false,
    supports_inline_queries: false,
    can_connect_to_business: false,
    has_main_web_app: false,
  } as World["bot"];
}
