/** An answer, and whether its connection can serve another request. */
export interface Flown {
  response: Response;
  usable: boolean;
}

/** When a connection was last heard of: milliseconds of `performance.now()`. */
type Moment = number;

/** A connection that had a request within this time (ms) is not idle. */
const ALIVE = 10_000;
/** A request that takes longer (ms) is a body that does not come, or a store that does not answer. */
const SLOW = 5_000;
/** Milliseconds without a new request on a connection that is kept. */
const PAUSE = 100;

/** The requests in flight, and the connections on which some came lately. */
export class Flights {
  readonly #flying = new Set<{ since: Moment }>();
  readonly #alive = new Map<string, Moment>();
  #last: Moment = -Infinity;

  get size(): number {
    return this.#flying.size;
  }

  /** Runs a handler as a request in flight. */
  async track(
    request: Request,
    { remoteAddr }: Deno.ServeHandlerInfo,
    handle: () => Promise<Flown>,
  ): Promise<Response> {
    const flight = { since: performance.now() };
    this.#flying.add(flight);
    // A proxy that opens a connection for each request says that it will close it.
    const kept = request.headers.get("connection")?.toLowerCase() !== "close" &&
      "hostname" in remoteAddr;
    const peer = kept ? `${remoteAddr.hostname} ${remoteAddr.port}` : null;
    if (peer !== null) {
      this.#alive.set(peer, flight.since);
      this.#last = flight.since;
    }
    try {
      const { response, usable } = await handle();
      if (peer !== null && !usable) this.#alive.delete(peer);
      return response;
    } finally {
      this.#flying.delete(flight);
    }
  }

  /** Connections that are in use, as far as can be told. */
  alive(now: Moment): number {
    for (const [peer, at] of this.#alive) if (now - at > ALIVE) this.#alive.delete(peer);
    return Math.max(this.#alive.size, this.#flying.size);
  }

  /** Would closing connections now disturb no visitor but slow ones? */
  isQuiet(now: Moment): boolean {
    return now - this.#last > PAUSE &&
      this.#flying.values().every(({ since }) => now - since > SLOW);
  }
}
