import type { Deps } from "../deps.ts";
import { keys } from "../store/keys.ts";
import { type Entry, list } from "../store/read.ts";
import type { Channel } from "../store/records/outbox.ts";
import { transact, WORK_CHECKS } from "../store/transact.ts";
import { CLOCK_STEP, endAsMeant, keepLease } from "./lease.ts";

/** Entries moved in one commit, each with a check of its partition. */
const AT_ONCE = WORK_CHECKS;

export type Due = Entry<number | true, [at: number, partition: string, id: string]>;

/** The schedule entries that were written when the clock was ahead; one round trip when there are few. */
export async function findAhead(deps: Deps, channel: Channel): Promise<Due[]> {
  const now = deps.now();
  const later = list(deps.kv, keys.outboxDue.under(channel), { start: [now + 1] });
  return (await Array.fromAsync(later)).filter(({ value }) =>
    value !== true && value > now + CLOCK_STEP
  );
}

/**
 * Moves what `findAhead` has found, and the leases of their partitions: each waits from now on for as
 * long as it was to wait then. Without this they would wait until the clock is there again. An entry
 * that was used up meanwhile is only one look too many.
 */
export async function reschedule(
  deps: Deps,
  channel: Channel,
  ahead: readonly Due[],
): Promise<void> {
  const now = deps.now();
  for (let i = 0; i < ahead.length; i += AT_ONCE) {
    await move(deps, channel, ahead.slice(i, i + AT_ONCE), now);
  }
}

async function move(
  deps: Deps,
  channel: Channel,
  entries: readonly Due[],
  now: number,
): Promise<void> {
  const partitions = [...new Set(entries.map(({ rest: [, partition] }) => partition))];
  await transact(deps.kv, async (tx) => {
    const leases = await tx.getMany(partitions.map((name) => keys.outboxPartition(name)));
    for (const [i, lease] of leases.entries()) {
      const meant = lease && endAsMeant(lease, now);
      if (meant && meant !== lease) keepLease(tx, partitions[i]!, meant, now);
    }
    for (const { key, rest: [at, partition, id], value } of entries) {
      const wait = Math.max(0, at - Number(value));
      tx.delete(key);
      tx.set(keys.outboxDue(channel, now + wait, partition, id), now);
    }
  });
}
