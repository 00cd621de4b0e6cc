import { Random } from "../fuzz/random.ts";
import { applyMutant, findMutants, type Mutant, OPERATORS } from "./sites.ts";
import { parseSource } from "./source.ts";

/**
 * Draws mutants: from each group of files in turn, and in it from each operator that still has
 * some, so that neither a large folder nor a frequent operator takes all. No place of the text is
 * drawn twice. The same files and seed give the same mutants.
 *
 * @param groups the files of each argument, path to text
 * @returns at most `count`, in the order in which they were drawn
 */
export function chooseMutants(
  groups: readonly ReadonlyMap<string, string>[],
  { seed, count }: { seed: number; count: number },
): Mutant[] {
  const random = new Random(seed);
  const texts = new Map(groups.flatMap((files) => [...files]));
  const decks = groups.map((files) => dealByOperator(files));
  const chosen: Mutant[] = [];
  while (chosen.length < count && decks.some((deck) => deck.length > 0)) {
    for (const deck of decks) {
      if (chosen.length === count) break;
      const mutant = draw(deck, random, chosen, texts);
      if (mutant) chosen.push(mutant);
    }
  }
  return chosen;
}

/** The mutants of some files, one stack an operator. */
function dealByOperator(files: ReadonlyMap<string, string>): Mutant[][] {
  const all = [...files].flatMap(([file, text]) => findMutants(file, text));
  return OPERATORS.map((operator) => all.filter((mutant) => mutant.operator === operator))
    .filter((stack) => stack.length > 0);
}

/** Takes one out of the deck; what cannot be used goes out of it, too. */
function draw(
  deck: Mutant[][],
  random: Random,
  chosen: readonly Mutant[],
  texts: ReadonlyMap<string, string>,
): Mutant | null {
  while (deck.length > 0) {
    const stack = random.pick(deck);
    const [mutant] = stack.splice(random.below(stack.length), 1);
    if (stack.length === 0) deck.splice(deck.indexOf(stack), 1);
    const isTaken = chosen.some((other) => overlaps(other, mutant!));
    if (!isTaken && isModule(mutant!, texts.get(mutant!.file)!)) return mutant!;
  }
  return null;
}

function overlaps(one: Mutant, other: Mutant): boolean {
  return one.file === other.file && one.start < other.end && other.start < one.end;
}

/** Is the text still a module with the change in it? */
function isModule(mutant: Mutant, text: string): boolean {
  try {
    parseSource(mutant.file, applyMutant(text, mutant));
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
