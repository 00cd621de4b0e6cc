import type { Portal } from "../portal.ts";

/** One imported edition of a registry. */
export interface Edition {
  id: string;
  /** Number of rows. */
  rows: number;
  /** Milliseconds since the epoch. */
  importedAt: number;
}

/**
 * Where a registry stands in the store. Its rows and indexes stand under the edition they were read
 * from, so that a new edition is written beside the current one and takes its place in one commit.
 */
export interface EditionKeys {
  /** Which edition answers: `Edition`. */
  pointer: Deno.KvKey;
  /** The import under way, and the editions whose rows are still to be removed. */
  staging: Deno.KvKey;
  /** Everything that an edition has written. */
  prefixes(edition: string): Deno.KvKey[];
}

/** What one row of a registry puts into the store. */
export type RowEntries = readonly { key: Deno.KvKey; value: unknown }[];

type Store = Pick<Portal, "kv">;

/** `getMany` reads 10 keys; one of them is the pointer to the current edition. */
export const ROWS_PER_READ = 9;

/** The edition each store answered with last, so that pointer and rows are read in one round trip. */
const lastSeen = new WeakMap<Deno.Kv, Map<EditionKeys, string>>();

/**
 * The edition that most likely answers: the one seen last by this process, "" before the first read.
 * For what is checked against the pointer afterwards.
 */
export function assumedEdition(portal: Store, registry: EditionKeys): string {
  return lastSeen.get(portal.kv)?.get(registry) ?? "";
}

export interface CurrentRows<T> {
  /** Null before the first import. */
  edition: Edition | null;
  values: (T | null)[];
}

/**
 * Reads up to 9 values of the current edition together with the pointer to it. When the pointer has
 * moved since the last read, what was read is of no use and is read again from the new edition.
 */
export async function readCurrent<T>(
  portal: Store,
  registry: EditionKeys,
  keysIn: (edition: string) => Deno.KvKey[],
): Promise<CurrentRows<T>> {
  const seen = lastSeen.get(portal.kv) ?? new Map<EditionKeys, string>();
  lastSeen.set(portal.kv, seen);
  for (;;) {
    const assumed = assumedEdition(portal, registry);
    const [pointer, ...entries] = await portal.kv.getMany<[Edition, ...T[]]>([
      registry.pointer,
      ...keysIn(assumed),
    ]);
    if (!pointer.value) return { edition: null, values: entries.map(() => null) };
    if (pointer.value.id === assumed) {
      return { edition: pointer.value, values: entries.map((entry) => entry.value) };
    }
    seen.set(registry, pointer.value.id);
  }
}

/** `items` in parts of at most `size`, in their order. */
export function inParts<T>(items: readonly T[], size: number): T[][] {
  return Array.from(
    { length: Math.ceil(items.length / size) },
    (_, i) => items.slice(i * size, (i + 1) * size),
  );
}
