import { assert, assertEquals } from "@std/assert";
import { type Load, runLoad } from "./load.ts";

const SMALL: Load = { administrators: 8, requests: 40, kills: 0, faults: 0 };

function check(name: string, load: Load) {
  Deno.test(`${name}: one decision each, every requester told`, async () => {
    const { decidedOnce, told, toldAgain, deadLetters } = await runLoad(load);
    assertEquals([decidedOnce, told, deadLetters], [load.requests, load.requests, 0]);
    // What was on its way when a process was killed may come twice: up to four mails at a time.
    assert(toldAgain <= load.kills * 4, `${toldAgain} mails came twice`);
  });
}

check("two tap at once, every update comes twice", SMALL);
check("the same with the process killed in the middle", { ...SMALL, kills: 3 });
check("the same with faults in a third of the calls", { ...SMALL, faults: 0.3 });
