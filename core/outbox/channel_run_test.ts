import { keys } from "../store/keys.ts";
import type { Outgoing } from "../store/records/outbox.ts";
import { assertEquals, assertRejects } from "@std/assert";
import { interrupted, testDeps } from "@/tests/fixtures/mod.ts";
import { transact } from "../store/transact.ts";
import { labelled, labelOf, runOutbox } from "./testing.ts";
import { enqueue } from "./enqueue.ts";

const LEASE = 2 * 60_000;
const MAX_ATTEMPTS = 30;

const mail = (label: string) => labelled("a@b.example", label);

async function portalWith(...subjects: string[]) {
  const deps = await testDeps();
  await transact(deps.kv, (tx) => {
    for (const subject of subjects) enqueue(deps, tx, mail(subject));
  });
  return deps;
}

async function count(kv: Deno.Kv, prefix: Deno.KvKey) {
  return (await Array.fromAsync(kv.list({ prefix }))).length;
}

Deno.test("two drains at once send each message once", async () => {
  using deps = await portalWith(...Array.from({ length: 20 }, (_, i) => `m${i}`));
  const sent: string[] = [];
  const send = async (message: Outgoing) => {
    await Promise.resolve();
    sent.push(labelOf(message));
    return { outcome: "sent" as const };
  };
  const [a, b] = await Promise.all([runOutbox(deps, send), runOutbox(deps, send)]);
  assertEquals(a + b, 20);
  assertEquals(new Set(sent).size, 20);
  assertEquals(sent.length, 20);
  assertEquals(await count(deps.kv, ["outbox"]), 0);
});

Deno.test("a failed message waits, then is sent", async () => {
  using deps = await portalWith("m");
  assertEquals(await runOutbox(deps, () => Promise.reject(new Error("down"))), 0);
  const send = () => Promise.resolve({ outcome: "sent" as const });
  assertEquals(await runOutbox(deps, send), 0);
  deps.advance(5_000);
  assertEquals(await runOutbox(deps, send), 1);
});

Deno.test("the receiver's own pause is obeyed", async () => {
  using deps = await portalWith("m");
  await runOutbox(
    deps,
    () => Promise.resolve({ outcome: "later" as const, error: "429", retryAfter: 30_000 }),
  );
  const send = () => Promise.resolve({ outcome: "sent" as const });
  deps.advance(29_999);
  assertEquals(await runOutbox(deps, send), 0);
  deps.advance(1);
  assertEquals(await runOutbox(deps, send), 1);
});

Deno.test("a sender killed half-way: the message is due again after its lease", async () => {
  using deps = await portalWith("m");
  // A send that never answers stands for a killed process: nothing after it runs.
  const killed = runOutbox(deps, () => new Promise(() => {}));
  await Promise.race([killed, new Promise((resolve) => setTimeout(resolve, 50))]);
  const send = () => Promise.resolve({ outcome: "sent" as const });
  assertEquals(await runOutbox(deps, send), 0);
  deps.advance(LEASE - 1);
  assertEquals(await runOutbox(deps, send), 0);
  deps.advance(1);
  assertEquals(await runOutbox(deps, send), 1);
});

Deno.test("the pauses between attempts double, up to an hour, and then no more", async () => {
  using deps = await portalWith("m");
  const tried: number[] = [];
  const send = () => {
    tried.push(deps.now());
    throw new Error("down");
  };
  const hour = 3_600;
  for (let attempt = 1; attempt < MAX_ATTEMPTS; attempt++) {
    await runOutbox(deps, send);
    const pause = Math.min(hour, 5 * 2 ** (attempt - 1)) * 1_000;
    deps.advance(pause - 1);
    await runOutbox(deps, send);
    assertEquals(tried.length, attempt);
    deps.advance(1);
  }
  await runOutbox(deps, send);
  // About a day: 5 s, 10 s … 42 min, then 19 hours.
  assertEquals(Math.round((tried.at(-1)! - tried[0]!) / 60_000 / 60), 20);
  assertEquals(await count(deps.kv, ["outbox_dead"]), 1);
});

Deno.test("a message that can never be sent becomes a dead letter", async () => {
  using deps = await portalWith("m");
  await runOutbox(deps, () => Promise.resolve({ outcome: "never" as const, error: "550" }));
  assertEquals(await count(deps.kv, ["outbox"]), 0);
  assertEquals(await count(deps.kv, ["outbox_dead"]), 1);
});

Deno.test("attempts are bounded", async () => {
  using deps = await portalWith("m");
  let tries = 0;
  for (let i = 0; i < MAX_ATTEMPTS + 5; i++) {
    await runOutbox(deps, () => {
      tries++;
      throw new Error("down");
    });
    deps.advance(60 * 60_000);
  }
  assertEquals(tries, MAX_ATTEMPTS);
  assertEquals(await count(deps.kv, keys.outbox.under()), 0);
  assertEquals(await count(deps.kv, ["outbox_dead"]), 1);
});

Deno.test("when the store fails the drain says so, once what is on its way has ended", async () => {
  using deps = await testDeps();
  const to = (name: string) => labelled(`${name}@b.example`, name);
  await transact(deps.kv, (tx) => {
    for (const name of ["fast", "slow"]) enqueue(deps, tx, to(name));
  });
  // Two claims; the third commit is what became of the fast one.
  const failing = interrupted(deps, 3, () => Promise.reject(new Error("the disk is full")));
  let ended = false;
  const send = async (message: Outgoing) => {
    if (labelOf(message) === "slow") {
      await new Promise((resolve) => setTimeout(resolve, 100));
      ended = true;
    }
    return { outcome: "sent" as const };
  };
  await assertRejects(() => runOutbox(failing, send), Error, "the disk is full");
  assertEquals(ended, true);
  // What was not written down is due again.
  deps.advance(LEASE);
  assertEquals(await runOutbox(deps, send), 1);
});
