import { Overloaded, type OverloadKind } from "./overloaded.ts";

export interface WorkQueueBounds {
  /** What it is for, in the error of those who find no place. */
  kind: OverloadKind;
  /** Works that run at the same time. */
  running: number;
  /** Places beyond those that run. */
  waiting: number;
  /** Milliseconds until who waits is turned away. */
  patience: number;
}

/** A place in the queue: given back when it is disposed of. */
export interface Place extends Disposable {
  /**
   * Runs `work` as soon as it is its turn.
   * @throws {Overloaded} when its turn does not come within the patience
   */
  run<T>(work: () => Promise<T>): Promise<T>;
}

/**
 * Costly work in a bounded queue. Who finds no place is told at once, before anything was begun.
 *
 * @example
 * const hashing = new WorkQueue({ kind: "passwords", running: 2, waiting: 32, patience: 5_000 });
 * using place = hashing.enter();
 * const hash = await place.run(() => argon2(password));
 */
export class WorkQueue {
  readonly #bounds: WorkQueueBounds;
  #places = 0;
  #running = 0;
  readonly #turns: (() => void)[] = [];

  constructor(bounds: WorkQueueBounds) {
    this.#bounds = bounds;
  }

  /** @throws {Overloaded} when all places are taken */
  enter(): Place {
    const { kind, running, waiting } = this.#bounds;
    if (this.#places >= running + waiting) throw new Overloaded(kind);
    this.#places++;
    let taken = true;
    return {
      run: (work) => this.#run(work),
      [Symbol.dispose]: () => {
        if (taken) this.#places--;
        taken = false;
      },
    };
  }

  async #run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running < this.#bounds.running) this.#running++;
    else await this.#turn();
    try {
      return await work();
    } finally {
      const next = this.#turns.shift();
      if (next) next();
      else this.#running--;
    }
  }

  /** Who ends hands its turn to the first that waits. */
  #turn(): Promise<void> {
    const { kind, patience } = this.#bounds;
    return new Promise((resolve, reject) => {
      const turn = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#turns.splice(this.#turns.indexOf(turn), 1);
        reject(new Overloaded(kind));
      }, patience);
      this.#turns.push(turn);
    });
  }
}
