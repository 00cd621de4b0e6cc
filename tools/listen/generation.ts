import { log } from "@/core/log/mod.ts";
import type { Flights, Flown } from "./flights.ts";
import { readRest } from "./rest.ts";

/** So that the page has arrived before its connection is broken off (ms). */
const TO_ARRIVE = 500;

const CUT = new Error("the connection of a body that was not read is closed");

/** One `Deno.serve` of the port, with the connections that it has accepted. */
export class Generation {
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #handler: Deno.ServeHandler<Deno.NetAddr>;
  readonly #abort = new AbortController();
  /** Of each request in work what drops it. A promise shared by all would keep what waited for it. */
  readonly #inWork = new Set<() => void>();
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
    this.#handler = handler;
    this.#server = Deno.serve(
      { ...address, reusePort: true, signal: this.#abort.signal, onListen: () => {}, onError },
      (request, info) => flights.track(request, info, () => this.#answer(request, info)),
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

  /** Closes all connections now; after `close` those that are left when they are being answered. */
  drop(): void {
    // `abort` after `shutdown`: the runtime would throw where it cannot be caught.
    if (this.#closing) this.#inWork.forEach((dropOne) => dropOne());
    else this.#abort.abort();
  }

  async #answer(request: Request, info: Deno.ServeHandlerInfo<Deno.NetAddr>): Promise<Flown> {
    const dropped = Promise.withResolvers<null>();
    const dropOne = () => dropped.resolve(null);
    this.#inWork.add(dropOne);
    try {
      const answer = this.#handled(request, info);
      const response = await Promise.race([answer, dropped.promise]);
      if (!response) {
        answer.then((unwanted) => unwanted.body?.cancel()).catch(() => {});
        return { response: cutShort(new Response(null, { status: 503 }), 0), usable: false };
      }
      const rest = await Promise.race([readRest(request, response.status), dropped.promise]);
      const cut = rest === "unread" || rest !== "read" && this.#closing !== null;
      return { response: cut ? cutShort(response, TO_ARRIVE) : response, usable: rest === "read" };
    } finally {
      this.#inWork.delete(dropOne);
    }
  }

  async #handled(request: Request, info: Deno.ServeHandlerInfo<Deno.NetAddr>): Promise<Response> {
    try {
      return await this.#handler(request, info);
    } catch (error) {
      log("error", "fault", {}, error);
      return new Response(null, { status: 500 });
    }
  }
}

function onError(error: unknown): Response {
  if (error !== CUT) log("error", "fault", {}, error);
  return new Response(null, { status: 500 });
}

/**
 * The response, after which its connection is broken off: by an error in its body, the one way there is,
 * and only in chunks (with a length the runtime would see no more of it). The runtime would wait for the
 * rest of the request's body for ever otherwise.
 */
function cutShort(response: Response, after: number): Response {
  const cut = new TransformStream<Uint8Array, Uint8Array>({
    async flush(controller) {
      await new Promise((resolve) => setTimeout(resolve, after));
      controller.error(CUT);
    },
  });
  const { status, headers } = response;
  headers.delete("content-length");
  const body = response.body ?? new Response("").body!;
  return new Response(body.pipeThrough(cut), { status, headers });
}
