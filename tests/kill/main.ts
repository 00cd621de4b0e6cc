import { parseArgs } from "node:util";
import { showProgress } from "@/tools/progress.ts";
import { killAndCount } from "./run.ts";
import { isFault, rowsOf, tableOf } from "./verdict.ts";

/**
 * `deno task test:kill [--kills N] [--terms N]`: the production build under a load of requests,
 * decisions on the site and in the chat, and registrations, killed and stopped 100 times each unless
 * told. Prints what was counted; exits with 1 when anything was lost, half-written, decided twice or, after
 * a stop, sent twice.
 */
const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "100" },
    terms: { type: "string", default: "100" },
  },
});
const size = { kills: Number(values.kills), terms: Number(values.terms) };
const progress = showProgress("Matando", size.kills + size.terms);
const rows = rowsOf(size, await killAndCount(size, progress));
progress.end();
console.log(tableOf(rows));
const faults = rows.filter(isFault);
for (const { what, details = [] } of faults) console.log(`\n${what}:`, details.slice(0, 20));
Deno.exit(faults.length > 0 ? 1 : 0);
