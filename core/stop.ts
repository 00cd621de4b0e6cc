import { delay } from "./store/delay.ts";

/** What a stop ends. */
export interface Running {
  /** Aborted first: `/saude/pronto` says 503 from then on, nothing is begun by the clock. */
  stopping: AbortController;
  /** How long requests are still taken after that (ms), for the proxies that ask `/saude/pronto`. */
  noticeMs?: number;
  /** Takes no more requests; resolves when those in flight are finished. */
  shutdown(): Promise<void>;
  /** What works beside the requests: each begins nothing more and resolves when it has finished. */
  background: (() => Promise<void>)[];
  /** What requests may have begun: ended after them. */
  afterwards?: (() => Promise<void>)[];
  /** Closed last. */
  kv: Pick<Deno.Kv, "close">;
}

/**
 * Stops a process in order: whoever asks is told, no more is begun, what was begun is finished, the store
 * is closed. A part that fails is logged and holds up no other. There is no time limit here: see
 * `tools/stop.ts`.
 */
export async function stopRunning(running: Running): Promise<void> {
  const { stopping, noticeMs = 0, shutdown, background, afterwards = [], kv } = running;
  stopping.abort();
  const finishing = background.map(finish);
  await delay(noticeMs);
  await finish(shutdown);
  await Promise.all([...finishing, ...afterwards.map(finish)]);
  await finish(() => kv.close());
}

async function finish(part: () => Promise<void> | void): Promise<void> {
  try {
    await part();
  } catch (error) {
    console.error("stop:", error);
  }
}
