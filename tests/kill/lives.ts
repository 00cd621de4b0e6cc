import { startProcess } from "../support/production.ts";
import type { World } from "./world.ts";

/** One process of the portal, from its start to its end. */
export interface Life {
  /** Milliseconds since the epoch. */
  startedAt: number;
  signal: "SIGKILL" | "SIGTERM";
  /** Its exit code, and how long after the signal it came (ms). */
  code: number;
  ms: number;
  /** What it wrote to its error output. */
  errors: string;
}

/** The last moment before the signal (ms): it may come at any point of a request or a mail. */
const MOMENT = 100;

/** Starts the portal, waits for `work`, and ends it. */
export async function live(
  world: World,
  signal: Life["signal"],
  work: () => Promise<void>,
): Promise<Life> {
  const startedAt = Date.now();
  const portal = await startProcess("run", world.env);
  await work();
  await new Promise((resolve) => setTimeout(resolve, Math.random() * MOMENT));
  const { code, ms } = await portal.end(signal);
  return { startedAt, signal, code, ms, errors: portal.stderr() };
}
