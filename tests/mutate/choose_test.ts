import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { chooseMutants } from "./choose.ts";

const many = "f(async () => { if (a < 1) return; await b(c, d); });\n".repeat(40);
const large = new Map([["large/a.ts", many], ["large/b.ts", many], ["large/c.ts", many]]);
const small = new Map([["small/a.ts", "if (a && b < 1) throw c(d, e);"]]);

Deno.test("the same seed draws the same mutants, another one others", () => {
  const draw = (seed: number) => chooseMutants([large, small], { seed, count: 30 });
  assertEquals(draw(7), draw(7));
  assertNotEquals(draw(7), draw(8));
});

Deno.test("more mutants begin with the same ones", () => {
  const draw = (count: number) => chooseMutants([large, small], { seed: 7, count });
  assertEquals(draw(30).slice(0, 10), draw(10));
});

Deno.test("every group and every operator has its share", () => {
  const chosen = chooseMutants([large, small], { seed: 1, count: 40 });
  assertEquals(chosen.slice(0, 4).map(({ file }) => file.split("/")[0]), [
    ...["large", "small", "large", "small"],
  ]);
  const counts = Object.groupBy(chosen, ({ operator }) => operator);
  for (const operator of ["guard", "compare", "constant", "await", "arguments"] as const) {
    assert((counts[operator]?.length ?? 0) >= 3, operator);
  }
});

Deno.test("no place is drawn twice, and a small file ends by itself", () => {
  const chosen = chooseMutants([small], { seed: 1, count: 100 });
  assert(chosen.length > 0 && chosen.length < 100);
  for (const one of chosen) {
    const others = chosen.filter((other) => other !== one);
    assert(others.every(({ start, end }) => end <= one.start || one.end <= start));
  }
});
