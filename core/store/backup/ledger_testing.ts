/** A store in which every commit tells when it was made: for proving that a copy is one moment. */
import type { BackupEntry } from "./entry.ts";

/** Families whose records are used as counters, from the first of the store to the last. */
const SPREAD = ["audit_head", "cadop", "membership", "person", "zebra"];
const PER_FAMILY = 3;

/** Counters that every commit of the ledger makes equal, spread over the whole store. */
const counters = SPREAD.flatMap((family) =>
  Array.from({ length: PER_FAMILY }, (_, i) => [family, "counter", i])
);

/** Fills a store with records in all families, a few hundred bytes each. */
export async function fill(kv: Deno.Kv, records: number): Promise<void> {
  for (let at = 0; at < records;) {
    const atomic = kv.atomic();
    for (let i = 0; i < 500 && at < records; i++, at++) {
      const text = `${crypto.randomUUID()}`.repeat(4);
      atomic.set([SPREAD[at % SPREAD.length]!, "row", at], { at, text, since: new Date(at) });
    }
    await atomic.commit();
  }
}

/** Stopped at the end of the test, whatever comes of it. */
export interface Writers extends AsyncDisposable {
  /** Commits so far. */
  commits: number;
  /** The longest that a commit took (ms). */
  slowest: number;
  stop(): Promise<void>;
}

/**
 * Keeps writing: each commit raises every counter by one and appends a line to the ledger.
 * @param perSecond commits that are tried; 0: as fast as it goes
 */
export function startWriters(kv: Deno.Kv, perSecond: number): Writers {
  const writers: Writers = { commits: 0, slowest: 0, stop, [Symbol.asyncDispose]: stop };
  let stopped = false;
  const running = run();

  async function run(): Promise<void> {
    const began = performance.now();
    while (!stopped) {
      const before = performance.now();
      const next = writers.commits + 1;
      const atomic = kv.atomic();
      for (const key of counters) atomic.set(key, next);
      await atomic.set(["ledger", next], true).commit();
      writers.commits = next;
      writers.slowest = Math.max(writers.slowest, performance.now() - before);
      const due = perSecond === 0 ? 0 : began + next * 1_000 / perSecond - performance.now();
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, due)));
    }
  }
  async function stop(): Promise<void> {
    stopped = true;
    await running;
  }
  return writers;
}

/**
 * The one line of the ledger that the records are at.
 * @throws {Error} when they are of several moments
 */
export function momentOf(entries: Iterable<Pick<BackupEntry, "key" | "value">>): number {
  const seen = new Set<unknown>();
  let lines = 0;
  let found = 0;
  for (const { key, value } of entries) {
    if (key[0] === "ledger") lines++;
    if (key[1] !== "counter") continue;
    seen.add(value);
    found++;
  }
  const [at] = seen;
  if (seen.size !== 1 || found !== counters.length || at !== lines) {
    throw new Error(`not one moment: counters ${[...seen]}, ${lines} lines`);
  }
  return lines;
}
