import { parseArgs } from "node:util";
import { type Load, runLoad } from "./load.ts";
import { whatIsWrong } from "./verdict.ts";

/**
 * `deno task test:bot [--requests N]`: the bot under its full load of 2,000 requests, or a smaller
 * one, by long polling and by webhook. Prints what was counted; exits with 1 on any loss, and when
 * messages come faster than Telegram takes them.
 */
const { values } = parseArgs({ options: { requests: { type: "string", default: "2000" } } });
/** Twenty requests at each establishment, which two administer. */
const places = Math.ceil(Number(values.requests) / 20);
const FULL = {
  administrators: places * 2,
  requests: places * 20,
  kills: 0,
  faults: 0,
  paced: false,
  speed: 2,
};
/** What the Bot API takes in a second, of all chats together. */
const MOST_IN_A_SECOND = 30;

const loads: Omit<Load, "mode">[] = [
  FULL,
  // Faster, since what a killed process was at is free again only after its lease.
  { ...FULL, kills: Math.ceil(places / 5), speed: 10 },
  // On a faster clock messages that leave evenly would arrive in bunches.
  { ...FULL, faults: 0.3, paced: true, speed: 2 },
];
let failed = false;
for (const mode of ["polling", "webhook"] as const) {
  for (const each of loads) {
    const load = { ...each, mode };
    const outcome = await runLoad(load);
    const wrong = whatIsWrong(load, outcome);
    if (load.paced && outcome.mostInASecond > MOST_IN_A_SECOND) wrong.push("too fast in all");
    console.log(load, outcome, wrong.length > 0 ? wrong : "as it should be");
    failed ||= wrong.length > 0;
  }
}
Deno.exit(failed ? 1 : 0);
