import { assert, assertEquals } from "@std/assert";
import { keys } from "../store/keys.ts";
import type { Message, OutboxRecord } from "../store/records/outbox.ts";
import { transact } from "../store/transact.ts";
import { outgoing, type TestDeps, testDeps } from "@/tests/fixtures/mod.ts";
import { listDeadLetters } from "./dead_letters.ts";
import { enqueue } from "./enqueue.ts";
import { labelled, labelOf, runOutbox } from "./testing.ts";
import type { Delivery } from "./send.ts";

const LANE_CAP = 100;
const MAX_AGE = 3 * 24 * 60 * 60_000;

const created = (requestId: string): Message => ({
  channel: "chat",
  chatId: 1,
  what: "request_created",
  requestId,
});
const mail = (label: string) => labelled("a@b.example", label);
const failing = (): Promise<Delivery> => Promise.resolve({ outcome: "later", error: "500" });

async function put(deps: TestDeps, count: number, message: (i: string) => Message) {
  for (let i = 0; i < count; i++) {
    await transact(deps.kv, (tx) => enqueue(deps, tx, message(String(i).padStart(4, "0"))));
  }
}

async function waiting(deps: TestDeps): Promise<OutboxRecord[]> {
  const list = deps.kv.list<OutboxRecord>({ prefix: keys.outbox.under() });
  return (await Array.fromAsync(list)).map(({ value }) => value);
}

const hour = 60 * 60_000;

Deno.test("new requests nobody can be told of become one message", async () => {
  using deps = await testDeps();
  await put(deps, LANE_CAP + 60, created);
  await runOutbox(deps, failing);
  const left = await waiting(deps);
  assertEquals(left.length, 2, "the one that failed, and the digest");
  assertEquals(left[1]!.message, { channel: "chat", chatId: 1, what: "requests_waiting" });
  assertEquals(await listDeadLetters(deps), []);
  // It goes out when the receiver can be reached again, and nothing is left.
  deps.advance(hour);
  const sent: string[] = [];
  await runOutbox(deps, (message) => {
    sent.push(message.channel === "chat" ? message.what : "");
    return Promise.resolve({ outcome: "sent" });
  });
  assertEquals(sent, ["request_created", "requests_waiting"]);
  assertEquals(await waiting(deps), []);
});

Deno.test("of other messages the oldest become dead letters, the newest wait", async () => {
  using deps = await testDeps();
  await put(deps, LANE_CAP + 1 + 30, mail);
  await runOutbox(deps, failing);
  const left = await waiting(deps);
  assertEquals(left.length, LANE_CAP + 1);
  assertEquals(labelOf(outgoing(deps, left.at(-1)!)), "0130");
  const dead = await listDeadLetters(deps);
  assertEquals(dead.length, 30);
  assert(dead.every(({ lastError }) => lastError?.includes("too many")));
  assertEquals(labelOf(outgoing(deps, dead[0]!)), "0001");
});

Deno.test("a long queue that is being sent loses nothing", async () => {
  using deps = await testDeps();
  await put(deps, LANE_CAP + 50, mail);
  let sent = 0;
  await runOutbox(deps, () => {
    sent++;
    return Promise.resolve({ outcome: "sent" });
  });
  assertEquals([sent, (await listDeadLetters(deps)).length], [LANE_CAP + 50, 0]);
});

Deno.test("what could not be sent for three days is given up, with all that waits behind it", async () => {
  using deps = await testDeps();
  await put(deps, 5, mail);
  await runOutbox(deps, failing);
  deps.advance(MAX_AGE - hour);
  await runOutbox(deps, failing);
  assertEquals((await waiting(deps)).length, 5);
  deps.advance(2 * hour);
  await put(deps, 1, mail);
  await runOutbox(deps, failing);
  assertEquals([(await listDeadLetters(deps)).length, (await waiting(deps)).length], [5, 1]);
});
