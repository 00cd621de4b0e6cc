import { assertEquals } from "@std/assert";
import { isRecent, isRunning, SKEW } from "./clock.ts";

const NOW = 1_800_000_000_000;

Deno.test("what ends later than it could was written by a clock that was ahead", () => {
  const life = 600_000;
  const ends: [until: number, running: boolean][] = [
    [-1, false],
    [0, false],
    [1, true],
    [life, true],
    [life + SKEW, true],
    [life + SKEW + 1, false],
  ];
  for (const [until, running] of ends) {
    assertEquals(isRunning(NOW + until, NOW, life), running, `${until}`);
  }
});

Deno.test("what is still to come is not recent", () => {
  const ages: [age: number, recent: boolean][] = [
    [600_000, false],
    [599_999, true],
    [0, true],
    [-SKEW, true],
    [-SKEW - 1, false],
  ];
  for (const [age, recent] of ages) {
    assertEquals(isRecent(NOW - age, NOW, 600_000), recent, `${age}`);
  }
});
