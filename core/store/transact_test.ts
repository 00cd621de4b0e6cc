import { assertEquals, assertRejects } from "@std/assert";
import { accept, refuse } from "../result.ts";
import { transact } from "./transact.ts";

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
        const count = await tx.get<number>(["count"]) ?? 0;
        tx.set(["count"], count + 1);
      });
    await Promise.all(Array.from({ length: 25 }, increment));
    assertEquals((await kv.get(["count"])).value, 25);
  }));

Deno.test("only one of two creators of the same key wins", () =>
  withKv(async (kv) => {
    const create = (who: string) =>
      transact(kv, async (tx) => {
        if (await tx.get(["key"])) return refuse("taken");
        tx.set(["key"], who);
        return accept(who);
      });
    const outcomes = await Promise.all([create("a"), create("b")]);
    assertEquals(outcomes.filter((outcome) => outcome.ok).length, 1);
  }));

Deno.test("a refusal writes nothing", () =>
  withKv(async (kv) => {
    await transact(kv, (tx) => {
      tx.set(["key"], 1);
      return refuse("no");
    });
    assertEquals((await kv.get(["key"])).value, null);
  }));

Deno.test("more than ten checks are a fault of the program", () =>
  withKv(async (kv) => {
    await assertRejects(
      () =>
        transact(kv, async (tx) => {
          for (let i = 0; i < 11; i++) await tx.get(["key", i]);
          tx.set(["key"], 1);
        }),
      RangeError,
    );
  }));
