import { keys } from "../core/store/keys.ts";
import { assertEquals, assertRejects } from "@std/assert";
import type { Update } from "grammy/types";
import { Bot, BotError } from "grammy/web";
import { type TestDeps, testDeps } from "@/tests/fixtures/deps.ts";
import { dedupe, isBusy, UPDATE_LEASE } from "./dedupe.ts";

/** A bot that does `work` for each update that is let through; it never calls Telegram. */
function createOnceBot(deps: TestDeps, work: () => Promise<void> | void): Bot {
  const me = { id: 1, is_bot: true, first_name: "Habilita", username: "habilita_bot" };
  const bot = new Bot("1:test", { botInfo: me as Bot["botInfo"] });
  bot.use(dedupe(deps), () => work());
  return bot;
}

const update = (update_id: number) => ({ update_id }) as Update;

Deno.test("an update has one effect, however often it comes", async () => {
  using deps = await testDeps();
  let effects = 0;
  const bot = createOnceBot(deps, () => void effects++);
  for (let i = 0; i < 3; i++) await bot.handleUpdate(update(7));
  assertEquals(effects, 1);
  await bot.handleUpdate(update(8));
  assertEquals(effects, 2);
});

Deno.test("a process started anew still knows it", async () => {
  using deps = await testDeps();
  let effects = 0;
  await createOnceBot(deps, () => void effects++).handleUpdate(update(7));
  deps.advance(24 * 60 * 60_000);
  await createOnceBot(deps, () => void effects++).handleUpdate(update(7));
  assertEquals(effects, 1);
});

Deno.test("twenty deliveries at the same time: one effect, the others are to come again", async () => {
  using deps = await testDeps();
  let effects = 0;
  const others = Promise.withResolvers<void>();
  const bot = createOnceBot(deps, async () => {
    effects++;
    await others.promise;
  });
  let busy = 0;
  await Promise.all(Array.from({ length: 20 }, async () => {
    try {
      await bot.handleUpdate(update(7));
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (++busy === 19) others.resolve();
    }
  }));
  assertEquals([effects, busy], [1, 19]);
});

Deno.test("work that throws is done by the next delivery", async () => {
  using deps = await testDeps();
  let effects = 0;
  const bot = createOnceBot(deps, () => {
    if (++effects === 1) throw new Error("down");
  });
  const error = await assertRejects(() => bot.handleUpdate(update(7)), BotError);
  assertEquals(isBusy(error), false);
  await bot.handleUpdate(update(7));
  await bot.handleUpdate(update(7));
  assertEquals(effects, 2);
});

Deno.test("an update whose worker was killed comes free when its claim ends", async () => {
  using deps = await testDeps();
  // Work that never ends stands for a killed process.
  void createOnceBot(deps, () => new Promise(() => {})).handleUpdate(update(7));
  while (!(await deps.kv.get(keys.updateSeen(7))).value);
  let effects = 0;
  const bot = createOnceBot(deps, () => void effects++);
  deps.advance(UPDATE_LEASE - 1);
  await assertRejects(() => bot.handleUpdate(update(7)), BotError);
  deps.advance(1);
  await bot.handleUpdate(update(7));
  assertEquals(effects, 1);
});

Deno.test("a claim from before the clock went back ends a lease later, and is not taken at once", async () => {
  using deps = await testDeps();
  void createOnceBot(deps, () => new Promise(() => {})).handleUpdate(update(7));
  while (!(await deps.kv.get(keys.updateSeen(7))).value);
  let effects = 0;
  const bot = createOnceBot(deps, () => void effects++);
  deps.advance(-60 * 60_000);
  await assertRejects(() => bot.handleUpdate(update(7)), BotError);
  deps.advance(UPDATE_LEASE - 1);
  await assertRejects(() => bot.handleUpdate(update(7)), BotError);
  deps.advance(1);
  await bot.handleUpdate(update(7));
  assertEquals(effects, 1);
});

Deno.test("an update is done once, though the clock jumps a day ahead and back between its deliveries", async () => {
  using deps = await testDeps();
  let effects = 0;
  const bot = createOnceBot(deps, () => void effects++);
  const day = 24 * 60 * 60_000;
  for (const step of [day, -day, -day]) {
    await bot.handleUpdate(update(7));
    deps.advance(step);
  }
  await bot.handleUpdate(update(7));
  assertEquals(effects, 1);
});
