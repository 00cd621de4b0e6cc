import { assert, assertEquals, assertMatch } from "@std/assert";
import { fuzz } from "./fuzz.ts";
import { mutate } from "./mutate.ts";
import { Random } from "./random.ts";
import { TARGETS } from "./targets.ts";
import { createWorld } from "./world.ts";

const world = await createWorld();

Deno.test("3,000 mutated inputs: no crash, no hang, nothing changed accepted", async () => {
  const report = await fuzz(world, { targets: TARGETS, count: 3_000, seed: 7 });
  assertEquals(report.faults, []);
  for (const [name, { refused }] of Object.entries(report.counts)) assert(refused > 0, name);
});

Deno.test("without a mutation each target accepts what it is given", async () => {
  // A source of numbers that never changes anything leaves the originals.
  const still = Object.assign(new Random(1), { pick: <T>(choices: readonly T[]) => choices[0]! });
  still.below = () => Number.MAX_SAFE_INTEGER;
  still.chance = () => false;
  assertEquals(await TARGETS["company certificates"]!.run(world, still), "same");
  assertEquals(await TARGETS["authority certificates"]!.run(world, still), "same");
  assertEquals(await TARGETS["certificates signed anew"]!.run(world, still), "same");
  assertEquals(await TARGETS["PKCS#12 files"]!.run(world, still), "same");
  assertEquals(await TARGETS["certificate headers"]!.run(world, still), "same");
});

Deno.test("a crash, an acceptance and a hang are reported with their number", async () => {
  const share = 100;
  const of = async (run: () => Promise<"accepted">) => {
    const { faults } = await fuzz(world, { targets: { t: { share, run } }, count: 2, seed: 1 });
    return faults;
  };
  const [crash, again] = await of(() => Promise.reject(new Error("broken")));
  assertMatch(crash!, /^case 0 \(t\): Error: broken/);
  assertMatch(again!, /^case 1 /);
  assertEquals(
    (await of(() => Promise.resolve("accepted")))[0],
    "case 0 (t): accepted though changed",
  );
});

Deno.test("the same seed makes the same changes, another one others", () => {
  const changed = (seed: number) => mutate(world.leaf.der, new Random(seed)).toHex();
  assertEquals(changed(3), changed(3));
  assert(changed(3) !== changed(4));
});
