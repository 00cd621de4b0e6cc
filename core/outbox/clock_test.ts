import { assert, assertEquals, assertRejects } from "@std/assert";
import { DAY, interrupted, MINUTE, type TestDeps, testDeps } from "@/tests/fixtures/deps.ts";
import { keys } from "../store/keys.ts";
import { read } from "../store/read.ts";
import type { Message } from "../store/records/outbox.ts";
import { transact } from "../store/transact.ts";
import { ChannelRun } from "./channel_run.ts";
import { enqueue, enqueueDigest } from "./enqueue.ts";
import { acknowledge, claimPartition, LEASE } from "./partition.ts";
import { RateLimiter, UNLIMITED } from "./rate_limiter.ts";
import type { Delivery, Send } from "./send.ts";

const HOUR = 60 * MINUTE;
const SENT: Delivery = { outcome: "sent" };
const chat = (chatId: number): Message => ({ channel: "chat", chatId, what: "unlinked" });
const put = (deps: TestDeps, ...messages: Message[]) =>
  transact(deps.kv, (tx) => messages.forEach((message) => enqueue(deps, tx, message)));

/** How many messages a run sends. */
async function sentBy(run: ChannelRun): Promise<number> {
  return (await run.run()).sent;
}

/** A run whose process has been there before the clock changed, and one that comes after it. */
const RUNS: [which: string, before: boolean][] = [["the same process", true], ["a new one", false]];

for (const [which, before] of RUNS) {
  const later = (deps: TestDeps, first: ChannelRun, send: Send = () => Promise.resolve(SENT)) =>
    before ? first : new ChannelRun("chat", deps, send, UNLIMITED);

  Deno.test(`a message written before the clock went back an hour goes out at once: ${which}`, async () => {
    using deps = await testDeps();
    const first = new ChannelRun("chat", deps, () => Promise.resolve(SENT), UNLIMITED);
    assertEquals(await sentBy(first), 0);
    await put(deps, chat(1), chat(2));
    deps.advance(-HOUR);
    assertEquals(await sentBy(later(deps, first)), 2);
    assertEquals(await Array.fromAsync(deps.kv.list({ prefix: keys.outboxDue.under("chat") })), []);
  });

  Deno.test(`more receivers than one commit can check go out at once: ${which}`, async () => {
    using deps = await testDeps();
    const first = new ChannelRun("chat", deps, () => Promise.resolve(SENT), UNLIMITED);
    assertEquals(await sentBy(first), 0);
    await put(deps, ...Array.from({ length: 12 }, (_, i) => chat(i + 1)));
    deps.advance(-HOUR);
    assertEquals(await sentBy(later(deps, first)), 12);
  });

  Deno.test(`a chat that rests for ten seconds rests no longer: ${which}`, async () => {
    using deps = await testDeps();
    let answer: Delivery = { outcome: "later", error: "429", retryAfter: 10_000 };
    const send = () => Promise.resolve(answer);
    const first = new ChannelRun("chat", deps, send, UNLIMITED);
    await put(deps, chat(1));
    assertEquals(await sentBy(first), 0);
    answer = SENT;
    deps.advance(-HOUR);
    const run = later(deps, first, send);
    assertEquals(await sentBy(run), 0);
    deps.advance(9_999);
    assertEquals(await sentBy(run), 0);
    deps.advance(1);
    assertEquals(await sentBy(run), 1);
  });
}

Deno.test("what waited for a day ahead goes out when the clock is right again", async () => {
  using deps = await testDeps();
  const run = new ChannelRun("chat", deps, () => Promise.resolve(SENT), UNLIMITED);
  deps.advance(DAY);
  await put(deps, chat(1));
  await transact(deps.kv, (tx) => {
    enqueueDigest(deps, tx, { channel: "chat", chatId: 2, what: "requests_waiting" });
  });
  deps.advance(-DAY);
  assertEquals(await sentBy(run), 1);
  deps.advance(30_000);
  assertEquals(await sentBy(run), 1);
});

Deno.test("what could not be moved when the clock went back is moved by the next run", async () => {
  using deps = await testDeps();
  await put(deps, chat(1));
  deps.advance(-HOUR);
  const failing = interrupted(deps, 1, () => Promise.reject(new Error("the disk is full")));
  const run = new ChannelRun("chat", failing, () => Promise.resolve(SENT), UNLIMITED);
  await assertRejects(() => run.run(), Error, "the disk is full");
  assertEquals(await sentBy(run), 1);
});

Deno.test("a claim whose process was killed ends when it would have, a living one stays its own", async () => {
  using deps = await testDeps();
  await put(deps, chat(1));
  const claim = (await claimPartition(deps, "chat:1", []))!;
  deps.advance(-HOUR);
  assertEquals(await claimPartition(deps, "chat:1", []), null);
  deps.advance(LEASE - 1);
  assertEquals(await claimPartition(deps, "chat:1", []), null);
  assertEquals((await read(deps.kv, keys.outboxPartition("chat:1")))?.holder, claim.holder);
  deps.advance(1);
  const second = (await claimPartition(deps, "chat:1", []))!;
  assert(second.holder !== claim.holder);
  await acknowledge(deps, claim, SENT, UNLIMITED);
  assertEquals(await read(deps.kv, keys.outbox("chat:1", claim.covers[0]!.id)), null);
});

Deno.test("a clock that jumps a day ahead sends what rests, and no message twice", async () => {
  using deps = await testDeps();
  let sent = 0;
  const run = new ChannelRun(
    "chat",
    deps,
    () => Promise.resolve<Delivery>(sent++ === 0 ? { outcome: "later", error: "x" } : SENT),
    UNLIMITED,
  );
  await put(deps, chat(1), chat(2));
  await run.run();
  deps.advance(DAY);
  await run.run();
  assertEquals(sent, 3);
  assertEquals(await Array.fromAsync(deps.kv.list({ prefix: keys.outboxDead.under() })), []);
});

Deno.test("the shared pace starts again from now when the clock went back", async () => {
  using deps = await testDeps();
  const waits: number[] = [];
  const rate = {
    perChatMs: 0,
    perSecond: 20,
    wait: (ms: number) => (waits.push(ms), Promise.resolve()),
  };
  const slots = new RateLimiter(deps, rate);
  for (let i = 0; i < 3; i++) await slots.acquire();
  deps.advance(-HOUR);
  // Its own places, then those of the store.
  for (let i = 0; i < 9; i++) await slots.acquire();
  await new RateLimiter(deps, rate).acquire();
  assert(Math.max(...waits) <= 600, `${waits}`);
  deps.advance(DAY);
  waits.length = 0;
  await slots.acquire();
  assertEquals(waits, []);
});
