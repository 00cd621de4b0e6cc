import { assertEquals } from "@std/assert";
import { interrupted, type TestDeps, testDeps } from "@/tests/fixtures/deps.ts";
import { delay } from "../store/delay.ts";
import { keys } from "../store/keys.ts";
import { setMaintenance } from "../store/maintenance.ts";
import { transact } from "../store/transact.ts";
import { StoreUnavailable } from "../store/unavailable.ts";
import { enqueue } from "./enqueue.ts";
import { LEASE } from "./partition.ts";
import { labelled, runOutbox } from "./testing.ts";
import { createOutboxWorker } from "./worker.ts";

const MAIL = labelled("a@b.example");
const SENT = { outcome: "sent" } as const;

async function withMail(): Promise<TestDeps> {
  const deps = await testDeps();
  await transact(deps.kv, (tx) => enqueue(deps, tx, MAIL));
  return deps;
}

const left = async (deps: TestDeps) =>
  (await Array.fromAsync(deps.kv.list({ prefix: keys.outbox.under() }))).length;

/** What is written to the log meanwhile. */
async function logged(work: () => Promise<void>): Promise<string> {
  const { error } = console;
  const lines: string[] = [];
  console.error = (line) => void lines.push(line);
  try {
    await work();
  } finally {
    console.error = error;
  }
  return lines.join("\n");
}

Deno.test("maintenance that begins while a message is on its way: sent once, noted at the end of it", async () => {
  using deps = await withMail();
  let sent = 0;
  const worker = createOutboxWorker(deps, async () => {
    sent++;
    await setMaintenance(deps, true);
    return SENT;
  });
  const running = worker.run();
  await delay(200);
  // Longer than the lease.
  deps.advance(LEASE + 1_000);
  await delay(200);
  await setMaintenance(deps, false);
  await running;
  await runOutbox(deps, () => Promise.resolve((sent++, SENT)));
  assertEquals([sent, await left(deps)], [1, 0]);
  await worker.close();
});

Deno.test("a store that is busy for longer than a commit waits: the message is sent once", async () => {
  using deps = await withMail();
  let sent = 0;
  // The second commit is what became of the message.
  const busy = interrupted(deps, 2, () => Promise.reject(new StoreUnavailable("busy", "ocupado")));
  assertEquals(await runOutbox(busy, () => Promise.resolve((sent++, SENT))), 1);
  deps.advance(LEASE);
  await runOutbox(deps, () => Promise.resolve((sent++, SENT)));
  assertEquals([sent, await left(deps)], [1, 0]);
});

Deno.test("a stop in maintenance waits for nothing, and the log names what was sent and not noted", async () => {
  using deps = await withMail();
  const worker = createOutboxWorker(deps, async () => {
    await setMaintenance(deps, true);
    return SENT;
  });
  const lines = await logged(async () => {
    worker.notify();
    while (!(await deps.kv.get(keys.maintenance())).value) await delay(10);
    await delay(100);
    const began = performance.now();
    await worker.close();
    assertEquals(performance.now() - began < 900, true);
  });
  assertEquals([lines.includes("outbox_sent_not_noted"), await left(deps)], [true, 1]);
});
