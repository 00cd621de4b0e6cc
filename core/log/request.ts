import { AsyncLocalStorage } from "node:async_hooks";

/** The request that is being answered. */
export interface RunningRequest {
  /** In the log, in `x-request-id`, and on the page of a fault. */
  readonly id: string;
  /** Round trips to the store, one after the other: calls made side by side are one. */
  trips: number;
  /** Calls to the store that have no answer yet. */
  waiting: number;
}

const running = new AsyncLocalStorage<RunningRequest | null>();

/** Does `work` as part of a request: what it logs carries the id, what it asks the store is counted. */
export function withinRequest<T>(request: RunningRequest, work: () => T): T {
  return running.run(request, work);
}

/**
 * Begins `work` as part of no request: what a request sets going without waiting for it. Without this its
 * entries in the log, its calls to the store, and its timers would be that request's for ever.
 *
 * @example void outsideRequest(() => drainOutbox());
 */
export function outsideRequest<T>(work: () => T): T {
  // `exit` of Deno 2.9 ends with the first `await` of the work.
  return running.run(null, work);
}

export function currentRequest(): RunningRequest | null {
  return running.getStore() ?? null;
}

/**
 * Counts a call to the store for the running request; with the answer of the call.
 */
export async function counted<T>(call: () => Promise<T>): Promise<T> {
  const request = running.getStore();
  if (!request) return await call();
  if (request.waiting++ === 0) request.trips++;
  try {
    return await call();
  } finally {
    request.waiting--;
  }
}
