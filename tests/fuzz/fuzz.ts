import { Random } from "./random.ts";
import type { Outcome, Target } from "./targets.ts";
import type { FuzzWorld } from "./world.ts";

export interface FuzzReport {
  counts: Record<string, Record<Outcome, number>>;
  /** What must not be: crashes, hangs, acceptances; at most a few of them, with their numbers. */
  faults: string[];
  slowest: { case: number; target: string; milliseconds: number };
}

export interface FuzzOptions {
  targets: Record<string, Target>;
  count: number;
  seed: number;
  /** Number of the first case; each can be run again alone. */
  first?: number;
  onProgress?: (done: number) => void;
}

/** A case that takes longer is a hang, in milliseconds. */
const HANG = 1_000;
const MAX_FAULTS = 20;

/** Runs mutated inputs against what reads them. The same seed and number make the same case. */
export async function fuzz(world: FuzzWorld, options: FuzzOptions): Promise<FuzzReport> {
  const { count, first = 0, onProgress = () => {}, seed, targets } = options;
  const names = Object.entries(targets).flatMap(([name, { share }]) =>
    Array<string>(share).fill(name)
  );
  const report: FuzzReport = {
    counts: Object.fromEntries(
      Object.keys(targets).map((name) => [name, { refused: 0, same: 0, accepted: 0 }]),
    ),
    faults: [],
    slowest: { case: -1, target: "", milliseconds: 0 },
  };
  for (let number = first; number < first + count; number++) {
    const name = new Random(caseSeed(seed, number)).pick(names);
    const run = () => timed(() => targets[name]!.run(world, caseRandom(seed, number)));
    let { milliseconds, outcome } = await run();
    // The machine may have been busy elsewhere: a hang happens every time.
    if (milliseconds > HANG) ({ milliseconds, outcome } = await run());
    if (outcome instanceof Error) fault(report, number, name, outcome.stack ?? outcome.message);
    else report.counts[name]![outcome]++;
    if (outcome === "accepted") fault(report, number, name, "accepted though changed");
    if (milliseconds > HANG) fault(report, number, name, `took ${Math.round(milliseconds)} ms`);
    if (milliseconds > report.slowest.milliseconds) {
      report.slowest = { case: number, target: name, milliseconds };
    }
    onProgress(number - first + 1);
  }
  return report;
}

function fault({ faults }: FuzzReport, number: number, name: string, what: string): void {
  if (faults.length < MAX_FAULTS) faults.push(`case ${number} (${name}): ${what}`);
}

async function timed(
  run: () => Promise<Outcome>,
): Promise<{ milliseconds: number; outcome: Outcome | Error }> {
  const started = performance.now();
  let outcome: Outcome | Error;
  try {
    outcome = await run();
  } catch (error) {
    outcome = error instanceof Error ? error : new Error(String(error));
  }
  return { milliseconds: performance.now() - started, outcome };
}

const caseSeed = (seed: number, number: number) => Math.imul(seed + 1, 0x9e3779b1) + number;

/** The numbers after the one that chose the target. */
function caseRandom(seed: number, number: number): Random {
  const random = new Random(caseSeed(seed, number));
  random.below(1);
  return random;
}
