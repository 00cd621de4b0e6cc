import { inTime } from "./deadline.ts";
import type { GroupValues, Key, Prefix, Values } from "./key.ts";

/** Keys that the store answers in one round trip. */
const KEYS_PER_READ = 10;
/** Records of a list that the store answers in one round trip: unless told, and at most. */
const [LIST_BATCH, LONGEST_BATCH] = [100, 500];

/**
 * Reads a value outside any commit. One round trip.
 *
 * @example const person = await read(kv, keys.account(id)); // Account | null
 */
export async function read<T>(kv: Deno.Kv, key: Key<T>): Promise<T | null> {
  return (await inTime(kv.get<T>(key))).value;
}

/** Reads many values in the order asked: 10 a round trip, the round trips side by side. */
export async function readMany<const K extends readonly Key<unknown>[]>(
  kv: Deno.Kv,
  keys: K,
): Promise<Values<K>> {
  const parts: Promise<Deno.KvEntryMaybe<unknown>[]>[] = [];
  for (let i = 0; i < keys.length; i += KEYS_PER_READ) {
    parts.push(inTime(kv.getMany<unknown[]>(keys.slice(i, i + KEYS_PER_READ))));
  }
  return (await Promise.all(parts)).flat().map(({ value }) => value) as Values<K>;
}

/** Like `readMany`, of groups of keys in the same round trip: the values of each group, in its order. */
export async function readGroups<const G extends readonly (readonly Key<unknown>[])[]>(
  kv: Deno.Kv,
  groups: G,
): Promise<GroupValues<G>> {
  const values = (await readMany(kv, groups.flat())).values();
  return groups.map((group) => group.map(() => values.next().value)) as GroupValues<G>;
}

/** A listed record. */
export interface Entry<T, Rest extends Deno.KvKey> {
  key: Key<T>;
  /** The parts of the key after the prefix. */
  rest: Rest;
  value: T;
}

/** Which of the records under a prefix: bounds are the parts that follow it. */
export interface ListOptions extends Deno.KvListOptions {
  /** The first one, itself included; at least one part. */
  start?: Deno.KvKey;
  /** The first one that is not included any more. */
  end?: Deno.KvKey;
  /** Begins after the one whose next part this is, and all before it: strings sort by their bytes. */
  after?: string;
}

/**
 * The records under a prefix, in the order of their keys.
 *
 * @example
 * for await (const { rest: [account], value } of list(kv, keys.membership.under(cnes))) …
 */
export async function* list<T, Rest extends Deno.KvKey>(
  kv: Deno.Kv,
  prefix: Prefix<T, Rest>,
  { after, start = after === undefined ? undefined : [`${after}\0`], end, ...options }:
    ListOptions = {},
): AsyncGenerator<Entry<T, Rest>, void, void> {
  const from = start && [...prefix, ...start];
  const to = end && [...prefix, ...end];
  const selector: Deno.KvListSelector = from && to
    ? { start: from, end: to }
    : from
    ? { prefix, start: from }
    : to
    ? { prefix, end: to }
    : { prefix };
  const { batchSize = Math.min(options.limit ?? LIST_BATCH, LONGEST_BATCH) } = options;
  const found = kv.list<T>(selector, options);
  for (let read = 0;; read++) {
    const next = found.next();
    // Within a batch the answer is there already.
    const { done, value: entry } = await (read % batchSize === 0 ? inTime(next) : next);
    if (done) return;
    const { key, value } = entry;
    yield { key: key as Key<T>, rest: key.slice(prefix.length) as unknown as Rest, value };
  }
}
