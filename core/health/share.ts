/** How long an answer is shared (ms): however many callers ask, the store is asked once in it. */
const SHARED = 1_000;

/**
 * A function whose answer is shared by all callers for a second, for each store by itself. Time is that
 * of a clock that only goes forward, so that a change of the machine's clock cannot keep an answer.
 *
 * @example const shared = shareForASecond(lookAtAll); await shared(deps);
 */
export function shareForASecond<D extends { readonly kv: Deno.Kv }, T>(
  ask: (deps: D) => Promise<T>,
): (deps: D) => Promise<T> {
  const last = new WeakMap<Deno.Kv, { at: number; answer: Promise<T> }>();
  return (deps) => {
    const known = last.get(deps.kv);
    if (known && performance.now() - known.at < SHARED) return known.answer;
    const answer = ask(deps);
    last.set(deps.kv, { at: performance.now(), answer });
    return answer;
  };
}
