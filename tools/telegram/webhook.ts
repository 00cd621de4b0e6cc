import type { Update } from "grammy/types";
import { delay } from "@/core/store/delay.ts";
import { seconds } from "./chat_store.ts";
import type { UpdateQueue } from "./updates.ts";

export interface Hook {
  url: string;
  secret: string;
  maxConnections: number;
}

export interface WebhookOptions {
  /** Pause before the first repetition, in milliseconds; doubles up to a minute. */
  retryMs: number;
  /** An answer that takes longer counts as none. */
  timeoutMs: number;
}

/**
 * Delivers updates to the bot's webhook as Telegram does: those of one chat one after the other,
 * chats side by side, each repeated until it is answered with a 2xx status.
 */
export class WebhookSender {
  hook: Hook | null = null;
  lastError: { date: number; message: string } | null = null;
  readonly #queue: UpdateQueue;
  readonly #options: WebhookOptions;
  /** Chats that have a delivery on its way or wait for a repetition. */
  readonly #busy = new Set<string>();
  readonly #running = new Set<Promise<void>>();
  #stop = new AbortController();

  constructor(queue: UpdateQueue, options: WebhookOptions) {
    this.#queue = queue;
    this.#options = options;
    queue.onAdded = () => this.#work();
  }

  async set(hook: Hook | null): Promise<void> {
    await this.close();
    this.#stop = new AbortController();
    this.lastError = null;
    this.hook = hook;
    this.#work();
  }

  /** Ends what is on its way; what was not acknowledged stays in the queue. */
  async close(): Promise<void> {
    this.hook = null;
    this.#stop.abort();
    await Promise.all(this.#running);
  }

  #work(): void {
    if (!this.hook) return;
    for (const update of this.#queue.takeAgain()) this.#run(this.#post(update));
    for (const update of this.#queue.pending) {
      if (this.#running.size >= this.hook.maxConnections) return;
      const chat = chatOf(update);
      if (this.#busy.has(chat)) continue;
      this.#busy.add(chat);
      this.#run(this.#deliver(update).finally(() => this.#busy.delete(chat)));
    }
  }

  #run(work: Promise<unknown>): void {
    const tracked = work.then(() => {}).finally(() => {
      this.#running.delete(tracked);
      this.#work();
    });
    this.#running.add(tracked);
  }

  async #deliver(update: Update): Promise<void> {
    const { signal } = this.#stop;
    for (let attempt = 0; !signal.aborted; attempt++) {
      if (await this.#post(update)) return this.#queue.acknowledge(update.update_id);
      // Broken off when the webhook ends.
      await delay(Math.min(60_000, this.#options.retryMs * 2 ** attempt), signal).catch(() => {});
    }
  }

  /** @returns whether the bot acknowledged the update */
  async #post(update: Update): Promise<boolean> {
    const { hook } = this;
    if (!hook) return false;
    try {
      const response = await fetch(hook.url, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          ...(hook.secret && { "x-telegram-bot-api-secret-token": hook.secret }),
        },
        body: JSON.stringify(update),
        redirect: "manual",
        signal: AbortSignal.any([this.#stop.signal, AbortSignal.timeout(this.#options.timeoutMs)]),
      });
      await response.body?.cancel();
      if (response.ok) return true;
      this.#failed(`Wrong response from the webhook: ${response.status} ${response.statusText}`);
    } catch (error) {
      const late = error instanceof DOMException && error.name === "TimeoutError";
      this.#failed(late ? "Read timeout expired" : "Connection failed");
    }
    return false;
  }

  #failed(message: string): void {
    this.lastError = { date: seconds(), message };
  }
}

/** Updates with the same lane keep their order. */
function chatOf({ message, callback_query, my_chat_member }: Update): string {
  const chat = message?.chat ?? callback_query?.message?.chat ?? my_chat_member?.chat;
  return String(chat?.id);
}
