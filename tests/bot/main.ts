/** `deno task test:bot`: the bot under its full load. Prints what was counted; fails on any loss. */
import { runLoad } from "./load.ts";

const FULL = { administrators: 200, requests: 2_000, kills: 0, faults: 0 };
let failed = false;
for (const load of [FULL, { ...FULL, kills: 20 }, { ...FULL, faults: 0.3 }]) {
  const outcome = await runLoad(load);
  console.log(load, outcome);
  const { requests, decidedOnce, told, toldAgain, deadLetters } = outcome;
  failed ||= decidedOnce !== requests || told !== requests || deadLetters > 0 ||
    toldAgain > load.kills * 4;
}
Deno.exit(failed ? 1 : 0);
