import { parseArgs } from "node:util";
import { showProgress } from "@/tools/progress.ts";
import { fuzz, type FuzzReport } from "./fuzz.ts";
import { TARGETS } from "./targets.ts";
import { createWorld } from "./world.ts";

/**
 * `deno task test:fuzz [--count N] [--seed S] [--first I]`: mutated certificates, revocation lists,
 * A1 files and headers. Exits with 1 when one crashed, hung or was accepted though changed. The
 * keys are new every time, so a case repeats in its changes, not in every octet.
 */
const { values } = parseArgs({
  args: Deno.args,
  options: {
    count: { type: "string", default: "1000000" },
    seed: { type: "string", default: "1" },
    first: { type: "string", default: "0" },
  },
});
const count = Number(values.count);
const started = performance.now();
const progress = showProgress("Mutando", count);
const report = await fuzz(await createWorld(), {
  targets: TARGETS,
  count,
  seed: Number(values.seed),
  first: Number(values.first),
  onProgress: (done) => progress.update(done),
});
progress.end();
print(report, (performance.now() - started) / 1000);
Deno.exit(report.faults.length > 0 ? 1 : 0);

function print({ counts, faults, slowest }: FuzzReport, seconds: number): void {
  console.log(`${count} cases, seed ${values.seed}, ${seconds.toFixed(0)} s`);
  console.log(`  ${"".padEnd(26)}${"refused".padStart(9)}${"same".padStart(9)}  accepted changed`);
  for (const [name, { accepted, refused, same }] of Object.entries(counts)) {
    const cells = [refused, same].map((number) => String(number).padStart(9)).join("");
    console.log(`  ${name.padEnd(26)}${cells}${String(accepted).padStart(18)}`);
  }
  const { case: number, milliseconds, target } = slowest;
  console.log(`  slowest: ${milliseconds.toFixed(0)} ms, case ${number} (${target})`);
  console.log(faults.length === 0 ? "No crash, no hang, nothing changed accepted." : "FAULTS:");
  for (const fault of faults) console.log(fault);
}
