/** Serves an event stream without end until it is told to stop; run by `stop_test.ts`. */
import { logAsJson } from "../core/log/mod.ts";
import { untilStopped } from "./stop.ts";

logAsJson();
const server = Deno.serve({ port: 0, onListen: () => {} }, () => {
  let timer: ReturnType<typeof setInterval>;
  const events = new ReadableStream<Uint8Array>({
    start(controller) {
      const event = new TextEncoder().encode("data: x\n\n");
      timer = setInterval(() => controller.enqueue(event), 20);
    },
    cancel: () => clearInterval(timer),
  });
  return new Response(events, { headers: { "content-type": "text/event-stream" } });
});
const stopped = untilStopped(() => server.shutdown(), 1);
console.log(server.addr.port);
await stopped;
Deno.exit(7);
