import { keys } from "../store/keys.ts";
import type { Message, OutboxRecord, Outgoing } from "../store/records/outbox.ts";
import { transact } from "../store/transact.ts";
import { interrupted, type TestDeps, testDeps } from "@/tests/fixtures/mod.ts";
import { listDeadLetters, retryDeadLetter } from "./dead_letters.ts";
import { enqueue } from "./enqueue.ts";
import { labelled, runOutbox } from "./testing.ts";
import { acknowledge, claimPartition } from "./partition.ts";
import type { Delivery } from "./send.ts";
import { type Rate, UNLIMITED } from "./rate_limiter.ts";
import { assert, assertEquals } from "@std/assert";

const LEASE = 2 * 60_000;

/** A message that is known by its number. */
const decided = (chatId: number, messageId: number): Message => ({
  channel: "chat",
  chatId,
  what: "request_decided",
  requestId: "r",
  messageId,
});
const created = (chatId: number, number: number): Message => ({
  channel: "chat",
  chatId,
  what: "request_created",
  requestId: `r${number}`,
});

function put(deps: TestDeps, ...messages: Message[]) {
  return transact(deps.kv, (tx) => {
    for (const message of messages) enqueue(deps, tx, message);
  });
}

/** Keeps what it is given, as `chat:number`, and answers as told. */
function recorder(answer: (message: Outgoing) => Delivery = () => ({ outcome: "sent" })) {
  const sent: string[] = [];
  const send = (message: Outgoing) => {
    const delivery = answer(message);
    if (delivery.outcome === "sent" && message.channel === "chat") {
      sent.push(`${message.chatId}:${"messageId" in message ? message.messageId : message.what}`);
    }
    return Promise.resolve(delivery);
  };
  return { sent, send };
}

const slow: Rate = { perChatMs: 1_000, perSecond: Infinity };

async function count(deps: TestDeps, prefix: Deno.KvKey) {
  return (await Array.fromAsync(deps.kv.list({ prefix }))).length;
}

Deno.test("one message a second in a chat, in their order; other chats do not wait", async () => {
  using deps = await testDeps();
  await put(deps, decided(1, 1), decided(1, 2), decided(2, 3), decided(1, 4));
  const { sent, send } = recorder();
  await runOutbox(deps, send, slow);
  assertEquals(sent.sort(), ["1:1", "2:3"]);
  deps.advance(999);
  await runOutbox(deps, send, slow);
  assertEquals(sent.length, 2);
  deps.advance(1);
  await runOutbox(deps, send, slow);
  deps.advance(1_000);
  await runOutbox(deps, send, slow);
  assertEquals(sent.slice(2), ["1:2", "1:4"]);
  assertEquals(await count(deps, keys.outbox.under()), 0);
  assertEquals(await count(deps, keys.outboxDue.under("chat")), 0);
});

Deno.test("a chat keeps its pace for what comes later, too", async () => {
  using deps = await testDeps();
  const { sent, send } = recorder();
  await put(deps, decided(1, 1));
  await runOutbox(deps, send, slow);
  deps.advance(500);
  await put(deps, decided(1, 2));
  await runOutbox(deps, send, slow);
  assertEquals(sent, ["1:1"]);
  deps.advance(500);
  await runOutbox(deps, send, slow);
  assertEquals(sent, ["1:1", "1:2"]);
});

Deno.test("a chat told to pause keeps its order and holds up no other", async () => {
  using deps = await testDeps();
  await put(deps, decided(1, 1), decided(1, 2), decided(2, 3));
  let pausing = true;
  const { sent, send } = recorder((message) =>
    pausing && "messageId" in message && message.messageId === 1
      ? { outcome: "later", error: "429", retryAfter: 30_000 }
      : { outcome: "sent" }
  );
  await runOutbox(deps, send);
  assertEquals(sent, ["2:3"]);
  await put(deps, decided(1, 4), decided(2, 5));
  deps.advance(29_999);
  await runOutbox(deps, send);
  assertEquals(sent, ["2:3", "2:5"]);
  pausing = false;
  deps.advance(1);
  await runOutbox(deps, send);
  assertEquals(sent.slice(2), ["1:1", "1:2", "1:4"]);
});

Deno.test("a receiver that does not answer holds up nobody else, of either channel", async () => {
  using deps = await testDeps();
  const mail = labelled("a@b.example");
  await put(deps, decided(1, 1), { ...mail, to: "hangs@b.example" }, decided(2, 2), mail);
  const sent: string[] = [];
  const hanging = Promise.withResolvers<Delivery>();
  const drained = runOutbox(deps, async (message) => {
    const to = message.channel === "chat" ? message.chatId : "to" in message ? message.to : "";
    if (to === 1 || to === "hangs@b.example") return await hanging.promise;
    sent.push(String(to));
    if (sent.length === 2) hanging.resolve({ outcome: "sent" });
    return { outcome: "sent" };
  });
  assertEquals(await drained, 4);
  assertEquals(sent.sort(), ["2", "a@b.example"]);
});

Deno.test("many new requests at the front of a chat become one message; few do not", async () => {
  using deps = await testDeps();
  const { sent, send } = recorder();
  await put(deps, ...[1, 2, 3, 4].map((n) => created(1, n)), decided(1, 9));
  await put(deps, ...Array.from({ length: 150 }, (_, i) => created(2, i)), decided(2, 9));
  await runOutbox(deps, send);
  assertEquals(sent.filter((one) => one.startsWith("1:")), [
    ...Array(4).fill("1:request_created"),
    "1:9",
  ]);
  // 150 waited; one message stands for what is read at once.
  assertEquals(sent.filter((one) => one.startsWith("2:")), [
    "2:requests_waiting",
    "2:requests_waiting",
    "2:9",
  ]);
  assertEquals(await count(deps, keys.outbox.under()), 0);
});

Deno.test("what a digest stood for stays when it could not be sent", async () => {
  using deps = await testDeps();
  await put(deps, ...[1, 2, 3, 4, 5, 6].map((n) => created(1, n)));
  await runOutbox(deps, () => Promise.resolve({ outcome: "later", error: "500" }));
  assertEquals(await count(deps, keys.outbox.under()), 6);
  deps.advance(5_000);
  const { sent, send } = recorder();
  await runOutbox(deps, send);
  assertEquals(sent[0], "1:request_created");
  assertEquals(await count(deps, keys.outbox.under()), 0);
});

Deno.test("a lane is one's at a time, and its hints are not lost to the other", async () => {
  using deps = await testDeps();
  await put(deps, decided(1, 1));
  const claim = await claimPartition(deps, "chat:1", []);
  assert(claim !== null);
  assertEquals(await claimPartition(deps, "chat:1", []), null);
  await put(deps, decided(1, 2));
  const { sent, send } = recorder();
  await runOutbox(deps, send);
  assertEquals(sent, []);
  await acknowledge(deps, claim!, { outcome: "sent" }, UNLIMITED);
  deps.advance(1_000);
  await runOutbox(deps, send);
  assertEquals(sent, ["1:2"]);
});

Deno.test("who comes back after the lease has ended sends nothing a third time", async () => {
  using deps = await testDeps();
  await put(deps, decided(1, 1));
  const late = await claimPartition(deps, "chat:1", []);
  deps.advance(LEASE);
  const second = await claimPartition(deps, "chat:1", []);
  assertEquals([late?.attempt, second?.attempt], [1, 2]);
  await acknowledge(deps, late!, { outcome: "later", error: "late" }, UNLIMITED);
  assertEquals(await claimPartition(deps, "chat:1", []), null);
  await acknowledge(deps, second!, { outcome: "sent" }, UNLIMITED);
  const { sent, send } = recorder();
  deps.advance(LEASE);
  await runOutbox(deps, send);
  assertEquals(sent, []);
});

Deno.test("a dead letter is listed, given back and sent; a second time it is not there", async () => {
  using deps = await testDeps();
  await put(deps, decided(1, 1), decided(1, 2));
  await runOutbox(deps, recorder(() => ({ outcome: "never", error: "403" })).send);
  const letters = await listDeadLetters(deps);
  assertEquals(letters.map(({ lastError, attempts }) => [lastError, attempts]), [
    ["403", 1],
    ["403", 1],
  ]);
  assertEquals((await listDeadLetters(deps, { after: letters[0]!.id })).length, 1);
  const { id } = letters[0]!;
  assertEquals(await retryDeadLetter(deps, id), { outcome: "given_back" });
  assertEquals(await retryDeadLetter(deps, id), { outcome: "unknown" });
  assertEquals(await retryDeadLetter(deps, "nada"), { outcome: "unknown" });
  const { sent, send } = recorder();
  await runOutbox(deps, send);
  assertEquals(sent, ["1:1"]);
  deps.advance(31 * 24 * 60 * 60_000);
  assertEquals(await listDeadLetters(deps), []);
});

Deno.test("two processes' worth of drains: every message once and in its chat's order", async () => {
  using deps = await testDeps();
  for (let n = 0; n < 200; n++) await put(deps, decided(n % 10, n));
  const { sent, send } = recorder();
  const later = async (message: Outgoing) => {
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 3));
    return await send(message);
  };
  // Others may hold a partition when one looks: what they left is due a second later.
  for (let round = 0; round < 3; round++) {
    await Promise.all([1, 2, 3].map(() => runOutbox(deps, later)));
    deps.advance(1_000);
  }
  assertEquals(sent.length, 200);
  for (let chat = 0; chat < 10; chat++) {
    const own = sent.filter((one) => one.startsWith(`${chat}:`));
    assertEquals(own, Array.from({ length: 20 }, (_, i) => `${chat}:${i * 10 + chat}`));
  }
});

const recordsOf = (deps: TestDeps) =>
  Array.fromAsync(deps.kv.list<OutboxRecord>({ prefix: keys.outbox.under() }));

for (const outcome of ["later", "never"] as const) {
  Deno.test(`a failure (${outcome}) told after the lease has ended changes nothing`, async () => {
    using deps = await testDeps();
    await put(deps, decided(1, 1));
    const late = await claimPartition(deps, "chat:1", []);
    deps.advance(LEASE);
    assert(await claimPartition(deps, "chat:1", []) !== null);
    const before = await recordsOf(deps);
    assertEquals(before.map(({ value }) => value.attempts), [2]);
    await acknowledge(deps, late!, { outcome, error: "late" }, UNLIMITED);
    assertEquals(await recordsOf(deps), before);
    assertEquals(await listDeadLetters(deps), []);
  });
}

Deno.test("what was sent is gone, though the lease had ended and the next one was killed", async () => {
  using deps = await testDeps();
  await put(deps, decided(1, 1));
  const late = await claimPartition(deps, "chat:1", []);
  deps.advance(LEASE);
  assert(await claimPartition(deps, "chat:1", []) !== null);
  await acknowledge(deps, late!, { outcome: "sent" }, UNLIMITED);
  assertEquals(await recordsOf(deps), []);
  // The partition is still the second one's: nothing that comes now overtakes what it may be sending.
  await put(deps, decided(1, 2));
  assertEquals(await claimPartition(deps, "chat:1", []), null);
  deps.advance(LEASE);
  const { sent, send } = recorder();
  await runOutbox(deps, send);
  assertEquals(sent, ["1:2"]);
});

Deno.test("one that is claiming while a late sender says that it has sent looks again", async () => {
  using deps = await testDeps();
  await put(deps, decided(1, 1));
  const late = await claimPartition(deps, "chat:1", []);
  deps.advance(LEASE);
  assert(await claimPartition(deps, "chat:1", []) !== null);
  deps.advance(LEASE);
  // The third has read the partition and the message when the first one's success is written.
  const third = interrupted(
    deps,
    1,
    () => acknowledge(deps, late!, { outcome: "sent" }, UNLIMITED),
  );
  assertEquals(await claimPartition(third, "chat:1", []), null);
  assertEquals(await recordsOf(deps), []);
});
