import { assert, assertEquals } from "@std/assert";
import { MINUTE, type TestDeps, testDeps } from "@/tests/fixtures/deps.ts";
import type { Message } from "../store/records/outbox.ts";
import { transact } from "../store/transact.ts";
import { ChannelRun } from "./channel_run.ts";
import { enqueue } from "./enqueue.ts";
import type { Delivery } from "./send.ts";
import { runOutbox } from "./testing.ts";

const HOUR = 60 * MINUTE;
const chat: Message = { channel: "chat", chatId: 7, what: "unlinked" };
const mail: Message = { channel: "mail", to: "a@b.example", subject: "Olá", text: "" };
const put = (deps: TestDeps, message: Message) =>
  transact(deps.kv, (tx) => enqueue(deps, tx, message));

/** The pace of Telegram, waited for by the test's clock. */
const pace = (deps: TestDeps) => ({
  perChatMs: 1_000,
  perSecond: 20,
  wait: (ms: number) => Promise.resolve(deps.advance(ms)),
});

/** Sends, and remembers what and after which wait. */
function sending(deps: TestDeps, outcome: Delivery["outcome"] = "sent") {
  const begin = deps.now();
  const sent: number[] = [];
  const send = (): Promise<Delivery> => {
    sent.push(deps.now() - begin);
    return Promise.resolve(outcome === "sent" ? { outcome } : { outcome: "later", error: "500" });
  };
  return { sent, send };
}

Deno.test("the clock goes back an hour: the next chat message waits a second, not an hour", async () => {
  using deps = await testDeps();
  const first = sending(deps);
  const run = new ChannelRun("chat", deps, () => first.send(), pace(deps));
  for (let i = 0; i < 3; i++) {
    await put(deps, { ...chat, chatId: i });
    await put(deps, chat);
    await run.run();
    deps.advance(1_000);
  }
  assertEquals(first.sent.length, 6);
  await put(deps, chat);
  await run.run();
  deps.advance(-HOUR);
  const second = sending(deps);
  const after = new ChannelRun("chat", deps, () => second.send(), pace(deps));
  for (const one of [run, after]) {
    await put(deps, chat);
    for (let i = 0; i < 3; i++) {
      await one.run();
      deps.advance(1_000);
    }
  }
  assertEquals(first.sent.length + second.sent.length, 9);
  assert(second.sent.every((waited) => waited < 10_000), second.sent.join());
});

Deno.test("what was written before the clock went back is not forgotten until that time", async () => {
  using deps = await testDeps();
  await put(deps, mail);
  deps.advance(-HOUR);
  const { sent, send } = sending(deps);
  assertEquals(await runOutbox(deps, send), 1);
  assertEquals(sent, [0]);
});

Deno.test("a run that goes on notices, too", async () => {
  using deps = await testDeps();
  const { sent, send } = sending(deps);
  const run = new ChannelRun("mail", deps, () => send(), pace(deps));
  await run.run();
  await put(deps, mail);
  deps.advance(-HOUR);
  await run.run();
  assertEquals(sent.length, 1);
});

Deno.test("a pause after a failure lasts as long as it was meant to, and no longer", async () => {
  using deps = await testDeps();
  await put(deps, mail);
  await runOutbox(deps, sending(deps, "later").send);
  deps.advance(-HOUR);
  const { sent, send } = sending(deps);
  await runOutbox(deps, send);
  assertEquals(sent, [], "not at once: the server asked for a pause");
  deps.advance(5_000);
  await runOutbox(deps, send);
  assertEquals(sent, [5_000]);
});

Deno.test("a message that a killed process was sending is taken up after its lease, not an hour later", async () => {
  using deps = await testDeps();
  await put(deps, mail);
  const hung = new ChannelRun("mail", deps, () => new Promise(() => {}), pace(deps));
  void hung.run();
  await new Promise((resolve) => setTimeout(resolve, 100));
  deps.advance(-HOUR);
  const { sent, send } = sending(deps);
  await runOutbox(deps, send);
  assertEquals(sent, [], "its sender may live");
  for (let i = 0; i < 5; i++) {
    deps.advance(MINUTE);
    await runOutbox(deps, send);
  }
  assertEquals(sent.length, 1);
});

Deno.test("the clock goes forward an hour and back: nothing waits, nothing is lost", async () => {
  using deps = await testDeps();
  const { sent, send } = sending(deps);
  const run = new ChannelRun("chat", deps, () => send(), pace(deps));
  for (const step of [HOUR, -HOUR, HOUR, -HOUR]) {
    deps.advance(step);
    await put(deps, chat);
    for (let i = 0; i < 3; i++) {
      await run.run();
      deps.advance(1_000);
    }
  }
  assertEquals(sent.length, 4);
});
