import { assert, assertEquals } from "@std/assert";
import { whatIsWrong } from "./verdict.ts";
import { type Load, runLoad } from "./load.ts";

// A clock that goes much faster would end leases while a busy machine still works on them.
const SMALL = { administrators: 8, requests: 16, kills: 0, faults: 0, paced: false, speed: 10 };

function check(name: string, modes: Load["mode"][], load: Omit<Load, "mode">) {
  for (const mode of modes) {
    Deno.test(`${name} (${mode}): one decision each, everybody told`, async () => {
      const outcome = await runLoad({ ...load, mode });
      assertEquals(whatIsWrong({ ...load, mode }, outcome), []);
      if (load.faults > 0) assert(outcome.failedCalls > 0);
    });
  }
}

check("two tap at once, every tap comes twice", ["polling"], SMALL);
check("the same with the process killed in the middle", ["polling", "webhook"], {
  ...SMALL,
  kills: 1,
  speed: 30,
});
check("the same with faults in a third of the calls, in Telegram's pace", ["polling", "webhook"], {
  ...SMALL,
  faults: 0.3,
  paced: true,
  speed: 30,
});
