import type { Deps } from "../deps.ts";
import { keys } from "../store/keys.ts";
import { list } from "../store/read.ts";
import type { Channel } from "../store/records/outbox.ts";
import { transact } from "../store/transact.ts";

/** By how much a clock has to go back (ms) to be noticed. Less makes a message wait that much longer. */
export const CLOCK_STEP = 5_000;
/** Entries moved in one commit. */
const AT_ONCE = 200;

/**
 * Moves the schedule entries that were written when the clock was ahead: each waits from now on for as
 * long as it was to wait then. Without this they would wait until the clock is there again. Moved
 * twice, or after it was used up, an entry is only one look too many.
 *
 * @returns how many were moved
 */
export async function rescheduleAhead(deps: Deps, channel: Channel): Promise<number> {
  const now = deps.now();
  const later = list(deps.kv, keys.outboxDue.under(channel), { start: [now + 1] });
  const ahead = (await Array.fromAsync(later)).filter(({ value }) =>
    value !== true && value > now + CLOCK_STEP
  );
  for (let i = 0; i < ahead.length; i += AT_ONCE) {
    await transact(deps.kv, (tx) => {
      for (const { key, rest: [at, partition, id], value } of ahead.slice(i, i + AT_ONCE)) {
        tx.delete(key);
        tx.set(keys.outboxDue(channel, now + Math.max(0, at - Number(value)), partition, id), now);
      }
    });
  }
  return ahead.length;
}
