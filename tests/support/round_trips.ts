/** A store that counts how many of its round trips came one after the other. */
export interface CountedStore {
  kv: Deno.Kv;
  /** Since it was asked last. */
  trips(): number;
}

/** What Deno KV fetches at once when a list is not told. */
const BATCH = 100;

/**
 * The same store in rounds: whatever is asked side by side is answered in one round, what waits for
 * an answer goes into the next. No clock: the count is the same on every machine. A list takes a round
 * for each batch.
 */
export function countRoundTrips(kv: Deno.Kv): CountedStore {
  let rounds = 0;
  let current: Promise<void> | null = null;
  const round = () =>
    current ??= new Promise((resolve) =>
      setTimeout(() => {
        rounds++;
        current = null;
        resolve();
      })
    );

  async function* list(...[selector, options = {}]: Parameters<Deno.Kv["list"]>) {
    const batch = options.batchSize ?? Math.min(options.limit ?? BATCH, 500);
    let count = 0;
    for await (const entry of kv.list(selector, options)) {
      if (count++ % batch === 0) await round();
      yield entry;
    }
    // A full batch does not say that it was the last.
    if (count % batch === 0 && count !== options.limit) await round();
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
          atomic.commit = async () => (await round(), await commit());
          return atomic;
        };
      }
      return async (...args: unknown[]) => (await round(), await value.apply(target, args));
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
