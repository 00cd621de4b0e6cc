import { assertEquals } from "@std/assert";
import { afterQuietHours } from "./alarm.ts";

const at = (text: string) => Date.parse(text);

const cases: [what: string, uf: string, moment: string, told: string][] = [
  ["by day", "SP", "2026-11-03T15:30:10Z", "2026-11-03T15:30:10Z"],
  ["at 08:00 sharp", "SP", "2026-11-03T11:00:00Z", "2026-11-03T11:00:00Z"],
  ["within the first hour, at 08:30", "SP", "2026-11-03T11:30:00Z", "2026-11-03T11:30:00Z"],
  ["just before 09:00", "SP", "2026-11-03T11:59:59.999Z", "2026-11-03T11:59:59.999Z"],
  ["just before 20:00", "SP", "2026-11-03T22:59:59Z", "2026-11-03T22:59:59Z"],
  ["at 20:00", "SP", "2026-11-03T23:00:00Z", "2026-11-04T11:00:00Z"],
  ["within the last hour of the day", "SP", "2026-11-04T02:30:00Z", "2026-11-04T11:00:00Z"],
  ["at midnight", "SP", "2026-11-04T03:20:00Z", "2026-11-04T11:00:00Z"],
  ["just before 08:00", "SP", "2026-11-04T10:59:59Z", "2026-11-04T11:00:00Z"],
  ["two hours behind, in Acre", "AC", "2026-11-04T12:30:00Z", "2026-11-04T13:00:00Z"],
  [
    "an evening in Acre that is night in Brasília",
    "AC",
    "2026-11-04T00:30:00Z",
    "2026-11-04T00:30:00Z",
  ],
  ["one hour behind, in Amazonas", "AM", "2026-11-04T11:59:00Z", "2026-11-04T12:00:00Z"],
  ["an unknown UF", "", "2026-11-04T10:00:00Z", "2026-11-04T11:00:00Z"],
  ["the last night of the year", "RS", "2026-12-31T23:45:00Z", "2027-01-01T11:00:00Z"],
];

for (const [what, uf, moment, told] of cases) {
  Deno.test(`quiet hours: ${what}`, () =>
    assertEquals(new Date(afterQuietHours(at(moment), uf)), new Date(at(told))));
}
