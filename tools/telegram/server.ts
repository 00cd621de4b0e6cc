import type { User } from "grammy/types";
import { handleControl } from "./control.ts";
import { type Fault, faultError, Faults } from "./faults.ts";
import { type Backend, methods } from "./methods.ts";
import { ApiError, type SimulatedChat, type StoredMessage } from "./model.ts";
import { Params, readParams } from "./params.ts";
import { People } from "./people.ts";
import { UpdateQueue } from "./updates.ts";
import { WebhookSender } from "./webhook.ts";
import { World } from "./world.ts";

export interface TelegramOptions {
  /** The one token that is accepted, e.g. `1:dev`; what stands before the colon is the bot's id. */
  token: string;
  /** A free one unless told. */
  port?: number;
  /** `127.0.0.1` unless told. */
  hostname?: string;
  /** Names of the bot. */
  username?: string;
  firstName?: string;
  /** Milliseconds before a failed webhook call is first repeated; 1,000 unless told. */
  webhookRetryMs?: number;
  /** Milliseconds after which a webhook call counts as failed; 60,000 unless told. */
  webhookTimeoutMs?: number;
}

export interface ChatSummary {
  chat: SimulatedChat;
  user?: User;
  started: boolean;
  blocked: boolean;
  last?: StoredMessage;
}

export interface ApiCall {
  /** Milliseconds since the epoch. */
  at: number;
  method: string;
  params: Readonly<Record<string, unknown>>;
  /** HTTP status of the answer; 0 when the answer was withheld. */
  status: number;
}

const MAX_CALLS = 20_000;

/**
 * A stand-in of the Telegram Bot API over real HTTP, for development and tests: one bot, any number
 * of simulated people. What is not simulated: media, channels, inline mode, edits by people.
 */
export class Telegram extends People {
  /** Base address for grammY's `client.apiRoot`. */
  readonly apiRoot: string;
  /** Calls that shall go wrong. */
  readonly faults = new Faults();
  /** The calls of the bot, oldest first, without getUpdates; only the newest 20,000 are kept. */
  readonly calls: ApiCall[] = [];
  readonly #token: string;
  readonly #backend: Backend;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #closing = new AbortController();

  constructor(options: TelegramOptions) {
    // Numbers go on rising when the stand-in is started again, as a bot with a store expects.
    const firstId = Math.floor(Date.now() / 1_000);
    const world = new World(describeBot(options), firstId);
    const updates = new UpdateQueue(firstId);
    super(world, updates);
    const webhook = new WebhookSender(updates, {
      retryMs: options.webhookRetryMs ?? 1_000,
      timeoutMs: options.webhookTimeoutMs ?? 60_000,
    });
    this.#token = options.token;
    this.#backend = { world, updates, webhook };
    this.#server = Deno.serve({
      port: options.port ?? 0,
      hostname: options.hostname ?? "127.0.0.1",
      onListen: () => {},
    }, (request, info) => this.#handle(request, info.remoteAddr.hostname));
    const { hostname, port } = this.#server.addr;
    this.apiRoot = `http://${hostname}:${port}`;
  }

  get bot(): User {
    return this.#backend.world.bot;
  }

  /** All chats: private ones in the order of creation, then groups. */
  chats(): ChatSummary[] {
    const { world } = this.#backend;
    const last = (id: number) => world.messages(id).at(-1);
    return [
      ...[...world.people.values()].map(({ user, started, blocked }) => ({
        chat: world.chat(user.id)!,
        user,
        started,
        blocked,
        last: last(user.id),
      })),
      ...[...world.groups.values()].map(({ chat }) => ({
        chat,
        started: true,
        blocked: false,
        last: last(chat.id),
      })),
    ];
  }

  /** The messages of a chat, of both sides, oldest first; a private chat has its user's id. */
  messages(chatId: number): readonly StoredMessage[] {
    return this.#backend.world.messages(chatId);
  }

  /** The taps in a chat, oldest first, with what the bot answered. */
  taps(chatId: number) {
    return [...this.#backend.world.taps.values()].filter((tap) => tap.chat.id === chatId);
  }

  /** The commands in the menu that everybody sees. */
  menu() {
    return this.#backend.world.commands.get(JSON.stringify([{ type: "default" }, ""])) ?? [];
  }

  /** Numbers of the updates that the bot has not confirmed yet. */
  pendingUpdates(): number[] {
    return this.#backend.updates.pending.map((update) => update.update_id);
  }

  /** See `World.waitFor`. */
  waitFor<T>(probe: () => T | undefined | null | false, timeoutMs?: number): Promise<T> {
    return this.#backend.world.waitFor(probe, timeoutMs);
  }

  /**
   * Delivers an update a second time, confirmed or not.
   * @returns whether it is still remembered
   */
  deliverAgain(updateId: number): boolean {
    return this.#backend.updates.addAgain(updateId);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#backend.updates.endPoll();
    await this.#backend.webhook.close();
    await this.#server.shutdown();
  }

  #handle(request: Request, peer: string): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith("/control/")) return handleControl(this, request, peer);
    return this.#call(request, pathname);
  }

  async #call(request: Request, pathname: string): Promise<Response> {
    const [, token, name = ""] = /^\/bot([^/]*)\/([^/]*)$/.exec(pathname) ?? [];
    let params = new Params({});
    let fault: Fault | undefined;
    let status = 200;
    try {
      params = await readParams(request);
      if (token === undefined) throw new ApiError(404, "Not Found");
      if (token !== this.#token) throw new ApiError(401, "Unauthorized");
      const method = methods[name.toLowerCase()];
      if (!method) throw new ApiError(404, "Not Found: method not found");
      fault = this.faults.take(name, params);
      if (fault && !fault.applied) return await this.#fail(fault, request);
      const result = await method(this.#backend, params, request);
      if (fault) return await this.#fail(fault, request);
      return Response.json({ ok: true, result });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      status = error.code;
      const { code, description, parameters } = error;
      const body = { ok: false, error_code: code, description, ...(parameters && { parameters }) };
      return Response.json(body, { status: code });
    } finally {
      if (typeof fault?.status === "string") status = 0;
      this.#record({ at: Date.now(), method: name, params: params.all, status });
    }
  }

  async #fail(fault: Fault, request: Request): Promise<Response> {
    const { status } = fault;
    if (typeof status === "number") throw faultError(status, fault);
    if (status === "hang") await aborted(AbortSignal.any([request.signal, this.#closing.signal]));
    // The body breaks off, so that the caller sees a broken connection and no answer.
    return new Response(
      new ReadableStream({ pull: (controller) => controller.error(new Error("dropped")) }),
    );
  }

  #record(call: ApiCall): void {
    if (call.method.toLowerCase() === "getupdates") return;
    this.calls.push(call);
    if (this.calls.length > MAX_CALLS) this.calls.shift();
    this.#backend.world.changed();
  }
}

/** Starts the stand-in; it serves until `close()`. */
export function startTelegram(options: TelegramOptions): Telegram {
  return new Telegram(options);
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

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
