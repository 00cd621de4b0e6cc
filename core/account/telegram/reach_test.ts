import { assertEquals } from "@std/assert";
import { testDeps } from "@/tests/fixtures/deps.ts";
import { getTelegramState, noteTelegramState } from "./reach.ts";

const MINUTE = 60_000;

Deno.test("that all goes on as before is written once a minute, news at once", async () => {
  using deps = await testDeps();
  const mode = "webhook";
  await noteTelegramState(deps, { mode });
  const first = deps.now();
  assertEquals(await getTelegramState(deps), { mode, okAt: first, failure: null, pending: 0 });

  deps.advance(MINUTE - 1);
  await noteTelegramState(deps, { mode });
  assertEquals((await getTelegramState(deps))?.okAt, first);
  deps.advance(1);
  await noteTelegramState(deps, { mode });
  assertEquals((await getTelegramState(deps))?.okAt, first + MINUTE);

  deps.advance(1);
  await noteTelegramState(deps, { mode, pending: 2 });
  assertEquals((await getTelegramState(deps))?.pending, 2);
  const failure = "sem resposta";
  await noteTelegramState(deps, { mode, failure });
  const state = await getTelegramState(deps);
  assertEquals(state?.failure, { at: deps.now(), what: failure });
  assertEquals(state?.okAt, first + MINUTE + 1);
  await noteTelegramState(deps, { mode: "polling" });
  assertEquals((await getTelegramState(deps))?.failure, null);
});
