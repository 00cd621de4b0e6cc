import { keys } from "../store/keys.ts";
import { assertEquals } from "@std/assert";
import { transact } from "../store/transact.ts";
import { testDeps } from "@/tests/fixtures/deps.ts";
import { enqueue } from "./enqueue.ts";
import { RateLimiter } from "./rate_limiter.ts";
import { createOutboxWorker } from "./worker.ts";

Deno.test("two processes share the pace of a chat service", async () => {
  using deps = await testDeps({}, Date.now());
  const real = { ...deps, now: Date.now };
  const pace = { perChatMs: 0, perSecond: 300 };
  const began = Date.now();
  const both = [new RateLimiter(real, pace), new RateLimiter(real, pace)];
  await Promise.all(both.flatMap((slots) => Array.from({ length: 30 }, () => slots.acquire())));
  // 60 places of 1/300 s: what was reserved reaches at least 200 ms from the beginning.
  const end = (await deps.kv.get<number>(keys.outboxPace())).value!;
  assertEquals(end - began >= 199, true, `${end - began} ms`);
});

Deno.test("places that went by unused are not made up for", async () => {
  using deps = await testDeps();
  const slots = new RateLimiter(deps, { perChatMs: 0, perSecond: 30 });
  await slots.acquire();
  deps.advance(60_000);
  await slots.acquire();
  const next = (await deps.kv.get<number>(keys.outboxPace())).value!;
  assertEquals(Math.round(next - deps.now()), 200);
});

Deno.test("a pump comes back by itself for what is due later, until it is closed", async () => {
  using inner = await testDeps();
  const deps = { ...inner, now: Date.now };
  const sent = Promise.withResolvers<void>();
  let attempts = 0;
  const pump = createOutboxWorker(deps, () => {
    if (++attempts === 1) {
      return Promise.resolve({ outcome: "later", error: "429", retryAfter: 20 });
    }
    sent.resolve();
    return Promise.resolve({ outcome: "sent" });
  }, { selfWaking: true });
  const message = { channel: "chat", chatId: 1, what: "unlinked" } as const;
  await transact(deps.kv, (tx) => enqueue(deps, tx, message));
  // The worker's own clock keeps no process alive.
  const alive = setTimeout(() => sent.reject(new Error("the pump sleeps on")), 5_000);
  pump.notify();
  await sent.promise;
  clearTimeout(alive);
  await pump.close();
  // To another chat: the first one rests.
  await transact(deps.kv, (tx) => enqueue(deps, tx, { ...message, chatId: 2 }));
  await pump.run();
  assertEquals(attempts, 2);
});

Deno.test("a pump whose store fails says so and works again at the next notice", async () => {
  using deps = await testDeps();
  let broken = true;
  const kv = new Proxy(deps.kv, {
    get(target, name) {
      if (name === "list" && broken) {
        return () => {
          throw new Error("store away");
        };
      }
      const value = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const errors: unknown[] = [];
  let sent = 0;
  const send = () => {
    sent++;
    return Promise.resolve({ outcome: "sent" as const });
  };
  const pump = createOutboxWorker({ ...deps, kv }, send, {
    onError: (error) => errors.push(error),
  });
  const message = { channel: "chat", chatId: 1, what: "unlinked" } as const;
  await transact(deps.kv, (tx) => enqueue(deps, tx, message));
  await pump.run();
  assertEquals([errors.length > 0, sent], [true, 0]);
  broken = false;
  await pump.run();
  assertEquals(sent, 1);
});
