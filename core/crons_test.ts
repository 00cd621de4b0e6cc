import { assertEquals, assertThrows } from "@std/assert";
import { Crons } from "./crons.ts";

Deno.test("a stop ends the crons: their names are free again", () => {
  const stopping = new AbortController();
  const once = () => new Crons(stopping.signal).add("crons_test", "0 0 1 1 *", async () => {});
  once();
  assertThrows(once, TypeError);
  stopping.abort();
  const after = new AbortController();
  new Crons(after.signal).add("crons_test", "0 0 1 1 *", async () => {});
  after.abort();
});

Deno.test("idle waits for what runs, also when it fails", async () => {
  const crons = new Crons(new AbortController().signal);
  await crons.idle();
  const work = Promise.withResolvers<void>();
  const other = Promise.withResolvers<void>();
  const runs = [crons.run(() => work.promise), crons.run(() => other.promise)];
  let idle = false;
  const waiting = crons.idle().then(() => idle = true);
  work.resolve();
  await runs[0];
  await new Promise((resolve) => setTimeout(resolve, 10));
  assertEquals(idle, false);
  other.reject(new Error("down"));
  // The runtime gets to know, and tries again.
  assertEquals(await runs[1]!.catch((error) => error.message), "down");
  await waiting;
});
