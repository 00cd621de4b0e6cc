import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { dailyName, isDue, toRemove } from "./keep.ts";

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 0, 1, 3, 23);

/** The folder after each of `days` days, with a backup on those that `made` says. */
function* folders(days: number, made: (day: number) => boolean = () => true) {
  let names: string[] = [];
  for (let day = 0; day < days; day++) {
    if (!made(day)) continue;
    const name = dailyName(START + day * DAY);
    names.push(name);
    const gone = toRemove(names, name);
    names = names.filter((one) => !gone.includes(one));
    yield { day, names };
  }
}

const days = (names: string[]) => names.map((name) => name.slice(9, 17));

Deno.test("the name says when, in UTC", () => {
  assertEquals(dailyName(Date.UTC(2026, 10, 28, 3, 23, 7, 99)), "habilita-20261128T032307Z.backup");
});

Deno.test("after a year: 7 days, 4 weeks (with their Sunday), 12 months (with their last day)", () => {
  const last = [...folders(365)].at(-1)!;
  assertEquals(days(last.names), [
    ...["20260131", "20260228", "20260331", "20260430", "20260531", "20260630"],
    ...["20260731", "20260831", "20260930", "20261031", "20261130"],
    ...["20261213", "20261220"],
    ...["20261225", "20261226", "20261227", "20261228", "20261229", "20261230", "20261231"],
  ]);
});

Deno.test("on every day of two years there are the last seven days, and never more than 23", () => {
  for (const { day, names } of folders(730)) {
    assert(names.length <= 23, `${names}`);
    const lastWeek = Array.from(
      { length: Math.min(7, day + 1) },
      (_, i) => START + (day - i) * DAY,
    );
    for (const at of lastWeek) assert(names.includes(dailyName(at)), `${day}`);
    const months = new Set(names.map((name) => name.slice(9, 15)));
    const now = new Date(START + day * DAY);
    const since = now.getUTCFullYear() * 12 + now.getUTCMonth() - 2026 * 12;
    assertEquals(months.size >= Math.min(12, since + 1), true, `${day}`);
  }
});

Deno.test("days without a backup use nothing up", () => {
  const pause = [...folders(400, (day) => day < 100 || day >= 300)];
  const first = pause.find(({ day }) => day === 300)!;
  const before = pause.find(({ day }) => day === 99)!;
  const lost = before.names.filter((name) => !first.names.includes(name));
  assert(lost.length <= 2, `${lost}`);
});

Deno.test("other files are never removed, nor the one just made, whatever the clock has done", () => {
  fc.assert(fc.property(
    fc.array(fc.integer({ min: START - 900 * DAY, max: START + 900 * DAY }), { maxLength: 60 }),
    fc.integer({ min: START - 900 * DAY, max: START + 900 * DAY }),
    (times, now) => {
      const made = dailyName(now);
      const others = ["habilita.sqlite3", "habilita-20260101T032300Z.backup.part", "antes.backup"];
      const names = [...new Set([...times.map(dailyName), made]), ...others];
      const gone = toRemove(names, made);
      assert(!gone.includes(made) && !others.some((name) => gone.includes(name)));
      assert(names.length - gone.length - others.length <= 24);
      // What was kept once is kept when it is looked at again.
      const left = names.filter((name) => !gone.includes(name));
      assertEquals(toRemove(left, made), []);
    },
  ));
});

Deno.test("due once a day, which begins at midnight of Brasília", () => {
  const names = ["antes.backup", dailyName(Date.UTC(2026, 5, 10, 2, 59))];
  assertEquals(isDue(names, Date.UTC(2026, 5, 10, 2, 59, 59)), false);
  assertEquals(isDue(names, Date.UTC(2026, 5, 10, 3)), true);
  assertEquals(isDue([], START), true);
  assertEquals(isDue([dailyName(START)], START + 23 * HOUR), false);
});
