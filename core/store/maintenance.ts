import { keys } from "./keys.ts";
import { read } from "./read.ts";
import type { Maintenance } from "./records/upkeep.ts";
import { transact } from "./transact.ts";

/** Everything that asks whether the portal is in maintenance, or switches it. */
type Store = { kv: Deno.Kv; now(): number };

/**
 * Since when the portal is in maintenance; null when it is not. While it is, `transact` commits
 * nothing, whoever asks, so that what is read over many calls is one point in time.
 */
export function readMaintenance({ kv }: Pick<Store, "kv">): Promise<Maintenance | null> {
  return read(kv, keys.maintenance());
}

/**
 * Switches the maintenance on or off, for every process on the store.
 *
 * @returns how it was before
 * @example await setMaintenance({ kv, now: Date.now }, true);
 */
export function setMaintenance(store: Store, on: boolean): Promise<Maintenance | null> {
  return transact(store.kv, async (tx) => {
    const before = await tx.get(keys.maintenance());
    if (on && !before) tx.set(keys.maintenance(), { since: store.now() });
    if (!on && before) tx.delete(keys.maintenance());
    return before;
  }, { inMaintenance: true });
}
