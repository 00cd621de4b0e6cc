/** What changes in memory while others wait for it. */
export class Watched {
  readonly #watchers = new Set<() => void>();
  readonly #missing: string;

  /** @param missing begins the error of a wait in vain, e.g. `no such mail` */
  constructor(missing: string) {
    this.#missing = missing;
  }

  /** Tells the callers that wait in `waitFor` that there is something new to look at. */
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
        () => finish(() => reject(new Error(`${this.#missing} within ${timeoutMs} ms`))),
        timeoutMs,
      );
      this.#watchers.add(look);
      look();
    });
  }
}
