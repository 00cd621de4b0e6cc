import { StoreUnavailable } from "./unavailable.ts";

/**
 * One at a time, in the order of asking. SQLite takes one commit at a time anyway; but those that wait
 * inside it each wait five seconds for a lock, one after the other, and cannot be called back. Those
 * that wait here can.
 */
export class Turns {
  #taken = false;
  readonly #waiting: (() => void)[] = [];

  /**
   * Runs `work` when those before it are done.
   *
   * @param patience how long it may wait for its turn (ms)
   * @throws {StoreUnavailable} "busy" when its turn did not come; `work` has not been begun
   */
  async run<T>(patience: number, work: () => Promise<T>): Promise<T> {
    if (this.#taken) await this.#wait(patience);
    this.#taken = true;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#taken = false;
    }
  }

  #wait(patience: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const go = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(go), 1);
        reject(storeBusy());
      }, Math.max(0, patience));
      this.#waiting.push(go);
    });
  }
}

/** What is thrown when another process keeps the store to itself. */
export function storeBusy(cause?: unknown): StoreUnavailable {
  return new StoreUnavailable(
    "busy",
    "O banco está ocupado por outro processo: nada foi gravado. Tente de novo em instantes.",
    { cause },
  );
}
