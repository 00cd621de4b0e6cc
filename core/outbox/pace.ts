import type { Portal } from "../portal.ts";
import { delay } from "../store/delay.ts";
import { transact } from "../store/transact.ts";
import { keys } from "./keys.ts";

/** How fast chat messages may go out. Mail servers keep their own pace. */
export interface Pace {
  /** Milliseconds between two messages to one chat. */
  perChatMs: number;
  /** Chat messages a second, of all processes on this store together; `Infinity` for no limit. */
  perSecond: number;
}

/** What the Bot API's FAQ asks for: one message a second in a chat, 30 a second in all. */
export const TELEGRAM_PACE: Pace = { perChatMs: 1_000, perSecond: 30 };
export const UNPACED: Pace = { perChatMs: 0, perSecond: Infinity };

/** Places taken from the store at once: one commit for as many messages. */
const BLOCK = 6;

/** Hands out the places of the shared pace, first come first served. */
export class Slots {
  readonly #portal: Portal;
  readonly #perSecond: number;
  #next = 0;
  #left = 0;
  #taking: Promise<unknown> = Promise.resolve();

  constructor(portal: Portal, { perSecond }: Pace) {
    this.#portal = portal;
    this.#perSecond = perSecond;
  }

  /** Resolves when the next message may go out. */
  take(): Promise<void> {
    if (this.#perSecond === Infinity) return Promise.resolve();
    const taken = this.#taking.then(() => this.#take());
    this.#taking = taken.catch(() => {});
    return taken;
  }

  async #take(): Promise<void> {
    const gap = 1_000 / this.#perSecond;
    const now = this.#portal.now();
    // Places that went by unused are gone: a burst after a silence would be one too fast.
    if (this.#left === 0 || this.#next + this.#left * gap < now) {
      this.#next = await transact(this.#portal.kv, async (tx) => {
        const begin = Math.max(now, await tx.get<number>(keys.outboxPace()) ?? 0);
        tx.set(keys.outboxPace(), begin + BLOCK * gap);
        return begin;
      });
      this.#left = BLOCK;
    }
    const at = this.#next;
    this.#next += gap;
    this.#left--;
    if (at > this.#portal.now()) await delay(at - this.#portal.now());
  }
}
