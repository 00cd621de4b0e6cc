import type { Deps } from "../deps.ts";
import { probeStore } from "./store_parts.ts";

/** Whether a process should be sent requests. */
export type Readiness = "ready" | "stopping" | "store";

/**
 * Whether this process takes requests: not while it stops, nor when the store takes no changes. The
 * store is asked at most once a second, however many callers there are.
 *
 * @param stopping aborted when the process has been told to stop
 * @example if (await readiness(deps, stopping) !== "ready") …
 */
export async function readiness(deps: Deps, stopping: AbortSignal): Promise<Readiness> {
  if (stopping.aborted) return "stopping";
  return (await probeStore(deps)).ok ? "ready" : "store";
}
