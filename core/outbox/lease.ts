import { keys } from "../store/keys.ts";
import type { PartitionLease } from "../store/records/outbox.ts";
import type { Transaction } from "../store/transact.ts";

/** By how much a clock has to go back (ms) to be noticed. Less makes a message wait that much longer. */
export const CLOCK_STEP = 5_000;
/** How long the record of a partition outlives its use. */
const KEPT = 2 * 60 * 60_000;

/**
 * A lease of a time still to come was written by a clock that was ahead: it lasts as long from now on. Any
 * other is answered as it is.
 */
export function endAsMeant(lease: PartitionLease, now: number): PartitionLease {
  const { since, until } = lease;
  return since !== undefined && since > now + CLOCK_STEP
    ? { ...lease, until: now + Math.max(0, until - since), since: now }
    : lease;
}

/** Writes who sends in a partition, or until when it rests. */
export function keepLease(
  tx: Transaction,
  partition: string,
  lease: PartitionLease,
  now: number,
): void {
  const options = lease.holder === null ? { expireIn: lease.until - now + KEPT } : {};
  tx.set(keys.outboxPartition(partition), lease, options);
}
