import { assertEquals } from "@std/assert";
import { type TestDeps, testDeps } from "@/tests/fixtures/deps.ts";
import { currentRequest, withinRequest } from "../log/mod.ts";
import { delay } from "../store/delay.ts";
import { keys } from "../store/keys.ts";
import type { MailMessage, Message } from "../store/records/outbox.ts";
import { transact } from "../store/transact.ts";
import { enqueue } from "./enqueue.ts";
import type { Delivery } from "./send.ts";
import { labelled, runOutbox } from "./testing.ts";
import { createOutboxWorker } from "./worker.ts";

const SENT: Delivery = { outcome: "sent" };

const mail = (to: string) => labelled(to);
const chat = (chatId: number): Message => ({ channel: "chat", chatId, what: "unlinked" });

function put(deps: TestDeps, ...messages: Message[]) {
  return transact(deps.kv, (tx) => messages.forEach((one) => enqueue(deps, tx, one)));
}

/** Rejects when it takes long: a worker's own clock keeps no process alive. */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`not within ${ms} ms`)), ms);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

Deno.test("closing: what is being sent is finished and written down, nothing more is begun", async () => {
  using deps = await testDeps();
  await put(deps, mail("0@b.example"), mail("0@b.example"));
  deps.advance(1);
  await put(deps, ...Array.from({ length: 19 }, (_, i) => mail(`${i + 1}@b.example`)));
  const sent: string[] = [];
  const begun = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  const worker = createOutboxWorker(deps, async (message) => {
    sent.push((message as MailMessage).to);
    if (sent.length === 4) begun.resolve();
    await answer.promise;
    return SENT;
  });
  worker.notify();
  await within(5_000, begun.promise);
  const closing = worker.close();
  answer.resolve();
  await within(5_000, closing);
  assertEquals(sent.length, 4);
  // The next process sends the others at once, and those four not again.
  const rest: string[] = [];
  await runOutbox(deps, (message) => {
    rest.push((message as MailMessage).to);
    return Promise.resolve(SENT);
  });
  assertEquals(rest.length, 17);
  assertEquals(rest.filter((to) => sent.includes(to)), ["0@b.example"]);
});

Deno.test("closing: what waits for its place in the pace is given back as it was", async () => {
  using deps = await testDeps();
  await put(deps, chat(1), chat(2), chat(3));
  const first = Promise.withResolvers<void>();
  const attempts: number[] = [];
  const worker = createOutboxWorker(deps, (_message, attempt) => {
    attempts.push(attempt);
    first.resolve();
    return Promise.resolve(SENT);
    // One message an hour.
  }, { rate: { perChatMs: 0, perSecond: 1 / 3_600 } });
  worker.notify();
  await within(5_000, first.promise);
  await within(5_000, worker.close());
  assertEquals(attempts, [1]);
  await runOutbox(deps, (_message, attempt) => {
    attempts.push(attempt);
    return Promise.resolve(SENT);
  });
  assertEquals(attempts, [1, 1, 1]);
  const left = deps.kv.list({ prefix: keys.outbox.under() });
  assertEquals(await Array.fromAsync(left), []);
});

Deno.test("a worker whose store fails comes back by itself", async () => {
  using deps = await testDeps();
  await put(deps, mail("a@b.example"));
  const sent = Promise.withResolvers<void>();
  let failures = 0;
  const kv = new Proxy(deps.kv, {
    get(target, name) {
      if (name === "list" && failures === 0) {
        return () => {
          throw new Error("database is locked");
        };
      }
      const value = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const send = () => {
    sent.resolve();
    return Promise.resolve(SENT);
  };
  const worker = createOutboxWorker({ ...deps, kv }, send, {
    selfWaking: true,
    onError: () => failures++,
  });
  worker.notify();
  await within(10_000, sent.promise);
  await worker.close();
});

Deno.test("a notice that comes while the clock is being set is not forgotten", async () => {
  using deps = await testDeps();
  const sent = Promise.withResolvers<void>();
  // The mail channel's first list finds nothing due; the second one sets the clock.
  let lists = 0;
  const watched = new Proxy(deps.kv, {
    get(target, name) {
      const value = Reflect.get(target, name, target);
      if (name !== "list") return typeof value === "function" ? value.bind(target) : value;
      return async function* (selector: Deno.KvListSelector, options?: Deno.KvListOptions) {
        const isMail = JSON.stringify(selector).includes("mail");
        yield* target.list(selector, options);
        if (isMail && ++lists === 2) {
          await put(deps, mail("a@b.example"));
          worker.notify();
        }
      };
    },
  });
  const send = () => {
    sent.resolve();
    return Promise.resolve(SENT);
  };
  const worker = createOutboxWorker({ ...deps, kv: watched }, send, { selfWaking: true });
  worker.notify();
  await within(5_000, sent.promise);
  await worker.close();
});

Deno.test("what a request has notified of is sent outside of it, and what comes back later too", async () => {
  using deps = await testDeps();
  await put(deps, mail("a@b.example"));
  const second = Promise.withResolvers<void>();
  const requests: (string | null)[] = [];
  const worker = createOutboxWorker(deps, () => {
    requests.push(currentRequest()?.id ?? null);
    if (requests.length === 2) second.resolve();
    return Promise.resolve({ outcome: "later", error: "", retryAfter: 10 });
  }, { selfWaking: true });
  const request = { id: "r1", trips: 0, waiting: 0 };
  withinRequest(request, () => worker.notify());
  await delay(300);
  deps.advance(1_000);
  withinRequest(request, () => worker.notify());
  await within(5_000, second.promise);
  await worker.close();
  assertEquals([requests, request.trips], [[null, null], 0]);
});
