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

/** How long the portal works before the signal comes (ms). */
const LEAST = 100;
const MOST = 700;

/** Starts the portal, lets it work for a moment, or until `work` is done, and ends it. */
export async function live(
  world: World,
  signal: Life["signal"],
  work: Promise<void> = Promise.resolve(),
): Promise<Life> {
  const startedAt = Date.now();
  const portal = await startProcess("run", world.env);
  await new Promise((resolve) => setTimeout(resolve, LEAST + Math.random() * (MOST - LEAST)));
  await work;
  const { code, ms } = await portal.end(signal);
  return { startedAt, signal, code, ms, errors: portal.stderr() };
}
