import { parseArgs } from "node:util";
import { showProgress } from "@/tools/progress.ts";
import type { Counts } from "./commands.ts";
import { playSequences } from "./run.ts";

/**
 * `deno task test:model [--count N] [--seed S]`: random sequences of requests, decisions,
 * changes, imports and days, played in the portal and in a model of the rules. Exits with 1 when the
 * two differ, and shows the shortest sequence that makes them.
 */
const { values } = parseArgs({
  args: Deno.args,
  options: {
    count: { type: "string", default: "10000" },
    seed: { type: "string", default: String(Date.now() % 2 ** 31) },
  },
});
const [count, seed] = [Number(values.count), Number(values.seed)];
const started = performance.now();
const progress = showProgress("Jogando", count);
const { counts, difference } = await playSequences({
  count,
  seed,
  onProgress: (done) => progress.update(done),
});
progress.end();
print(counts, (performance.now() - started) / 1000);
console.log(difference ?? "No difference.");
Deno.exit(difference ? 1 : 0);

function print(counts: Counts, seconds: number): void {
  const sum = (numbers: Iterable<number>) => [...numbers].reduce((a, b) => a + b, 0);
  const total = sum(Object.values(counts).map((answers) => sum(Object.values(answers))));
  console.log(`${count} sequences, ${total} actions, seed ${seed}, ${seconds.toFixed(0)} s`);
  for (const [action, { ok = 0, ...refused }] of Object.entries(counts).sort()) {
    const refusals = sum(Object.values(refused));
    console.log(`  ${action.padEnd(16)}${String(ok).padStart(7)} ok ${refusals} refused`);
    const codes = Object.entries(refused).sort(([, a], [, b]) => b - a);
    for (const [code, times] of codes) console.log(`    ${String(times).padStart(7)} ${code}`);
  }
}
