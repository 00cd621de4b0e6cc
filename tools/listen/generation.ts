import { type Flights, leftUnread } from "./flights.ts";

/** Statuses of those whose body was not begun: its connection would stay open even when the server closes. */
const NOT_BEGUN = [411, 413];

/** So that the page has arrived before its connection is broken off (ms). */
const TO_ARRIVE = 500;

const CUT = new Error("the connection of a body that was not read is closed");

/** One `Deno.serve` of the port, with the connections that it has accepted. */
export class Generation {
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #abort = new AbortController();
  #closing: Promise<void> | null = null;

  /**
   * @param onFault the server accepts no more, because no descriptor is left
   * @throws {Deno.errors.AddrInUse} and what else `Deno.serve` refuses
   */
  constructor(
    address: { port: number; hostname: string },
    handler: Deno.ServeHandler<Deno.NetAddr>,
    flights: Flights,
    onFault: (error: unknown) => void,
  ) {
    this.#server = Deno.serve(
      { ...address, reusePort: true, signal: this.#abort.signal, onListen: () => {}, onError },
      async (request, info) => {
        const response = await flights.track(request, info, () => handler(request, info));
        const cut = leftUnread(request, response) &&
          (this.#closing || NOT_BEGUN.includes(response.status));
        return cut ? cutShort(response) : response;
      },
    );
    this.#server.finished.catch(onFault);
  }

  get port(): number {
    return this.#server.addr.port;
  }

  /** Closes idle and half-open connections, and those in use after their answer. */
  close(): Promise<void> {
    return this.#closing ??= this.#server.shutdown();
  }

  /** Closes all connections now. Not after `close`: the runtime would throw where it cannot be caught. */
  drop(): void {
    if (!this.#closing) this.#abort.abort();
  }
}

function onError(error: unknown): Response {
  if (error !== CUT) console.error(error);
  return new Response(null, { status: 500 });
}

/**
 * The response, after which its connection is broken off: by an error in its body, the one way there is,
 * and only in chunks (with a length the runtime would see no more of it). The runtime would wait for the
 * rest of the request's body for ever otherwise.
 */
function cutShort(response: Response): Response {
  const cut = new TransformStream<Uint8Array, Uint8Array>({
    async flush(controller) {
      await new Promise((resolve) => setTimeout(resolve, TO_ARRIVE));
      controller.error(CUT);
    },
  });
  const { status, headers } = response;
  headers.delete("content-length");
  const body = response.body ?? new Response("").body!;
  return new Response(body.pipeThrough(cut), { status, headers });
}
