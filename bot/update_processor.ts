import { within } from "../core/store/within.ts";
import { log } from "@/core/log/mod.ts";
import type { Key } from "../core/store/key.ts";
import type { Update } from "grammy/types";
import { type Bot, BotError, GrammyError } from "grammy/web";
import { SKEW } from "../core/clock.ts";
import type { Deps } from "../core/deps.ts";
import { delay } from "../core/store/delay.ts";
import { keys } from "../core/store/keys.ts";
import { list } from "../core/store/read.ts";
import type { KeptUpdate } from "../core/store/records/bot.ts";
import { transact } from "../core/store/transact.ts";
import { isBusy, UPDATE_LEASE } from "./dedupe.ts";
import { isRefusedByStore } from "./errors.ts";

/**
 * - `done`: also when it had been done before.
 * - `kept`: it takes longer or is to be tried again; it is written down and Telegram may forget it.
 * - `busy`: the same update is being worked on at this moment; Telegram has to bring it again.
 * - `refused`: the portal is in maintenance, or its store is busy; Telegram has to bring it again.
 * - `failed`: nothing is kept; Telegram has to bring it again.
 */
export type UpdateOutcome = "done" | "kept" | "busy" | "refused" | "failed";

/** The bringer of an update waits no longer than this (ms). */
const PATIENCE = 1_000;
const ATTEMPTS = 4;
/** Before the second attempt, in milliseconds; doubles. */
const FIRST_PAUSE = 250;
const PAGE = 100;

/** Takes updates in: within a second, whatever Telegram or the store do, and without losing one. */
export class UpdateProcessor {
  readonly #deps: Deps;
  readonly #bot: Bot;
  readonly #running = new Set<Promise<void>>();
  readonly #stopped = new AbortController();

  constructor(deps: Deps, bot: Bot) {
    this.#deps = deps;
    this.#bot = bot;
  }

  /**
   * Handles an update. What is not done after a second is written down and finished afterwards.
   *
   * @param keepFailures an update that failed is tried again here, because Telegram does not bring it again;
   *   otherwise only one that Telegram asked a pause for
   */
  async process(
    update: Update,
    { keepFailures }: { keepFailures: boolean },
  ): Promise<UpdateOutcome> {
    const working = this.#attempt(update);
    try {
      return await this.#outcome(update, working, keepFailures);
    } catch (error) {
      // Not kept: it goes on, and is the same one when it comes again.
      this.#run(working.then(() => {}));
      if (isRefusedByStore(error)) return "refused";
      throw error;
    }
  }

  async #outcome(
    update: Update,
    working: Promise<{ error?: unknown }>,
    keepFailures: boolean,
  ): Promise<UpdateOutcome> {
    const kept: KeptUpdate = { update, attempts: 1 };
    const first = await within(PATIENCE, working, () => null);
    if (first === null) {
      const key = await this.#keep(kept, UPDATE_LEASE);
      this.#run(working.then((outcome) => this.#settle(key, kept, outcome)));
      return "kept";
    }
    if (!first.error) return "done";
    if (isBusy(first.error)) return "busy";
    if (isRefusedByStore(first.error)) return "refused";
    this.#log(update, 1, first.error);
    const pause = pauseOf(first.error);
    if (!keepFailures && !pause) return "failed";
    await this.#putOff(kept, pause ?? FIRST_PAUSE);
    return "kept";
  }

  /** Takes up what a killed process had kept; for the start, and for a cron. */
  async resume(): Promise<void> {
    const now = this.#deps.now();
    const kept = list(this.#deps.kv, keys.updateKept.under(), { limit: PAGE });
    // What was kept at a time to come was kept when the clock was ahead. No update is done twice.
    const due = (await Array.fromAsync(kept)).filter(({ rest: [dueAt], value }) =>
      dueAt <= now || (value.keptAt ?? 0) > now + SKEW
    );
    await Promise.all(due.map(({ key, value }) => this.#again(key, value)));
  }

  /** Resolves when nothing is being worked on and nothing waits for its pause to end. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  /** Ends the pauses; resolves when what is being worked on is finished. What waits stays kept. */
  async close(): Promise<void> {
    this.#stopped.abort();
    await this.idle();
  }

  async #attempt(update: Update): Promise<{ error?: unknown }> {
    try {
      // grammY's own `init` would wait for Telegram without end.
      if (!this.#bot.isInited()) this.#bot.botInfo = await this.#bot.api.getMe();
      await this.#bot.handleUpdate(update);
      return {};
    } catch (error) {
      return { error };
    }
  }

  async #again(key: Key<KeptUpdate>, kept: KeptUpdate): Promise<void> {
    const next = { ...kept, attempts: kept.attempts + 1 };
    await this.#settle(key, next, await this.#attempt(kept.update));
  }

  /** Writes down what became of a kept update. */
  async #settle(
    key: Key<KeptUpdate>,
    kept: KeptUpdate,
    { error }: { error?: unknown },
  ): Promise<void> {
    // The process that works on it settles it, or it comes due again.
    if (isBusy(error) || isRefusedByStore(error)) return;
    if (error) this.#log(kept.update, kept.attempts, error);
    // Given up in the end: one that always fails would be tried for ever.
    if (error && kept.attempts < ATTEMPTS) {
      await this.#putOff(kept, pauseOf(error) ?? FIRST_PAUSE * 2 ** (kept.attempts - 1), key);
    } else {
      await transact(this.#deps.kv, (tx) => tx.delete(key));
    }
  }

  async #putOff(kept: KeptUpdate, pause: number, before?: Key<KeptUpdate>): Promise<void> {
    const key = await this.#keep(kept, pause + UPDATE_LEASE, before);
    this.#run(
      delay(pause, this.#stopped.signal).then(() => this.#again(key, kept), () => {}),
    );
  }

  /** Another process looks at it only when this one should have been done with it. */
  async #keep(kept: KeptUpdate, ms: number, before?: Key<KeptUpdate>): Promise<Key<KeptUpdate>> {
    const keptAt = this.#deps.now();
    const key = keys.updateKept(keptAt + ms, kept.update.update_id);
    await transact(this.#deps.kv, (tx) => {
      if (before) tx.delete(before);
      tx.set(key, { ...kept, keptAt });
    });
    return key;
  }

  #run(work: Promise<void>): void {
    const running: Promise<void> = work
      // What the store does not note is as it was kept, and comes due again.
      .catch((error) => {
        if (!isRefusedByStore(error)) log("error", "telegram_update_not_kept", {}, error);
      })
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  #log({ update_id }: Update, attempt: number, error: unknown): void {
    log("error", "telegram_update_failed", { update: update_id, attempt, of: ATTEMPTS }, error);
  }
}

/** How long Telegram asks to wait (ms). */
function pauseOf(error: unknown): number | null {
  const cause = error instanceof BotError ? error.error : error;
  if (!(cause instanceof GrammyError) || cause.error_code !== 429) return null;
  return (cause.parameters.retry_after ?? 1) * 1_000;
}
