import { Overloaded, type OverloadKind } from "./overloaded.ts";
import { Turns } from "./turns.ts";

export interface WorkQueueBounds {
  /** What it is for, in the error of those who find no place. */
  kind: OverloadKind;
  /** Works that run at the same time. */
  running: number;
  /** Places beyond those that run. */
  waiting: number;
  /** Milliseconds: whose turn would come later, as long as works take now, gets no place. */
  wait: number;
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

/** How much the last work counts in the mean. */
const SHARE = 0.1;

/**
 * Costly work in a bounded queue. Who finds no place is told at once, before anything was begun.
 *
 * @example
 * const hashing = new WorkQueue({ kind: "passwords", running: 2, waiting: 32, wait: 1_000, patience: 5_000 });
 * using place = hashing.enter();
 * const hash = await place.run(() => argon2(password));
 */
export class WorkQueue {
  readonly #bounds: WorkQueueBounds;
  readonly #turns: Turns;
  #places = 0;
  /** Milliseconds that a work takes: the mean of the last ones. */
  #takes = 0;

  constructor(bounds: WorkQueueBounds) {
    this.#bounds = bounds;
    this.#turns = new Turns(bounds.running);
  }

  /** @throws {Overloaded} when all places are taken, or the turn of one more would come too late */
  enter(): Place {
    const { kind, running, wait, waiting } = this.#bounds;
    const before = Math.max(0, this.#places + 1 - running);
    if (before > waiting || before * this.#takes / running > wait) throw new Overloaded(kind);
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
    const { kind, patience } = this.#bounds;
    const timed = async () => {
      const started = performance.now();
      try {
        return await work();
      } finally {
        this.#takes += (performance.now() - started - this.#takes) * SHARE;
      }
    };
    return await this.#turns.run(patience, timed, () => new Overloaded(kind));
  }
}
