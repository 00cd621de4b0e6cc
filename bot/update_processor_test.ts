import { keys } from "../core/store/keys.ts";
import { assert, assertEquals } from "@std/assert";
import type { Update } from "grammy/types";
import { createBot } from "./mod.ts";
import { UPDATE_LEASE } from "./dedupe.ts";
import { MARIA, type TestWorld, TOKEN, withWorld } from "@/tests/fixtures/bot.ts";

function inWorld(name: string, test: (world: TestWorld) => Promise<void>) {
  Deno.test(name, () => withWorld("webhook", test));
}

const text = (update_id: number, text: string): Update => {
  const user = { id: MARIA, is_bot: false, first_name: "Maria" };
  const chat = { id: MARIA, type: "private", first_name: "Maria" };
  return { update_id, message: { message_id: 1, date: 0, chat, from: user, text } } as Update;
};

async function kept({ deps }: TestWorld) {
  return await Array.fromAsync(deps.kv.list({ prefix: keys.updateKept.under() }));
}

const answers = ({ telegram }: TestWorld) =>
  telegram.messages(MARIA).filter(({ text }) => text.includes("Não entendi")).length;

/** Maria has opened the chat; calls of the bot that send a message do what is asked here. */
async function prepare(world: TestWorld) {
  world.telegram.start(MARIA);
  await world.settled();
  return (work: () => Promise<void> | void) =>
    world.bot.api.config.use(async (call, method, payload, signal) => {
      if (method === "sendMessage") await work();
      return await call(method, payload, signal);
    });
}

inWorld(
  "a pause that Telegram asks for is waited out, and nothing is said twice",
  async (world) => {
    await prepare(world);
    const waits: number[] = [];
    const bot = createBot(world.deps, {
      token: TOKEN,
      apiRoot: world.telegram.apiRoot,
      wait: (ms) => (waits.push(ms), Promise.resolve()),
    });
    world.telegram.faults.push({ method: "sendMessage", status: 429, retry_after: 7, times: 2 });
    assertEquals(await bot.updateProcessor.process(text(1, "oi"), { keepFailures: false }), "done");
    assertEquals(waits, [7_000, 7_000]);
    assertEquals(answers(world), 1);
  },
);

inWorld("a pause that is too long puts the update off, and it is not lost", async (world) => {
  await prepare(world);
  world.telegram.faults.push({ method: "sendMessage", status: 429, retry_after: 31 });
  const { updateProcessor } = world.bot;
  assertEquals(await updateProcessor.process(text(1, "oi"), { keepFailures: false }), "kept");
  assertEquals([answers(world), (await kept(world)).length], [0, 1]);
  // The process ends here; another one finds it when the pause and the lease are over.
  await updateProcessor.close();
  const other = createBot(world.deps, { token: TOKEN, apiRoot: world.telegram.apiRoot });
  world.deps.advance(31_000 + UPDATE_LEASE - 1);
  await other.updateProcessor.resume();
  assertEquals(answers(world), 0);
  world.deps.advance(1);
  await other.updateProcessor.resume();
  assertEquals([answers(world), (await kept(world)).length], [1, 0]);
});

inWorld(
  "a process killed after it acknowledged an update: another one finishes it",
  async (world) => {
    await prepare(world);
    const dying = createBot(world.deps, { token: TOKEN, apiRoot: world.telegram.apiRoot });
    dying.api.config.use((call, method, payload, signal) =>
      method === "sendMessage" ? new Promise(() => {}) : call(method, payload, signal)
    );
    assertEquals(
      await dying.updateProcessor.process(text(1, "oi"), { keepFailures: false }),
      "kept",
    );
    const other = createBot(world.deps, { token: TOKEN, apiRoot: world.telegram.apiRoot });
    await other.updateProcessor.resume();
    assertEquals(answers(world), 0, "the first one may still live");
    world.deps.advance(UPDATE_LEASE);
    await Promise.all([other.updateProcessor.resume(), other.updateProcessor.resume()]);
    await other.updateProcessor.resume();
    assertEquals([answers(world), (await kept(world)).length], [1, 0]);
  },
);

inWorld(
  "what fails before the answer is left to Telegram, or kept when nobody brings it",
  async (world) => {
    const onSend = await prepare(world);
    let failures = 2;
    onSend(() => {
      if (failures-- > 0) throw new Error("connection lost");
    });
    const { updateProcessor } = world.bot;
    assertEquals(await updateProcessor.process(text(1, "oi"), { keepFailures: false }), "failed");
    assertEquals((await kept(world)).length, 0);
    assertEquals(await updateProcessor.process(text(1, "oi"), { keepFailures: true }), "kept");
    await world.seen(MARIA, "Não entendi");
    await updateProcessor.close();
    assertEquals([answers(world), (await kept(world)).length], [1, 0]);
  },
);

inWorld("an update that always fails is given up, and leaves nothing", async (world) => {
  const onSend = await prepare(world);
  let attempts = 0;
  const fourth = Promise.withResolvers<void>();
  onSend(() => {
    if (++attempts === 4) fourth.resolve();
    throw new Error("never works");
  });
  assertEquals(
    await world.bot.updateProcessor.process(text(1, "oi"), { keepFailures: true }),
    "kept",
  );
  await fourth.promise;
  await world.bot.updateProcessor.close();
  assertEquals([attempts, (await kept(world)).length], [4, 0]);
  world.deps.advance(10 * UPDATE_LEASE);
  await world.bot.updateProcessor.resume();
  assertEquals(attempts, 4);
});

inWorld("an update that was done is not done again because it was kept", async (world) => {
  await prepare(world);
  const update = text(1, "oi");
  await world.bot.updateProcessor.process(update, { keepFailures: false });
  const key = keys.updateKept(world.deps.now(), 1);
  await world.deps.kv.set(key, { update, attempts: 1 });
  await world.bot.updateProcessor.resume();
  assertEquals([answers(world), (await kept(world)).length], [1, 0]);
  assert((await world.bot.updateProcessor.process(update, { keepFailures: true })) === "done");
});

inWorld(
  "what a killed process kept is taken up when the clock went back an hour",
  async (world) => {
    await prepare(world);
    world.telegram.faults.push({ method: "sendMessage", status: 429, retry_after: 31 });
    const { updateProcessor } = world.bot;
    assertEquals(await updateProcessor.process(text(1, "oi"), { keepFailures: false }), "kept");
    await updateProcessor.close();
    const other = createBot(world.deps, { token: TOKEN, apiRoot: world.telegram.apiRoot });
    world.deps.advance(-60 * 60_000);
    await other.updateProcessor.resume();
    assertEquals([answers(world), (await kept(world)).length], [1, 0]);
  },
);
