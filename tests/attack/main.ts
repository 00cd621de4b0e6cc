import { parseArgs } from "node:util";
import { holds, type Outcome, runHold, runLocked, runSignIns } from "./attacks.ts";

/**
 * `deno task test:attack [--small] [NAME…]`: attacks on the production build as `deno task start` serves
 * it, each on a process of its own. Prints of each the longest silence of the home page, the peak of
 * memory and after how many seconds the connections were closed; exits with 1 when one of the bounds
 * of docs/operation.md ("Limits") does not hold.
 */
const { values, positionals } = parseArgs({
  options: { small: { type: "boolean", default: false } },
  allowPositionals: true,
});
const SIGN_INS = "400 sign-ins at once";
const attacks: [name: string, run: () => Promise<Outcome>][] = [
  ...Object.entries(holds(values.small ? 0.2 : 1))
    .map(([name, hold]) => [name, () => runHold(hold)] as [string, () => Promise<Outcome>]),
  ["store locked", () => runLocked(values.small ? 30 : 75)],
  [SIGN_INS, () => runSignIns(400, values.small ? 3 : 10)],
];

const { code } = await new Deno.Command(Deno.execPath(), {
  args: ["task", "--quiet", "build"],
  stdout: "null",
}).output();
if (code !== 0) Deno.exit(code);

const chosen = attacks.filter(([name]) => positionals.length === 0 || positionals.includes(name));
let failed = chosen.length === 0;
const report = (name: string, { lines, broken }: Outcome) => {
  failed ||= broken.length > 0;
  console.log(`${name}: ${broken.length > 0 ? `BROKEN (${broken.join("; ")})` : "as promised"}`);
  for (const line of lines) console.log(`  ${line}`);
};
// The connections are mostly waited for: in the small size at the same time. Sign-ins need the cores.
const together = values.small ? chosen.filter(([name]) => name !== SIGN_INS) : [];
await Promise.all(together.map(async ([name, run]) => report(name, await run())));
for (const [name, run] of chosen) {
  if (!together.some(([other]) => other === name)) report(name, await run());
}
Deno.exit(failed ? 1 : 0);
