/**
 * Prints the rows of `budgets.ts` whose budget is not what was measured:
 * `deno run -A tests/support/print_trips.ts FILE`, after a run of tests with `MEASURED_TRIPS=FILE`.
 * With `--all` every row, those that no test reached too.
 */
import { parseArgs } from "node:util";
import { BUDGETS, CHAT_BUDGETS } from "./budgets.ts";

const { values, positionals } = parseArgs({
  options: { all: { type: "boolean" } },
  allowPositionals: true,
});
/** Of each row the most that was counted, and where. */
const most = new Map<string, { trips: number; what: string }>();
for (const line of (await Deno.readTextFile(positionals[0]!)).trimEnd().split("\n")) {
  const [group, name, trips, what] = line.split("\t") as [string, string, string, string];
  const row = `${group}\t${name}`;
  if (Number(trips) > (most.get(row)?.trips ?? -1)) most.set(row, { trips: Number(trips), what });
}
for (const [group, rows] of Object.entries({ ...BUDGETS, ...CHAT_BUDGETS })) {
  for (const [name, budget] of Object.entries(rows)) {
    const found = most.get(`${group}\t${name}`);
    if (!values.all && (!found || found.trips === budget)) continue;
    const measured = found ? `measured ${found.trips} (${found.what})` : "not measured";
    console.log(`${group}  ${name}: ${budget}, ${measured}`);
  }
}
