import { counted } from "../log/mod.ts";
import { Overloaded } from "../overloaded.ts";
import { within } from "./within.ts";

/** How long one call of the store is waited for (ms): it answers in 1, over a network in 100. */
const PATIENCE = 10_000;

/**
 * The answer of a call of the store, or an error when it takes too long. The call itself cannot be
 * taken back: a commit that is late may still be made. It counts as a trip of the running request.
 *
 * @throws {Overloaded} after 10 s
 */
export async function inTime<T>(call: Promise<T>, patience = PATIENCE): Promise<T> {
  return await counted(() =>
    within(patience, call, () => {
      throw new Overloaded("store");
    })
  );
}
