/** The same store, each operation `trip` ms later. */
export function slow(kv: Deno.Kv, trip: number): Deno.Kv {
  const wait = () => new Promise((resolve) => setTimeout(resolve, trip));
  return new Proxy(kv, {
    get(target, name) {
      // deno-lint-ignore no-explicit-any
      const value = (target as any)[name];
      if (typeof value !== "function") return value;
      if (name === "list") {
        return async function* (...args: unknown[]) {
          await wait();
          yield* value.apply(target, args);
        };
      }
      if (name === "atomic") {
        return () => {
          const atomic = target.atomic();
          const commit = atomic.commit.bind(atomic);
          atomic.commit = async () => {
            await wait();
            return await commit();
          };
          return atomic;
        };
      }
      return async (...args: unknown[]) => {
        await wait();
        return await value.apply(target, args);
      };
    },
  });
}
