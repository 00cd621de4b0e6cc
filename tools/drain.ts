import type { StoppingInfo } from "@/http/limits.ts";

/** A handler that can stop taking requests. */
export interface Drainable {
  handler: Deno.ServeHandler;
  /** From now on new requests are marked as too late; resolves when those before are finished. */
  drain(): Promise<void>;
}

/**
 * Makes a handler drainable. The listener's own `shutdown` finishes answers but cuts off bodies that are
 * still being received (`Cannot read body as underlying resource unavailable`): it comes after this.
 *
 * @param handler is told of a request that came after `drain` was called, `info.stopping`, and
 *   answers it without working on it: see `http/limits.ts`
 * @example
 * const { handler, drain } = drainable(app);
 * const server = Deno.serve(handler);
 * await drain();
 * await server.shutdown();
 */
export function drainable(handler: Deno.ServeHandler): Drainable {
  const inFlight = new Set<Promise<void>>();
  let draining = false;
  return {
    handler(request, info) {
      if (draining) {
        return handler(
          request,
          Object.assign(info, { stopping: true } satisfies Partial<StoppingInfo>),
        );
      }
      const done: Promise<void> = info.completed.catch(() => {})
        .finally(() => inFlight.delete(done));
      inFlight.add(done);
      return handler(request, info);
    },
    async drain() {
      draining = true;
      await Promise.all(inFlight);
    },
  };
}
