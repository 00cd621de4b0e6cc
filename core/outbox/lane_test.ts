import { keys } from "../store/keys.ts";
import type { Message, OutboxRecord } from "../store/records/outbox.ts";
import { assert, assertEquals } from "@std/assert";
import { transact } from "../store/transact.ts";
import { type TestPortal, testPortal } from "../testing.ts";
import { interrupted } from "../testing_world.ts";
import { listDeadLetters, retryDeadLetter } from "./dead_letters.ts";
import { drainOutbox } from "./drain.ts";
import { enqueue } from "./enqueue.ts";
import { claimLane, settle } from "./lane.ts";
import type { Delivery } from "./message.ts";
import { type Pace, UNPACED } from "./pace.ts";

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

function put(portal: TestPortal, ...messages: Message[]) {
  return transact(portal.kv, (tx) => {
    for (const message of messages) enqueue(portal, tx, message);
  });
}

/** Keeps what it is given, as `chat:number`, and answers as told. */
function recorder(answer: (message: Message) => Delivery = () => ({ outcome: "sent" })) {
  const sent: string[] = [];
  const send = (message: Message) => {
    const delivery = answer(message);
    if (delivery.outcome === "sent" && message.channel === "chat") {
      sent.push(`${message.chatId}:${"messageId" in message ? message.messageId : message.what}`);
    }
    return Promise.resolve(delivery);
  };
  return { sent, send };
}

const slow: Pace = { perChatMs: 1_000, perSecond: Infinity };

async function count(portal: TestPortal, prefix: Deno.KvKey) {
  return (await Array.fromAsync(portal.kv.list({ prefix }))).length;
}

Deno.test("one message a second in a chat, in their order; other chats do not wait", async () => {
  using portal = await testPortal();
  await put(portal, decided(1, 1), decided(1, 2), decided(2, 3), decided(1, 4));
  const { sent, send } = recorder();
  await drainOutbox(portal, send, slow);
  assertEquals(sent.sort(), ["1:1", "2:3"]);
  portal.advance(999);
  await drainOutbox(portal, send, slow);
  assertEquals(sent.length, 2);
  portal.advance(1);
  await drainOutbox(portal, send, slow);
  portal.advance(1_000);
  await drainOutbox(portal, send, slow);
  assertEquals(sent.slice(2), ["1:2", "1:4"]);
  assertEquals(await count(portal, keys.outbox.under()), 0);
  assertEquals(await count(portal, keys.outboxDue.under("chat")), 0);
});

Deno.test("a chat keeps its pace for what comes later, too", async () => {
  using portal = await testPortal();
  const { sent, send } = recorder();
  await put(portal, decided(1, 1));
  await drainOutbox(portal, send, slow);
  portal.advance(500);
  await put(portal, decided(1, 2));
  await drainOutbox(portal, send, slow);
  assertEquals(sent, ["1:1"]);
  portal.advance(500);
  await drainOutbox(portal, send, slow);
  assertEquals(sent, ["1:1", "1:2"]);
});

Deno.test("a chat told to pause keeps its order and holds up no other", async () => {
  using portal = await testPortal();
  await put(portal, decided(1, 1), decided(1, 2), decided(2, 3));
  let pausing = true;
  const { sent, send } = recorder((message) =>
    pausing && "messageId" in message && message.messageId === 1
      ? { outcome: "later", error: "429", retryAfter: 30_000 }
      : { outcome: "sent" }
  );
  await drainOutbox(portal, send);
  assertEquals(sent, ["2:3"]);
  await put(portal, decided(1, 4), decided(2, 5));
  portal.advance(29_999);
  await drainOutbox(portal, send);
  assertEquals(sent, ["2:3", "2:5"]);
  pausing = false;
  portal.advance(1);
  await drainOutbox(portal, send);
  assertEquals(sent.slice(2), ["1:1", "1:2", "1:4"]);
});

Deno.test("a receiver that does not answer holds up nobody else, of either channel", async () => {
  using portal = await testPortal();
  const mail = { channel: "mail", to: "a@b.example", subject: "", text: "" } as const;
  await put(portal, decided(1, 1), { ...mail, to: "hangs@b.example" }, decided(2, 2), mail);
  const sent: string[] = [];
  const hanging = Promise.withResolvers<Delivery>();
  const drained = drainOutbox(portal, async (message) => {
    const to = message.channel === "mail" ? message.to : message.chatId;
    if (to === 1 || to === "hangs@b.example") return await hanging.promise;
    sent.push(String(to));
    if (sent.length === 2) hanging.resolve({ outcome: "sent" });
    return { outcome: "sent" };
  });
  assertEquals(await drained, 4);
  assertEquals(sent.sort(), ["2", "a@b.example"]);
});

Deno.test("many new requests at the front of a chat become one message; few do not", async () => {
  using portal = await testPortal();
  const { sent, send } = recorder();
  await put(portal, ...[1, 2, 3, 4].map((n) => created(1, n)), decided(1, 9));
  await put(portal, ...Array.from({ length: 150 }, (_, i) => created(2, i)), decided(2, 9));
  await drainOutbox(portal, send);
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
  assertEquals(await count(portal, keys.outbox.under()), 0);
});

Deno.test("what a digest stood for stays when it could not be sent", async () => {
  using portal = await testPortal();
  await put(portal, ...[1, 2, 3, 4, 5, 6].map((n) => created(1, n)));
  await drainOutbox(portal, () => Promise.resolve({ outcome: "later", error: "500" }));
  assertEquals(await count(portal, keys.outbox.under()), 6);
  portal.advance(5_000);
  const { sent, send } = recorder();
  await drainOutbox(portal, send);
  assertEquals(sent[0], "1:request_created");
  assertEquals(await count(portal, keys.outbox.under()), 0);
});

Deno.test("a lane is one's at a time, and its hints are not lost to the other", async () => {
  using portal = await testPortal();
  await put(portal, decided(1, 1));
  const claim = await claimLane(portal, "chat:1", []);
  assert(claim !== null);
  assertEquals(await claimLane(portal, "chat:1", []), null);
  await put(portal, decided(1, 2));
  const { sent, send } = recorder();
  await drainOutbox(portal, send);
  assertEquals(sent, []);
  await settle(portal, claim!, { outcome: "sent" }, UNPACED);
  portal.advance(1_000);
  await drainOutbox(portal, send);
  assertEquals(sent, ["1:2"]);
});

Deno.test("who comes back after the lease has ended sends nothing a third time", async () => {
  using portal = await testPortal();
  await put(portal, decided(1, 1));
  const late = await claimLane(portal, "chat:1", []);
  portal.advance(LEASE);
  const second = await claimLane(portal, "chat:1", []);
  assertEquals([late?.attempt, second?.attempt], [1, 2]);
  await settle(portal, late!, { outcome: "later", error: "late" }, UNPACED);
  assertEquals(await claimLane(portal, "chat:1", []), null);
  await settle(portal, second!, { outcome: "sent" }, UNPACED);
  const { sent, send } = recorder();
  portal.advance(LEASE);
  await drainOutbox(portal, send);
  assertEquals(sent, []);
});

Deno.test("a dead letter is listed, given back and sent; a second time it is not there", async () => {
  using portal = await testPortal();
  await put(portal, decided(1, 1), decided(1, 2));
  await drainOutbox(portal, recorder(() => ({ outcome: "never", error: "403" })).send);
  const letters = await listDeadLetters(portal);
  assertEquals(letters.map(({ lastError, attempts }) => [lastError, attempts]), [
    ["403", 1],
    ["403", 1],
  ]);
  assertEquals((await listDeadLetters(portal, { after: letters[0]!.id })).length, 1);
  const { id } = letters[0]!;
  assertEquals(await retryDeadLetter(portal, id), true);
  assertEquals(await retryDeadLetter(portal, id), false);
  assertEquals(await retryDeadLetter(portal, "nada"), false);
  const { sent, send } = recorder();
  await drainOutbox(portal, send);
  assertEquals(sent, ["1:1"]);
  portal.advance(31 * 24 * 60 * 60_000);
  assertEquals(await listDeadLetters(portal), []);
});

Deno.test("two processes' worth of drains: every message once and in its chat's order", async () => {
  using portal = await testPortal();
  for (let n = 0; n < 200; n++) await put(portal, decided(n % 10, n));
  const { sent, send } = recorder();
  const later = async (message: Message) => {
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 3));
    return await send(message);
  };
  // Others may hold a lane when one looks: what they left is due a second later.
  for (let round = 0; round < 3; round++) {
    await Promise.all([1, 2, 3].map(() => drainOutbox(portal, later)));
    portal.advance(1_000);
  }
  assertEquals(sent.length, 200);
  for (let chat = 0; chat < 10; chat++) {
    const own = sent.filter((one) => one.startsWith(`${chat}:`));
    assertEquals(own, Array.from({ length: 20 }, (_, i) => `${chat}:${i * 10 + chat}`));
  }
});

const recordsOf = (portal: TestPortal) =>
  Array.fromAsync(portal.kv.list<OutboxRecord>({ prefix: keys.outbox.under() }));

for (const outcome of ["later", "never"] as const) {
  Deno.test(`a failure (${outcome}) told after the lease has ended changes nothing`, async () => {
    using portal = await testPortal();
    await put(portal, decided(1, 1));
    const late = await claimLane(portal, "chat:1", []);
    portal.advance(LEASE);
    assert(await claimLane(portal, "chat:1", []) !== null);
    const before = await recordsOf(portal);
    assertEquals(before.map(({ value }) => value.attempts), [2]);
    await settle(portal, late!, { outcome, error: "late" }, UNPACED);
    assertEquals(await recordsOf(portal), before);
    assertEquals(await listDeadLetters(portal), []);
  });
}

Deno.test("what was sent is gone, though the lease had ended and the next one was killed", async () => {
  using portal = await testPortal();
  await put(portal, decided(1, 1));
  const late = await claimLane(portal, "chat:1", []);
  portal.advance(LEASE);
  assert(await claimLane(portal, "chat:1", []) !== null);
  await settle(portal, late!, { outcome: "sent" }, UNPACED);
  assertEquals(await recordsOf(portal), []);
  // The lane is still the second one's: nothing that comes now overtakes what it may be sending.
  await put(portal, decided(1, 2));
  assertEquals(await claimLane(portal, "chat:1", []), null);
  portal.advance(LEASE);
  const { sent, send } = recorder();
  await drainOutbox(portal, send);
  assertEquals(sent, ["1:2"]);
});

Deno.test("one that is claiming while a late sender says that it has sent looks again", async () => {
  using portal = await testPortal();
  await put(portal, decided(1, 1));
  const late = await claimLane(portal, "chat:1", []);
  portal.advance(LEASE);
  assert(await claimLane(portal, "chat:1", []) !== null);
  portal.advance(LEASE);
  // The third has read the lane and the message when the first one's success is written.
  const third = interrupted(portal, 1, () => settle(portal, late!, { outcome: "sent" }, UNPACED));
  assertEquals(await claimLane(third, "chat:1", []), null);
  assertEquals(await recordsOf(portal), []);
});
