import type { Message, Outgoing } from "../store/records/outbox.ts";
import { requestsWaiting } from "../mails/access_mails.ts";
import { assertEquals } from "@std/assert";
import { transact } from "../store/transact.ts";
import { type TestDeps, testDeps } from "@/tests/fixtures/deps.ts";
import { runOutbox } from "./testing.ts";
import { enqueue, enqueueDigest } from "./enqueue.ts";

const waiting: Message = { channel: "chat", chatId: 1, what: "requests_waiting" };
/** Its words differ by the address of the portal, its subject does not. */
const reminder = (to: string, origin: string): Message => ({
  channel: "mail",
  to,
  mail: requestsWaiting(origin),
});

const add = (deps: TestDeps, message: Message) =>
  transact(deps.kv, (tx) => enqueueDigest(deps, tx, message));

async function sentNow(deps: TestDeps): Promise<Outgoing[]> {
  const sent: Outgoing[] = [];
  await runOutbox(deps, (message) => {
    sent.push(message);
    return Promise.resolve({ outcome: "sent" });
  });
  return sent;
}

Deno.test("a digest waits half a minute for more that it could stand for", async () => {
  using deps = await testDeps();
  await add(deps, waiting);
  assertEquals(await sentNow(deps), []);
  deps.advance(29_999);
  await add(deps, waiting);
  assertEquals(await sentNow(deps), []);
  deps.advance(1);
  assertEquals(await sentNow(deps), [waiting]);
  // What came last before it went out asks for no second one.
  deps.advance(30_000);
  assertEquals(await sentNow(deps), []);
});

Deno.test("one digest for each receiver and subject, with what was said last", async () => {
  using deps = await testDeps();
  await add(deps, reminder("a@b.example", "https://um.example"));
  await add(deps, reminder("a@b.example", "https://dois.example"));
  await add(deps, reminder("c@d.example", "https://um.example"));
  deps.advance(30_000);
  const sent = await sentNow(deps);
  assertEquals(
    sent.map((one) => one.channel === "mail" && [one.to, /https:\/\/(\w+)/.exec(one.text)?.[1]])
      .sort(),
    [
      ["a@b.example", "dois"],
      ["c@d.example", "um"],
    ],
  );
});

Deno.test("a digest goes after what is there already", async () => {
  using deps = await testDeps();
  await add(deps, waiting);
  deps.advance(30_000);
  const created: Message = { channel: "chat", chatId: 1, what: "request_created", requestId: "r" };
  await transact(deps.kv, (tx) => enqueue(deps, tx, created));
  assertEquals(await sentNow(deps), [created, waiting]);
});
