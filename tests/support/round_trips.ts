import { AsyncLocalStorage } from "node:async_hooks";
import { setImmediate } from "node:timers";

/** What Deno KV fetches at once when a list is not told, and at most. */
const [BATCH, MOST] = [100, 500];

/** What is being counted in the running request, update or test; it follows every `await`. */
const counting = new AsyncLocalStorage<RoundTrips | null>();
const observed = new WeakSet<Deno.Kv>();

/**
 * The round trips to the store that came one after the other in one piece of work. The calls go in
 * rounds: those made side by side are answered in one, those that wait for an answer go into the next.
 * A round begins when all calls of the one before have their answers, so the count depends neither on
 * the speed of the machine nor on other work on the same store.
 */
export class RoundTrips {
  /** Rounds so far. */
  count = 0;
  #underWay = 0;
  #waiting: (() => void)[] = [];
  #ended = false;

  /** Does one call in a round; at once when the counting has ended. */
  async inRound<T>(call: () => Promise<T>): Promise<T> {
    if (this.#ended) return await call();
    const entered = new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#beginSoon();
    await entered;
    try {
      return await call();
    } finally {
      this.#underWay--;
      this.#beginSoon();
    }
  }

  /** What the work leaves behind it counts no more. */
  end(): void {
    this.#ended = true;
    for (const enter of this.#waiting.splice(0)) enter();
  }

  /** Begins a round once no call is under way and all that follow from the last round are made. */
  #beginSoon(): void {
    setImmediate(() => {
      if (this.#underWay > 0 || this.#waiting.length === 0) return;
      this.count++;
      this.#underWay = this.#waiting.length;
      for (const enter of this.#waiting.splice(0)) enter();
    });
  }
}

/**
 * Does `work` and counts its round trips to `kv`, until it is done or `trips.end()` is called. A list
 * takes a trip for each batch.
 *
 * @example
 * const trips = new RoundTrips();
 * await countTrips(deps.kv, trips, () => getAccount(deps, account));
 * assertEquals(trips.count, 1);
 */
export function countTrips<T>(kv: Deno.Kv, trips: RoundTrips, work: () => T): T {
  observe(kv);
  return counting.run(trips, work);
}

/** Does `work`, whose round trips belong to none of the counts under way. */
export function uncounted<T>(work: () => T): T {
  return counting.run(null, work);
}

/** The count that the running work belongs to. */
export function currentTrips(): RoundTrips | null {
  return counting.getStore() ?? null;
}

function inRound<T>(call: () => Promise<T>): Promise<T> {
  return currentTrips()?.inRound(call) ?? call();
}

/**
 * Makes the calls of a store heed the count under way; without one they do what they did. The store
 * stays the same object, because caches of the product know stores by identity.
 */
function observe(kv: Deno.Kv): void {
  if (observed.has(kv)) return;
  observed.add(kv);
  for (const name of ["get", "getMany", "set", "delete"] as const) {
    const call = kv[name].bind(kv) as (...args: unknown[]) => Promise<unknown>;
    Object.defineProperty(kv, name, {
      configurable: true,
      value: (...args: unknown[]) => inRound(() => call(...args)),
    });
  }
  const { list, atomic } = kv;
  kv.list = function <T>(...[selector, options = {}]: Parameters<Deno.Kv["list"]>) {
    const batch = options.batchSize ?? Math.min(options.limit ?? BATCH, MOST);
    const entries = list.call(kv, selector, options) as Deno.KvListIterator<T>;
    const next = entries.next.bind(entries);
    let asked = 0;
    entries.next = () => {
      const fetches = asked % batch === 0 && asked !== options.limit;
      asked++;
      return fetches ? inRound(next) : next();
    };
    return entries;
  };
  kv.atomic = () => {
    const operation = atomic.call(kv);
    const commit = operation.commit.bind(operation);
    operation.commit = () => inRound(commit);
    return operation;
  };
}
