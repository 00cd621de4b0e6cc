import { assert, assertEquals } from "@std/assert";
import { root } from "../support/portal.ts";
import { killAndCount } from "./run.ts";
import { isFault, rowsOf } from "./verdict.ts";

const SMALL = { kills: 3, terms: 3 };

Deno.test("killed and stopped under load: nothing is lost, half-written, decided or sent twice", async () => {
  await new Deno.Command(Deno.execPath(), { args: ["task", "build"], cwd: root }).output();
  const outcome = await killAndCount(SMALL);
  assertEquals(rowsOf(SMALL, outcome).filter(isFault), []);
  assert(outcome.acknowledged > 20, `${outcome.acknowledged} changes`);
});
