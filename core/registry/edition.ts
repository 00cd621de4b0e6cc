import type { Deps } from "../deps.ts";
import type { GroupValues, Key, Prefix } from "../store/key.ts";
import { keys } from "../store/keys.ts";
import { readGroups } from "../store/read.ts";
import type { Edition, Staging } from "../store/records/registry.ts";

/**
 * Where a registry stands in the store. Its rows and indexes stand under the edition they were read
 * from, so that a new edition is written beside the current one and takes its place in one commit.
 */
export interface EditionKeys {
  /** Which edition answers. */
  pointer: Key<Edition>;
  /** The import under way, and the editions whose rows are still to be removed. */
  staging: Key<Staging>;
  /** Everything that an edition has written. */
  prefixes(edition: string): Prefix<unknown>[];
}

export const cadop: EditionKeys = {
  pointer: keys.cadopEdition(),
  staging: keys.cadopStaging(),
  prefixes: (edition) => [keys.operadora.under(edition), keys.operadoraByRegistro.under(edition)],
};

export const cnes: EditionKeys = {
  pointer: keys.cnesEdition(),
  staging: keys.cnesStaging(),
  prefixes: (edition) => [
    keys.establishment.under(edition),
    keys.establishmentByCnpj.under(edition),
  ],
};

/** What one row of a registry puts into the store. */
export type RowEntries = readonly { key: Key<unknown>; value: unknown }[];

/** As much of the portal as reading a registry needs. */
export type StoreDeps = Pick<Deps, "kv">;

/** `getMany` reads 10 keys; one of them is the pointer to the current edition. */
export const ROWS_PER_READ = 9;

/** The edition each store answered with last, so that pointer and rows are read in one round trip. */
const lastSeen = new WeakMap<Deno.Kv, Map<EditionKeys, string>>();

/**
 * The edition that most likely answers: the one seen last by this process, "" before the first read.
 * For what is checked against the pointer afterwards.
 */
export function assumedEdition(deps: StoreDeps, registry: EditionKeys): string {
  return lastSeen.get(deps.kv)?.get(registry) ?? "";
}

/**
 * Reads up to 9 values of the current edition together with the pointer to it. When the pointer has
 * moved since the last read, what was read is of no use and is read again from the new edition.
 *
 * @param keysIn the keys in an edition, in one group or several
 * @returns the edition, null before the first import, and the values of each group
 */
export async function readCurrent<const G extends readonly (readonly Key<unknown>[])[]>(
  deps: StoreDeps,
  registry: EditionKeys,
  keysIn: (edition: string) => G,
): Promise<{ edition: Edition | null; values: GroupValues<G> }> {
  const seen = lastSeen.get(deps.kv) ?? new Map<EditionKeys, string>();
  lastSeen.set(deps.kv, seen);
  for (;;) {
    const assumed = assumedEdition(deps, registry);
    const [[edition], ...values] = await readGroups(deps.kv, [
      [registry.pointer],
      ...keysIn(assumed),
    ]);
    // Before the first import nothing stands under the edition "".
    if (!edition || edition.id === assumed) return { edition, values };
    seen.set(registry, edition.id);
  }
}

/** `items` in parts of at most `size`, in their order. */
export function inParts<T>(items: readonly T[], size: number): T[][] {
  return Array.from(
    { length: Math.ceil(items.length / size) },
    (_, i) => items.slice(i * size, (i + 1) * size),
  );
}
