import type { Deps } from "../deps.ts";
import { delay } from "../store/delay.ts";
import { keys } from "../store/keys.ts";
import { transact } from "../store/transact.ts";

/** How fast chat messages may go out. Mail servers keep their own pace. */
export interface Rate {
  /** Milliseconds between two messages to one chat. */
  perChatMs: number;
  /** Chat messages a second, of all processes on this store together; `Infinity` for no limit. */
  perSecond: number;
  /** Waits by the portal's clock, where that is not the real one; ends early when told to stop. */
  wait?: (ms: number, stopped?: AbortSignal) => Promise<void>;
}

/**
 * What the Bot API's FAQ asks for is one message a second in a chat and 30 a second in all. Messages
 * that leave evenly may arrive in a bunch: 20 leave room for that.
 */
export const TELEGRAM_RATE: Rate = { perChatMs: 1_000, perSecond: 20 };
export const UNLIMITED: Rate = { perChatMs: 0, perSecond: Infinity };

/** Places taken from the store at once: one commit for as many messages. */
const BLOCK = 6;

/** Hands out the places of the shared pace, first come first served. */
export class RateLimiter {
  readonly #deps: Deps;
  readonly #perSecond: number;
  readonly #wait: NonNullable<Rate["wait"]>;
  #next = 0;
  #left = 0;
  #taking: Promise<unknown> = Promise.resolve();

  constructor(deps: Deps, { perSecond, wait = delay }: Rate) {
    this.#deps = deps;
    this.#perSecond = perSecond;
    this.#wait = wait;
  }

  /** Resolves when the next message may go out, or at once when `stopped` is aborted. */
  acquire(stopped?: AbortSignal): Promise<void> {
    if (this.#perSecond === Infinity) return Promise.resolve();
    const taken = this.#taking.then(() => stopped?.aborted ? undefined : this.#take(stopped));
    this.#taking = taken.catch(() => {});
    return taken;
  }

  async #take(stopped?: AbortSignal): Promise<void> {
    const gap = 1_000 / this.#perSecond;
    const now = this.#deps.now();
    // Places that went by unused are gone: what is made up for after a silence would be a burst.
    if (this.#left === 0 || this.#next + gap < now) {
      this.#next = await transact(this.#deps.kv, async (tx) => {
        const begin = Math.max(now, await tx.get(keys.outboxPace()) ?? 0);
        tx.set(keys.outboxPace(), begin + BLOCK * gap);
        return begin;
      });
      this.#left = BLOCK;
    }
    const at = this.#next;
    this.#next += gap;
    this.#left--;
    const early = at - this.#deps.now();
    if (early > 0) await this.#wait(early, stopped).catch(() => {});
  }
}
