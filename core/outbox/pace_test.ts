import { keys } from "../store/keys.ts";
import { assertEquals } from "@std/assert";
import { transact } from "../store/transact.ts";
import { testPortal } from "../testing.ts";
import { enqueue } from "./enqueue.ts";
import { Slots } from "./pace.ts";
import { createPump } from "./pump.ts";

Deno.test("two processes share the pace of a chat service", async () => {
  using portal = await testPortal({}, Date.now());
  const real = { ...portal, now: Date.now };
  const pace = { perChatMs: 0, perSecond: 300 };
  const began = Date.now();
  const both = [new Slots(real, pace), new Slots(real, pace)];
  await Promise.all(both.flatMap((slots) => Array.from({ length: 30 }, () => slots.take())));
  // 60 places of 1/300 s: what was reserved reaches at least 200 ms from the beginning.
  const end = (await portal.kv.get<number>(keys.outboxPace())).value!;
  assertEquals(end - began >= 199, true, `${end - began} ms`);
});

Deno.test("places that went by unused are not made up for", async () => {
  using portal = await testPortal();
  const slots = new Slots(portal, { perChatMs: 0, perSecond: 30 });
  await slots.take();
  portal.advance(60_000);
  await slots.take();
  const next = (await portal.kv.get<number>(keys.outboxPace())).value!;
  assertEquals(Math.round(next - portal.now()), 200);
});

Deno.test("a pump comes back by itself for what is due later, until it is closed", async () => {
  using inner = await testPortal();
  const portal = { ...inner, now: Date.now };
  const sent = Promise.withResolvers<void>();
  let attempts = 0;
  const pump = createPump(portal, () => {
    if (++attempts === 1) {
      return Promise.resolve({ outcome: "later", error: "429", retryAfter: 20 });
    }
    sent.resolve();
    return Promise.resolve({ outcome: "sent" });
  }, { selfWaking: true });
  const message = { channel: "chat", chatId: 1, what: "unlinked" } as const;
  await transact(portal.kv, (tx) => enqueue(portal, tx, message));
  // The pump's own clock keeps no process alive.
  const alive = setTimeout(() => sent.reject(new Error("the pump sleeps on")), 5_000);
  pump.kick();
  await sent.promise;
  clearTimeout(alive);
  await pump.close();
  await transact(portal.kv, (tx) => enqueue(portal, tx, message));
  await pump.drain();
  assertEquals(attempts, 2);
});

Deno.test("a pump whose store fails says so and works again at the next kick", async () => {
  using portal = await testPortal();
  let broken = true;
  const kv = new Proxy(portal.kv, {
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
  const pump = createPump({ ...portal, kv }, send, { onError: (error) => errors.push(error) });
  const message = { channel: "chat", chatId: 1, what: "unlinked" } as const;
  await transact(portal.kv, (tx) => enqueue(portal, tx, message));
  await pump.drain();
  assertEquals([errors.length > 0, sent], [true, 0]);
  broken = false;
  await pump.drain();
  assertEquals(sent, 1);
});
