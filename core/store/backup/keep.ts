const DAY = 24 * 60 * 60_000;
/** When a day of backups begins: midnight of Brasília, which has had no summer time since 2019. */
const DAY_BEGINS = 3 * 60 * 60_000;

const [DAYS, WEEKS, MONTHS] = [7, 4, 12];
const NAME = /^habilita-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z\.backup$/;

/** The name of a daily backup, e.g. `habilita-20261128T032300Z.backup`. */
export function dailyName(at: number): string {
  return `habilita-${new Date(at).toISOString().replace(/\.\d+|[-:]/g, "")}.backup`;
}

/** When a daily backup was made, by its name; null for every other file. */
function madeAt(name: string): number | null {
  const parts = NAME.exec(name)?.slice(1).map(Number);
  if (!parts) return null;
  const [year, month, day, hour, minute, second] = parts as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

const dayOf = (at: number) => Math.floor((at - DAY_BEGINS) / DAY);
/** 1970-01-01 was a Thursday: weeks begin with Monday. */
const weekOf = (at: number) => Math.floor((dayOf(at) + 3) / 7);
const monthOf = (at: number) => new Date(at - DAY_BEGINS).toISOString().slice(0, 7);

/** Whether none of these backups was made on the day of `now`. */
export function isDue(names: readonly string[], now: number): boolean {
  return !names.some((name) => {
    const at = madeAt(name);
    return at !== null && dayOf(at) === dayOf(now);
  });
}

/**
 * Which daily backups are not kept any more. Kept is the last one of each of the last 7 days, 4 weeks
 * and 12 months that have one: days without a backup use nothing up. Days, weeks and months are those
 * of Brasília.
 *
 * @param names of the files in the folder; those that are no daily backups are never among the answer
 * @param made the one that was made just now, which stays whatever the clock says
 */
export function toRemove(names: readonly string[], made: string): string[] {
  const backups = names
    .flatMap((name) => {
      const at = madeAt(name);
      return at === null ? [] : [{ name, at }];
    })
    .sort((a, b) => b.at - a.at);
  const kept = new Set([made]);
  const rules: [periodOf: (at: number) => unknown, count: number][] = [
    [dayOf, DAYS],
    [weekOf, WEEKS],
    [monthOf, MONTHS],
  ];
  for (const [periodOf, count] of rules) {
    const seen = new Set<unknown>();
    for (const { name, at } of backups) {
      if (seen.size === count || seen.has(periodOf(at))) continue;
      seen.add(periodOf(at));
      kept.add(name);
    }
  }
  return backups.map(({ name }) => name).filter((name) => !kept.has(name));
}
