/** Works that take turns: so many at a time, the others in the order of asking. */
export class Turns {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  /** @param atOnce works that run at the same time */
  constructor(atOnce: number) {
    this.#free = atOnce;
  }

  /**
   * Runs `work` when those before it are done.
   *
   * @param patience how long it may wait for its turn (ms)
   * @param late makes what is thrown when its turn did not come; `work` has not been begun
   */
  async run<T>(patience: number, work: () => Promise<T>, late: () => Error): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await this.#wait(patience, late);
    try {
      return await work();
    } finally {
      // Who ends hands its turn to the first that waits.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    }
  }

  #wait(patience: number, late: () => Error): Promise<void> {
    return new Promise((resolve, reject) => {
      const go = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(go), 1);
        reject(late());
      }, Math.max(0, patience));
      this.#waiting.push(go);
    });
  }
}
