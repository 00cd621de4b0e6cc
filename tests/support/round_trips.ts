/** A store that counts how many of its round trips came one after the other. */
export interface CountedStore {
  kv: Deno.Kv;
  /** Since it was asked last. */
  trips(): number;
}

/** What Deno KV fetches at once when a list is not told, and at most. */
const [BATCH, MOST] = [100, 500];

/**
 * The same store in rounds: whatever is asked side by side is answered in one round, what waits for
 * an answer goes into the next. A round begins when all of the one before have their answers, so the
 * count does not depend on how fast the machine is. A list takes a round for each batch.
 */
export function countRoundTrips(kv: Deno.Kv): CountedStore {
  let rounds = 0;
  let underWay = 0;
  const waiting: (() => void)[] = [];

  /** Lets all who wait in, once nobody is under way and whoever was answered has asked again. */
  function beginSoon(): void {
    setTimeout(() => {
      if (underWay > 0 || waiting.length === 0) return;
      rounds++;
      underWay = waiting.length;
      for (const enter of waiting.splice(0)) enter();
    });
  }

  async function inRound<T>(work: () => Promise<T>): Promise<T> {
    const entered = new Promise<void>((resolve) => waiting.push(resolve));
    beginSoon();
    await entered;
    try {
      return await work();
    } finally {
      underWay--;
      beginSoon();
    }
  }

  async function* list(...[selector, options = {}]: Parameters<Deno.Kv["list"]>) {
    const batch = options.batchSize ?? Math.min(options.limit ?? BATCH, MOST);
    const entries = kv.list(selector, options);
    for (let count = 0;; count++) {
      const fetches = count % batch === 0 && count !== options.limit;
      const next = () => entries.next();
      const { done, value } = fetches ? await inRound(next) : await next();
      if (done) return;
      yield value;
    }
  }

  const counted = new Proxy(kv, {
    get(target, name) {
      const value = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      if (name === "list") return list;
      if (name === "atomic") {
        return () => {
          const atomic = target.atomic();
          const commit = atomic.commit.bind(atomic);
          atomic.commit = () => inRound(commit);
          return atomic;
        };
      }
      return (...args: unknown[]) => inRound(() => value.apply(target, args));
    },
  });
  return {
    kv: counted,
    trips: () => {
      const counted = rounds;
      rounds = 0;
      return counted;
    },
  };
}
