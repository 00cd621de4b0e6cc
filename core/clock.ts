/**
 * A machine's clock may be set back, or have been ahead for a while. Times that are stored are compared
 * by these functions, so that what was written by a clock that was ahead neither lasts nor waits
 * longer than it should. What a process waits for itself is measured by timers, which no clock moves.
 */

/** How far apart the clocks of two machines of one portal may be (ms). */
export const SKEW = 60_000;

/**
 * Whether what lasts `life` and ends at `until` goes on now (all ms). What ends later than if it had begun
 * just now was written by a clock that was ahead, and is over.
 *
 * @example isRunning(record.expiresAt, deps.now(), CODE_LIFE)
 */
export function isRunning(until: number, now: number, life: number): boolean {
  return until > now && until - now <= life + SKEW;
}

/** Whether less than `life` has gone by since `at` (all ms); not when `at` is still to come. */
export function isRecent(at: number, now: number, life: number): boolean {
  return now - at < life && at - now <= SKEW;
}
