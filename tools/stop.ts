import { log } from "@/core/log/mod.ts";

/**
 * Resolves when the process has been told to stop (SIGTERM, SIGINT) and has stopped. A signal that comes
 * again changes nothing: a terminal and `deno task` may both send one.
 *
 * @param stop ends what runs, in order: see `stopRunning`
 * @param seconds after which the process ends, with 0 too: an event stream or a request that is only half
 *   sent would hold it for ever
 * @example
 * await untilStopped(() => stop(() => server.shutdown()), 20);
 * Deno.exit(0);
 */
export async function untilStopped(stop: () => Promise<void>, seconds: number): Promise<void> {
  await told();
  setTimeout(() => {
    const advice = `Nem tudo terminou em ${seconds} s: o processo acaba assim mesmo, e o que foi ` +
      "confirmado está guardado.";
    log("error", "stop_unfinished", { advice });
    Deno.exit(0);
  }, seconds * 1_000);
  await stop();
}

function told(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      Deno.addSignalListener(signal, () => resolve());
    }
  });
}
