/** What a look at the connections calls for. */
export type Need = "nothing" | "renew" | "drop";

export interface NeedBounds {
  /** Idle connections that are too many whatever else goes on. */
  crowd: number;
  /** How long they are borne (ms). */
  crowdPatience: number;
  /** How long fewer are (ms): then until the next quiet moment. */
  fewPatience: number;
  /** How long fewer are at most (ms). */
  fewAtMost: number;
  /** So many connections keep more memory than the portal has for them. */
  most: number;
}

const BOUNDS: NeedBounds = {
  crowd: 64,
  crowdPatience: 15_000,
  fewPatience: 25_000,
  fewAtMost: 35_000,
  most: 8_000,
};

/** What is seen at one moment. */
export interface Look {
  /** Milliseconds of a clock that never goes back. */
  now: number;
  /** Open descriptors beyond those of the portal itself; null: hardly any more can be opened. */
  connections: number | null;
  /** Connections with a request in flight or one lately. */
  alive: number;
  /** Nothing would be disturbed. */
  quiet: boolean;
}

/**
 * Judges, look after look, when connections must go. Closing those of a server in use loses a request now
 * and then (one that is sent while its connection is being closed), so it is done by need:
 *
 * - few idle ones: after 25 s, at a moment in which no request is in flight, and after 35 s without one
 * - 64 and more: after 15 s, whatever goes on
 * - hardly a descriptor left, or 8,000 connections: all at once, also those in use
 */
export class NeedToClose {
  readonly #bounds: NeedBounds;
  #someSince: number | null = null;
  #crowdSince: number | null = null;

  constructor(bounds: Partial<NeedBounds> = {}) {
    this.#bounds = { ...BOUNDS, ...bounds };
  }

  judge({ now, connections, alive, quiet }: Look): Need {
    const { crowd, crowdPatience, fewAtMost, fewPatience, most } = this.#bounds;
    if (connections === null || connections >= most) return "drop";
    const idle = connections - alive;
    this.#someSince = idle > 0 ? this.#someSince ?? now : null;
    this.#crowdSince = idle >= crowd ? this.#crowdSince ?? now : null;
    const borne = (since: number | null) => since === null ? 0 : now - since;
    const tooLong = borne(this.#crowdSince) >= crowdPatience ||
      borne(this.#someSince) >= (quiet ? fewPatience : fewAtMost);
    return tooLong ? "renew" : "nothing";
  }

  /** All connections there were are closed or being closed. */
  reset(): void {
    this.#someSince = null;
    this.#crowdSince = null;
  }
}
