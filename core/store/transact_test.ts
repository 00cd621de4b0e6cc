import { assert, assertEquals, assertRejects } from "@std/assert";
import { accept, refuse } from "../result.ts";
import { family } from "./key.ts";
import { read, readMany } from "./read.ts";
import { transact } from "./transact.ts";

const count = family<number, []>("count");
const taken = family<string, [name: string]>("taken");

async function withKv(run: (kv: Deno.Kv) => Promise<void>) {
  const kv = await Deno.openKv(":memory:");
  try {
    await run(kv);
  } finally {
    kv.close();
  }
}

Deno.test("concurrent transactions on one counter lose no update", () =>
  withKv(async (kv) => {
    const increment = () =>
      transact(kv, async (tx) => {
        tx.set(count(), (await tx.get(count()) ?? 0) + 1);
      });
    await Promise.all(Array.from({ length: 25 }, increment));
    assertEquals(await read(kv, count()), 25);
  }));

Deno.test("only one of two creators of the same key wins", () =>
  withKv(async (kv) => {
    const create = (who: string) =>
      transact(kv, async (tx) => {
        if (await tx.get(taken("x"))) return refuse("taken");
        tx.set(taken("x"), who);
        return accept(who);
      });
    const outcomes = await Promise.all([create("a"), create("b")]);
    assertEquals(outcomes.filter((outcome) => outcome.ok).length, 1);
  }));

Deno.test("a refusal writes nothing", () =>
  withKv(async (kv) => {
    await transact(kv, (tx) => {
      tx.set(count(), 1);
      return refuse("no");
    });
    assertEquals(await read(kv, count()), null);
  }));

Deno.test("more than ten checks are a fault of the program", () =>
  withKv(async (kv) => {
    await assertRejects(
      () =>
        transact(kv, async (tx) => {
          for (let i = 0; i < 11; i++) await tx.get(taken(`${i}`));
          tx.set(count(), 1);
        }),
      RangeError,
    );
  }));

Deno.test("a key that is read twice has one value, and a change in between is not written over", () =>
  withKv(async (kv) => {
    await kv.set(count(), 1);
    const seen: (number | null)[][] = [];
    await transact(kv, async (tx) => {
      const first = await tx.get(count());
      if (seen.length === 0) await kv.set(count(), 10);
      const [second, other] = await tx.getMany([count(), taken("x")]);
      const third = await tx.get(count());
      seen.push([first, second, third]);
      tx.set(taken("x"), `${other ?? ""}${first}`);
    });
    assertEquals(seen, [[1, 1, 1], [10, 10, 10]]);
    assertEquals(await read(kv, taken("x")), "10");
  }));

Deno.test("keys that are read side by side, or named twice, cost one check", () =>
  withKv(async (kv) => {
    await kv.set(count(), 7);
    await transact(kv, async (tx) => {
      const others = Array.from({ length: 9 }, (_, i) => taken(`${i}`));
      const [[one, two, ...rest], again] = await Promise.all([
        tx.getMany([count(), count(), ...others]),
        tx.get(count()),
      ]);
      assertEquals([one, two, again, rest.length], [7, 7, 7, 9]);
      tx.set(count(), 8);
    });
    assertEquals(await read(kv, count()), 8);
  }));

Deno.test("what only reads has nothing to commit, and is not done again for another's write", () =>
  withKv(async (kv) => {
    let times = 0;
    await transact(kv, async (tx) => {
      times++;
      await tx.get(count());
      await kv.set(count(), times);
    });
    assertEquals(times, 1);
  }));

Deno.test("ten checks in one commit are within the limit", () =>
  withKv(async (kv) => {
    await transact(kv, async (tx) => {
      for (let i = 0; i < 10; i++) await tx.get(taken(`${i}`));
      tx.set(count(), 1);
    });
    assertEquals(await read(kv, count()), 1);
  }));

Deno.test("after a conflict the writer waits, each time longer", () =>
  withKv(async (kv) => {
    const { random } = Math;
    Math.random = () => 1;
    try {
      let times = 0;
      const started = performance.now();
      await transact(kv, async (tx) => {
        tx.set(count(), (await tx.get(count()) ?? 0) + 1);
        if (++times < 6) await kv.set(count(), times);
      });
      assertEquals(times, 6);
      // 10 + 20 + 40 + 80 + 160 ms; timers may be a little early.
      assert(performance.now() - started > 290);
    } finally {
      Math.random = random;
    }
  }));

Deno.test("ten keys are read in one call to the store, eleven in two", () =>
  withKv(async (kv) => {
    let calls = 0;
    const getMany = kv.getMany.bind(kv);
    kv.getMany = (...args) => {
      calls++;
      return getMany(...args);
    };
    const names = Array.from({ length: 11 }, (_, i) => taken(`${i}`));
    await readMany(kv, names.slice(1));
    assertEquals(calls, 1);
    assertEquals((await readMany(kv, names)).length, 11);
    assertEquals(calls, 3);
  }));
