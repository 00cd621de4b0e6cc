import type { Copy } from "./copy.ts";
import type { Mutant } from "./sites.ts";

/** A test that failed with a mutant in the tree. */
export interface Kill {
  test: string;
  failed: string;
}

export interface Hunt {
  /** The copies of the tree to work in, side by side. */
  copies: readonly Copy[];
  /** The tests that may notice a mutant, nearest first. */
  testsOf: (mutant: Mutant) => readonly string[];
  /** How long a test file may take (ms). */
  limit: number;
  /** How long the nearest tests of one mutant may take together (ms) before it goes on to the rest. */
  nearFor: number;
  /** Leaves the second round out. */
  nearOnly?: boolean;
  /** After the nearest tests of a mutant. */
  onNear?: (mutant: Mutant, kill: Kill | null) => void;
  /** When one that was alive then is killed after all. */
  onLate?: (mutant: Mutant, kill: Kill) => void;
  onRest?: (done: number, total: number) => void;
  /** A test that fails without any mutant says nothing about one. */
  onBroken?: (test: string) => void;
}

/** Mutants that go through the rest of the suite together, at most. */
const TOGETHER = 8;
/** So many of the nearest tests are run whatever they take. */
const ALWAYS = 3;

/** A mutant that no test has noticed yet, and those that have had the chance. */
interface Suspect {
  mutant: Mutant;
  passed: Set<string>;
}

/**
 * Looks for a test that fails with each mutant, in two rounds. First each alone against the tests
 * nearest to it, which is where most die. The rest of the suite would cost minutes for each of
 * those left: they go through it together, and only with a test that then fails each goes alone.
 * That may take a mutant for alive that another one hides, never the other way.
 *
 * @returns every mutant with the test that killed it, or null for a survivor
 */
export async function hunt(
  mutants: readonly Mutant[],
  options: Hunt,
): Promise<Map<Mutant, Kill | null>> {
  const found = new Map<Mutant, Kill | null>(mutants.map((mutant) => [mutant, null]));
  const judge = createJudge(options);
  const suspects: Suspect[] = [];
  await sideBySide(mutants, options.copies, async (mutant, copy) => {
    const suspect: Suspect = { mutant, passed: new Set() };
    const kill = await huntNearby(suspect, copy, judge, options);
    found.set(mutant, kill);
    if (!kill) suspects.push(suspect);
    options.onNear?.(mutant, kill);
  });
  if (options.nearOnly) return found;
  suspects.sort((one, other) => mutants.indexOf(one.mutant) - mutants.indexOf(other.mutant));
  const groups = inGroups(suspects, options.copies.length);
  const left = (group: readonly Suspect[]) =>
    new Set(
      group.flatMap(({ mutant, passed }) =>
        options.testsOf(mutant).filter((test) => !passed.has(test))
      ),
    );
  const total = groups.reduce((sum, group) => sum + left(group).size, 0);
  let done = 0;
  await sideBySide(groups, options.copies, async (group, copy) => {
    const alive = new Set(group);
    for (const test of left(group)) {
      const killed = await huntTogether([...alive], test, copy, judge, options);
      for (const [suspect, kill] of killed) {
        found.set(suspect.mutant, kill);
        alive.delete(suspect);
        options.onLate?.(suspect.mutant, kill);
      }
      options.onRest?.(++done, total);
    }
  });
  return found;
}

/** Runs a test with mutants in the copy; null when it passes, or fails without them as well. */
type Judge = (mutants: readonly Mutant[], test: string, copy: Copy) => Promise<Kill | null>;

function createJudge({ limit, onBroken }: Hunt): Judge {
  const passesAlone = new Map<string, boolean>();
  return async (mutants, test, copy) => {
    if (passesAlone.get(test) === false) return null;
    await copy.write(mutants);
    const verdict = await copy.test(test, limit);
    if (verdict.passed) return null;
    if (!passesAlone.has(test)) {
      await copy.write([]);
      const { passed } = await copy.test(test, limit);
      passesAlone.set(test, passed);
      if (!passed) onBroken?.(test);
    }
    return passesAlone.get(test) ? { test, failed: verdict.failed } : null;
  };
}

async function huntNearby(
  { mutant, passed }: Suspect,
  copy: Copy,
  judge: Judge,
  { testsOf, nearFor }: Hunt,
): Promise<Kill | null> {
  const end = performance.now() + nearFor;
  for (const test of testsOf(mutant)) {
    if (passed.size >= ALWAYS && performance.now() > end) return null;
    const kill = await judge([mutant], test, copy);
    if (kill) return kill;
    passed.add(test);
  }
  return null;
}

/** One test on all of a group at once; when it fails, on each alone. */
async function huntTogether(
  group: readonly Suspect[],
  test: string,
  copy: Copy,
  judge: Judge,
  { testsOf }: Hunt,
): Promise<Map<Suspect, Kill>> {
  const killed = new Map<Suspect, Kill>();
  const open = group.filter(({ mutant, passed }) =>
    testsOf(mutant).includes(test) && !passed.has(test)
  );
  if (open.length === 0) return killed;
  const together = await judge(open.map(({ mutant }) => mutant), test, copy);
  if (!together) return killed;
  for (const suspect of open) {
    const kill = open.length === 1 ? together : await judge([suspect.mutant], test, copy);
    if (kill) killed.set(suspect, kill);
  }
  return killed;
}

/** Groups of about equal size without two mutants of one file. */
function inGroups(suspects: readonly Suspect[], atLeast: number): Suspect[][] {
  const count = Math.max(atLeast, Math.ceil(suspects.length / TOGETHER));
  const groups: Suspect[][] = Array.from({ length: count }, () => []);
  for (const suspect of suspects) {
    const { file } = suspect.mutant;
    groups.sort((one, other) => one.length - other.length);
    const fitting = groups.find((group) => group.every(({ mutant }) => mutant.file !== file));
    if (fitting) fitting.push(suspect);
    else groups.push([suspect]);
  }
  return groups.filter((group) => group.length > 0);
}

/** Does something with each item, as many at once as there are copies. */
async function sideBySide<Item>(
  items: readonly Item[],
  copies: readonly Copy[],
  work: (item: Item, copy: Copy) => Promise<void>,
): Promise<void> {
  const queue = [...items];
  await Promise.all(copies.map(async (copy) => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item, copy);
  }));
}
