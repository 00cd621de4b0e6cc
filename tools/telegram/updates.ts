import type { Update } from "grammy/types";
import { ApiError } from "./model.ts";

export type UpdateBody = Omit<Update, "update_id">;

export interface PollRequest {
  /** Confirms everything below it; negative: only the last `-offset` updates are kept. */
  offset?: number;
  /** 1-100. */
  limit: number;
  /** Seconds to wait for the first update. */
  timeout: number;
  /** Fires when the caller went away. */
  signal: AbortSignal;
}

const MAX_REMEMBERED = 10_000;

/** What happened and was not yet taken by the bot, in order, for long polling and webhook alike. */
export class UpdateQueue {
  /** Called after something was added. */
  onAdded: () => void = () => {};
  /** Called after the bot acknowledged something. */
  onAcknowledged: () => void = () => {};
  #pending: Update[] = [];
  /** To be delivered once more although they were confirmed. */
  #again: Update[] = [];
  readonly #remembered = new Map<number, Update>();
  #allowed: readonly string[] = [];
  #nextId: number;
  #endPoll: ((conflict?: string) => void) | null = null;

  /**
   * @param firstId of updates; not 1, because bots remember the numbers they have seen and their
   *   store outlives this queue
   */
  constructor(firstId: number) {
    this.#nextId = firstId;
  }

  /** Only these kinds of update are made from now on; empty means all. */
  allow(kinds: readonly string[]): void {
    this.#allowed = kinds;
  }

  get allowed(): readonly string[] {
    return this.#allowed;
  }

  get pending(): readonly Update[] {
    return this.#pending;
  }

  /** @returns its number, or null when the bot did not ask for this kind of update */
  add(body: UpdateBody): number | null {
    const kind = Object.keys(body)[0]!;
    if (this.#allowed.length > 0 && !this.#allowed.includes(kind)) return null;
    const update: Update = { update_id: this.#nextId++, ...body };
    this.#pending.push(update);
    this.#remembered.set(update.update_id, update);
    if (this.#remembered.size > MAX_REMEMBERED) {
      this.#remembered.delete(this.#remembered.keys().next().value!);
    }
    this.#added();
    return update.update_id;
  }

  /**
   * Delivers an update once more, as Telegram does when it believes that the first time failed.
   * @returns whether it is still remembered
   */
  addAgain(updateId: number): boolean {
    const update = this.#remembered.get(updateId);
    if (!update) return false;
    this.#again.push(update);
    this.#added();
    return true;
  }

  /** What is to be delivered once more, at the moment of its delivery. */
  takeAgain(): Update[] {
    return this.#again.splice(0);
  }

  acknowledge(updateId: number): void {
    this.#pending = this.#pending.filter((update) => update.update_id !== updateId);
    this.onAcknowledged();
  }

  clear(): void {
    this.#pending = [];
    this.#again = [];
  }

  /**
   * One getUpdates call: answers at once when there is something, else waits.
   * @throws {ApiError} 409 when another call takes over meanwhile
   */
  poll({ offset, limit, timeout, signal }: PollRequest): Promise<Update[]> {
    this.endPoll(
      "terminated by other getUpdates request; make sure that only one bot instance is running",
    );
    if (offset !== undefined) this.#confirm(offset);
    const ready = this.#take(limit);
    if (ready.length > 0 || timeout <= 0 || signal.aborted) return Promise.resolve(ready);
    return new Promise((resolve, reject) => {
      const end = (conflict?: string) => {
        clearTimeout(timer);
        signal.removeEventListener("abort", onAbort);
        this.#endPoll = null;
        if (conflict) reject(new ApiError(409, `Conflict: ${conflict}`));
        else resolve(this.#take(limit));
      };
      const onAbort = () => end();
      const timer = setTimeout(end, timeout * 1_000);
      signal.addEventListener("abort", onAbort);
      this.#endPoll = end;
    });
  }

  /** Ends a waiting getUpdates call: with an empty answer, or with 409 when `conflict` is given. */
  endPoll(conflict?: string): void {
    this.#endPoll?.(conflict);
  }

  #added(): void {
    this.endPoll();
    this.onAdded();
  }

  #confirm(offset: number): void {
    const from = offset < 0 ? this.#pending.at(offset)?.update_id ?? 0 : offset;
    this.#pending = this.#pending.filter((update) => update.update_id >= from);
    this.onAcknowledged();
  }

  /**
   * The earliest, each repetition beside its original: a bot confirms all updates up to the last one
   * it got, so a later one must never come before an earlier one that waits.
   */
  #take(limit: number): Update[] {
    const taken = [...this.#again, ...this.#pending]
      .sort((a, b) => a.update_id - b.update_id)
      .slice(0, limit);
    for (const update of taken) {
      const at = this.#again.indexOf(update);
      if (at >= 0) this.#again.splice(at, 1);
    }
    return taken;
  }
}
