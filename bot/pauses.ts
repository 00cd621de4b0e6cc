import type { Transformer } from "grammy/web";
import { delay } from "../core/store/delay.ts";

/** What one update may spend on pauses (ms): with the calls themselves it stays under its lease. */
const BUDGET = 30_000;

/**
 * Obeys `retry_after` of a 429 in the answers to one update: the call is made again after the pause
 * that Telegram asks for, so that what was said before it is not said a second time. A longer pause
 * than the update has left fails, and the update is taken up again later.
 *
 * @param wait another measure of time, for a portal whose clock goes faster
 */
export function obeyPauses(wait: (ms: number) => Promise<void> = delay): Transformer {
  let left = BUDGET;
  return async (call, method, payload, signal) => {
    for (;;) {
      const answer = await call(method, payload, signal);
      if (answer.ok || answer.error_code !== 429) return answer;
      const pause = (answer.parameters?.retry_after ?? 1) * 1_000;
      if (pause > left) return answer;
      left -= pause;
      await wait(pause);
    }
  };
}
