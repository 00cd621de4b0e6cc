import type { Message } from "../store/records/outbox.ts";
import { assertEquals } from "@std/assert";
import { transact } from "../store/transact.ts";
import { type TestPortal, testPortal } from "../testing.ts";
import { drainOutbox } from "./drain.ts";
import { enqueue, enqueueDigest } from "./enqueue.ts";

const waiting: Message = { channel: "chat", chatId: 1, what: "requests_waiting" };
const reminder = (to: string, text: string): Message => ({
  channel: "mail",
  to,
  subject: "Pedidos",
  text,
});

const add = (portal: TestPortal, message: Message) =>
  transact(portal.kv, (tx) => enqueueDigest(portal, tx, message));

async function sentNow(portal: TestPortal): Promise<Message[]> {
  const sent: Message[] = [];
  await drainOutbox(portal, (message) => {
    sent.push(message);
    return Promise.resolve({ outcome: "sent" });
  });
  return sent;
}

Deno.test("a digest waits half a minute for more that it could stand for", async () => {
  using portal = await testPortal();
  await add(portal, waiting);
  assertEquals(await sentNow(portal), []);
  portal.advance(29_999);
  await add(portal, waiting);
  assertEquals(await sentNow(portal), []);
  portal.advance(1);
  assertEquals(await sentNow(portal), [waiting]);
  // What came last before it went out asks for no second one.
  portal.advance(30_000);
  assertEquals(await sentNow(portal), []);
});

Deno.test("one digest for each receiver and subject, with what was said last", async () => {
  using portal = await testPortal();
  await add(portal, reminder("a@b.example", "um"));
  await add(portal, reminder("a@b.example", "dois"));
  await add(portal, reminder("c@d.example", "um"));
  portal.advance(30_000);
  const sent = await sentNow(portal);
  assertEquals(sent.map((one) => one.channel === "mail" && [one.to, one.text]).sort(), [
    ["a@b.example", "dois"],
    ["c@d.example", "um"],
  ]);
});

Deno.test("a digest goes after what is there already", async () => {
  using portal = await testPortal();
  await add(portal, waiting);
  portal.advance(30_000);
  const created: Message = { channel: "chat", chatId: 1, what: "request_created", requestId: "r" };
  await transact(portal.kv, (tx) => enqueue(portal, tx, created));
  assertEquals(await sentNow(portal), [created, waiting]);
});
