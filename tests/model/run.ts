import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Action } from "./actions.ts";
import { type Counts, sequences } from "./commands.ts";
import { compare } from "./compare.ts";
import { findFaults } from "./invariants.ts";
import { Model } from "./model.ts";
import { PortalTown } from "./town.ts";
import { buildTown, openTown } from "./town.ts";

export interface ModelRun {
  /** Null when there was no difference; else what fast-check says, with the shortest sequence. */
  difference: string | null;
  counts: Counts;
}

/** Of the longest sequence; they are half as long on average. */
const LENGTH = 30;

/**
 * Plays random sequences of actions in the portal, each in a store of its own, and in the model.
 * @param seed the same one makes the same sequences
 */
export async function playSequences(
  { count, seed, change = {}, onProgress }: {
    count: number;
    seed: number;
    /** Rules of the model to be replaced, to see that a difference is found. */
    change?: Partial<Record<Action["do"], () => string | undefined>>;
    onProgress?: (done: number) => void;
  },
): Promise<ModelRun> {
  const entries = await buildTown();
  const counts: Counts = {};
  let done = 0;
  const property = fc.asyncProperty(sequences(LENGTH, counts), async (actions) => {
    using deps = await openTown(entries);
    const model = Object.assign(new Model(), change);
    const town = new PortalTown(deps);
    await fc.asyncModelRun(() => ({ model, real: town }), actions);
    await compare(model, town);
    assertEquals(await findFaults(deps), []);
    onProgress?.(++done);
  });
  const details = await fc.check(property, {
    numRuns: count,
    seed,
    includeErrorInReport: true,
  });
  return { difference: fc.defaultReportMessage(details) ?? null, counts };
}
