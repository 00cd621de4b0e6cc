import { assert, assertEquals } from "@std/assert";
import type { Chain } from "./chain.ts";
import { allSteps, judge, judgeForest, plant } from "./forest.ts";
import { createKit } from "./kit.ts";
import { openSslVersion } from "../support/openssl.ts";

const kit = await createKit();
const ignore = await openSslVersion() === null;
if (ignore) console.warn("openssl is not installed: paths are not compared with it.");

Deno.test({
  name: "of a small forest, OpenSSL refuses none that the portal accepts",
  ignore,
  fn: async () => {
    const steps = allSteps();
    // Every fifth step alone, and as many pairs.
    const forest = [
      ...steps.filter((_, i) => i % 5 === 0).map((step) => [step]),
      ...plant(steps.length + 80, 2).slice(steps.length),
    ];
    const judged = await judgeForest(forest, kit);
    assertEquals(judged.filter(({ verdict }) => verdict === "laxer"), []);
    const count = (wanted: string) => judged.filter(({ verdict }) => verdict === wanted).length;
    assert(count("agree: good") >= 10 && count("agree: bad") >= 50, JSON.stringify(judged));
  },
});

Deno.test({
  name: "a chain that only the portal accepts is found out",
  ignore,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    const steps = allSteps().filter(({ name }) => name === "leaf: expired");
    const credulous = ({ anchors, intermediates, leaf }: Chain) =>
      Promise.resolve({ ours: "ok", path: [leaf, ...intermediates, ...anchors] });
    const { openSsl, verdict } = await judge(steps, kit.ec, kit, folder, credulous);
    await Deno.remove(folder, { recursive: true });
    assertEquals([verdict, openSsl], ["laxer", "certificate has expired"]);
  },
});

Deno.test("the forest has every step alone, then pairs, and is the same for the same seed", () => {
  const names = (seed: number) => plant(700, seed).map((steps) => steps.map(({ name }) => name));
  const steps = allSteps();
  assertEquals(names(1).slice(0, steps.length).flat(), steps.map(({ name }) => name));
  assert(names(1).slice(steps.length).every(({ length }) => length === 2));
  assertEquals(names(1), names(1));
  assert(JSON.stringify(names(1)) !== JSON.stringify(names(2)));
});
