import { assertEquals } from "@std/assert";
import { stopRunning } from "./stop.ts";

Deno.test("a stop tells, finishes what was begun, and closes the store last", async () => {
  const done: string[] = [];
  const stopping = new AbortController();
  stopping.signal.addEventListener("abort", () => done.push("told"));
  const shutdown = Promise.withResolvers<void>();
  const mails = Promise.withResolvers<void>();
  const stopped = stopRunning({
    stopping,
    noticeMs: 30,
    shutdown() {
      done.push("no more requests");
      return shutdown.promise.then(() => void done.push("requests"));
    },
    background: [() => {
      done.push("no more mails");
      return mails.promise.then(() => void done.push("mails"));
    }],
    afterwards: [() => Promise.resolve(void done.push("bot"))],
    kv: { close: () => done.push("store") },
  });
  assertEquals(done, ["told", "no more mails"], "requests are taken for a moment");
  setTimeout(() => shutdown.resolve(), 60);
  setTimeout(() => mails.resolve(), 90);
  await stopped;
  const order = ["told", "no more mails", "no more requests", "requests", "bot", "mails", "store"];
  assertEquals(done, order);
});

Deno.test("a part that fails holds up no other", async () => {
  const errors: unknown[] = [];
  const log = console.error;
  console.error = (...what) => errors.push(what);
  const done: string[] = [];
  const failing = () => Promise.reject(new Error("down"));
  try {
    await stopRunning({
      stopping: new AbortController(),
      shutdown: failing,
      background: [failing, () => Promise.resolve(void done.push("crons"))],
      afterwards: [failing, () => Promise.resolve(void done.push("bot"))],
      kv: { close: () => done.push("store") },
    });
  } finally {
    console.error = log;
  }
  assertEquals([done, errors.length], [["crons", "bot", "store"], 3]);
});
