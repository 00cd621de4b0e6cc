import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { Overloaded } from "./overloaded.ts";
import { WorkQueue } from "./work_queue.ts";

const bounds = {
  kind: "passwords",
  running: 2,
  waiting: 3,
  wait: 10_000,
  patience: 10_000,
} as const;

Deno.test("no more works at the same time than may, and each gets its turn in order", async () => {
  const queue = new WorkQueue(bounds);
  const places = Array.from({ length: 5 }, () => queue.enter());
  const begun: number[] = [];
  const ends = places.map(() => Promise.withResolvers<void>());
  const works = places.map((place, i) =>
    place.run(() => {
      begun.push(i);
      return ends[i]!.promise;
    })
  );
  assertEquals(begun, [0, 1]);
  ends[1]!.resolve();
  await works[1];
  assertEquals(begun, [0, 1, 2]);
  // One that fails gives its turn on too.
  ends[0]!.reject(new Error("broken"));
  await assertRejects(() => works[0]!, Error, "broken");
  assertEquals(begun, [0, 1, 2, 3]);
  for (const end of ends) end.resolve();
  await Promise.all(works.slice(2));
  assertEquals(begun, [0, 1, 2, 3, 4]);
});

Deno.test("beyond the places: refused at once; a place given back is there for the next, once", () => {
  const queue = new WorkQueue(bounds);
  const places = Array.from({ length: 5 }, () => queue.enter());
  assertEquals(assertThrows(() => queue.enter(), Overloaded).kind, "passwords");
  places[0]![Symbol.dispose]();
  places[0]![Symbol.dispose]();
  queue.enter();
  assertThrows(() => queue.enter(), Overloaded);
});

Deno.test("who waits longer than the patience is turned away, and holds no turn", async () => {
  const queue = new WorkQueue({ ...bounds, running: 1, patience: 20 });
  const end = Promise.withResolvers<void>();
  const first = queue.enter().run(() => end.promise);
  await assertRejects(() => queue.enter().run(() => Promise.resolve()), Overloaded);
  const third = queue.enter().run(() => Promise.resolve("done"));
  end.resolve();
  await first;
  assertEquals(await third, "done");
});

Deno.test("on a slow machine fewer wait: none whose turn would come too late", async () => {
  const queue = new WorkQueue({ ...bounds, running: 1, wait: 10 });
  using place = queue.enter();
  const slow = () => new Promise((resolve) => setTimeout(resolve, 30));
  // With the one that is held, one more has all the mean to wait for.
  for (let i = 0; i < 10; i++) await place.run(slow);
  assertThrows(() => queue.enter(), Overloaded);
  place[Symbol.dispose]();
  queue.enter();
});
