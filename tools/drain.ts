/** A handler that can stop taking requests. */
export interface Drainable {
  handler: Deno.ServeHandler;
  /** From now on new requests are answered with 503; resolves when those before are finished. */
  drain(): Promise<void>;
}

/** Seconds after which a browser may ask again: a restart takes about as long. */
const RETRY_AFTER = 5;

const PAGE = `<!DOCTYPE html><html lang="pt-BR"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Habilita</title>
<h1>O portal está reiniciando</h1>
<p>Nada do que você enviou agora foi recebido. Aguarde alguns segundos e tente de novo.</p>`;

/**
 * Makes a handler drainable. The listener's own `shutdown` finishes answers but cuts off bodies that are
 * still being received (`Cannot read body as underlying resource unavailable`): it comes after this.
 *
 * @param handler is given no request after `drain` was called
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
      if (draining) return refuse();
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

function refuse(): Response {
  return new Response(PAGE, {
    status: 503,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": "default-src 'none'",
      "cache-control": "no-store",
      "retry-after": String(RETRY_AFTER),
      connection: "close",
    },
  });
}
