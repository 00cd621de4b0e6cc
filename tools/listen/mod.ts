import { log } from "@/core/log/mod.ts";
import { openDescriptors } from "./descriptors.ts";
import { Flights } from "./flights.ts";
import { Generation } from "./generation.ts";
import { type NeedBounds, NeedToClose } from "./need.ts";

export interface ListenOptions {
  /** 0: any free one. */
  port: number;
  /** 127.0.0.1 when left out; 0.0.0.0: all addresses of the machine. */
  hostname?: string;
  handler: Deno.ServeHandler<Deno.NetAddr>;
  /** Called once, when the port is open. */
  onListen?(address: { port: number }): void;
  /** Milliseconds between two looks at the connections: 2 s when left out. */
  look?: number;
  /** When connections are closed; see there for what it is when left out. */
  need?: Partial<NeedBounds>;
}

export interface Listener {
  port: number;
  /** Requests that are being answered. */
  inFlight(): number;
  /** Takes no more requests; resolves when those in flight are finished. */
  shutdown(): Promise<void>;
}

/** Until it is tried again to listen, when no descriptor is left (ms). */
const AGAIN = 100;

/**
 * Serves HTTP on a port like `Deno.serve`, which has no time-outs for headers, bodies and idle connections
 * and ends when the descriptors do. Here they are closed by changing the server: a new one listens at the
 * same port (`reusePort`), then the old one is shut down (decision 29). `NeedToClose` says when.
 *
 * @throws {Deno.errors.AddrInUse} when the port is taken, and what else `Deno.serve` refuses
 * @example
 * const listener = listen({ port: 8000, handler, onListen: ({ port }) => console.log(port) });
 * await listener.shutdown();
 */
export function listen(
  { port, hostname = "127.0.0.1", handler, onListen, look = 2_000, need: bounds }: ListenOptions,
): Listener {
  const flights = new Flights();
  const need = new NeedToClose(bounds);
  const address = { hostname, port: freeForUs(hostname, port) };
  /** Descriptors of the portal itself: the fewest that were open. */
  let own = openDescriptors();
  if (own === null) {
    log("warning", "too_few_descriptors", { advice: "ulimit -n, LimitNOFILE: 1024 ou mais" });
  }
  let stopped = false;
  let again: ReturnType<typeof setTimeout> | undefined;
  const closing = new Map<Generation, Promise<void>>();
  let current = begin();

  function begin(): Generation {
    const generation = new Generation(address, handler, flights, () => {
      if (generation === current) drop();
    });
    need.reset();
    return generation;
  }

  function close(generation: Generation): void {
    const closed = generation.close().catch(() => {}).finally(() => closing.delete(generation));
    closing.set(generation, closed);
  }

  function renew(): void {
    const old = current;
    try {
      current = begin();
    } catch {
      return drop();
    }
    close(old);
  }

  /** Every connection goes, and the port is open again at once. */
  function drop(): void {
    for (const generation of [...closing.keys(), current]) generation.drop();
    clearTimeout(again);
    if (stopped) return;
    try {
      current = begin();
    } catch {
      again = setTimeout(drop, AGAIN);
    }
  }

  const looking = setInterval(() => {
    const now = performance.now();
    const open = openDescriptors();
    // What the start had open and has closed since must not hide as many connections.
    if (own !== null && open !== null) own = Math.min(own, open);
    const judged = need.judge({
      now,
      // With a limit that is too low from the beginning, dropping connections would not help.
      connections: own === null ? 0 : open === null ? null : open - own,
      alive: flights.alive(now),
      quiet: flights.isQuiet(now),
    });
    if (judged === "drop") drop();
    if (judged === "renew") renew();
  }, look);

  onListen?.({ port: address.port });
  return {
    port: address.port,
    inFlight: () => flights.size,
    async shutdown() {
      stopped = true;
      clearInterval(looking);
      clearTimeout(again);
      close(current);
      await Promise.all(closing.values());
    },
  };
}

/** Two servers that share ports would both have it: whether another has it is asked without sharing. */
function freeForUs(hostname: string, port: number): number {
  const listener = Deno.listen({ hostname, port });
  const { port: free } = listener.addr;
  listener.close();
  return free;
}
