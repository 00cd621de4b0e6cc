import type { Key, Prefix } from "../store/key.ts";
import type { Portal } from "../portal.ts";
import { list, read } from "../store/read.ts";
import type { Edition, Staging } from "../store/records/registry.ts";
import { transact, type Transaction } from "../store/transact.ts";
import type { EditionKeys } from "./edition.ts";

type Store = Pick<Portal, "kv">;

/** What one row of a registry puts into the store. */
export type RowEntries = readonly { key: Key<unknown>; value: unknown }[];

/** Bounds of one commit, half of what the store accepts: 1,000 mutations and 800 KB. */
const MAX_MUTATIONS = 500;
const MAX_BYTES = 400_000;

/** Takes over the staging area for `edition`; rows of an import that did not end become leftovers. */
export async function beginStaging(
  portal: Store,
  registry: EditionKeys,
  edition: string,
): Promise<void> {
  await transact(portal.kv, async (tx) => {
    const before = await tx.get(registry.staging);
    const leftovers = [...before?.leftovers ?? [], ...before?.edition ? [before.edition] : []];
    tx.set(registry.staging, { edition, leftovers });
  });
}

/** Makes writes in one commit; false, and none made, when another import has taken over. */
async function commitAsOwner(
  portal: Store,
  registry: EditionKeys,
  edition: string,
  write: (tx: Transaction, staging: Staging) => Promise<void> | void,
): Promise<boolean> {
  return await transact(portal.kv, async (tx) => {
    const staging = await tx.get(registry.staging);
    if (staging?.edition !== edition) return false;
    await write(tx, staging);
    return true;
  });
}

/**
 * Writes the rows of an edition that does not answer yet; calls `onRows` after each commit.
 * @returns false when another import has taken over
 */
export async function stageRows(
  portal: Store,
  registry: EditionKeys,
  edition: string,
  rows: Iterable<RowEntries> | AsyncIterable<RowEntries>,
  onRows: (count: number) => Promise<void> | void,
): Promise<boolean> {
  for await (const batch of batches(rows)) {
    const owned = await commitAsOwner(portal, registry, edition, (tx) => {
      for (const { key, value } of batch.flat()) tx.set(key, value);
    });
    if (!owned) return false;
    await onRows(batch.length);
  }
  return true;
}

async function* batches(
  rows: Iterable<RowEntries> | AsyncIterable<RowEntries>,
): AsyncGenerator<RowEntries[], void, void> {
  let batch: RowEntries[] = [];
  let mutations = 0;
  let bytes = 0;
  for await (const row of rows) {
    // Two bytes for a character is the most the store's encoding takes.
    const size = row.reduce((sum, { value }) => sum + 2 * JSON.stringify(value).length, 0);
    if (
      batch.length > 0 && (mutations + row.length > MAX_MUTATIONS || bytes + size > MAX_BYTES)
    ) {
      yield batch;
      batch = [];
      mutations = 0;
      bytes = 0;
    }
    batch.push(row);
    mutations += row.length;
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

/**
 * Lets the staged edition answer in place of the current one, in one commit.
 * @returns false when another import has taken over
 */
export async function switchEdition(
  portal: Store,
  registry: EditionKeys,
  edition: Edition,
): Promise<boolean> {
  return await commitAsOwner(portal, registry, edition.id, async (tx, staging) => {
    const before = await tx.get(registry.pointer);
    const leftovers = [...staging.leftovers, ...before ? [before.id] : []];
    tx.set(registry.pointer, edition);
    tx.set(registry.staging, { edition: null, leftovers });
  });
}

/**
 * Gives up the staging area without a new edition; what was staged becomes a leftover.
 * @returns false when another import has taken over
 */
export async function endStaging(
  portal: Store,
  registry: EditionKeys,
  edition: string,
): Promise<boolean> {
  return await commitAsOwner(portal, registry, edition, (tx, staging) => {
    const leftovers = [...staging.leftovers, edition];
    tx.set(registry.staging, { edition: null, leftovers });
  });
}

/** Removes the rows of editions that answer no more, those of imports that died included. */
export async function removeLeftovers(portal: Store, registry: EditionKeys): Promise<void> {
  const staging = await read(portal.kv, registry.staging);
  for (const edition of staging?.leftovers ?? []) {
    for (const prefix of registry.prefixes(edition)) await removePrefix(portal, prefix);
    await transact(portal.kv, async (tx) => {
      const staging = await tx.get(registry.staging);
      if (!staging) return;
      const leftovers = staging.leftovers.filter((id) => id !== edition);
      tx.set(registry.staging, { ...staging, leftovers });
    });
  }
}

async function removePrefix(portal: Store, prefix: Prefix<unknown>): Promise<void> {
  for (;;) {
    const entries = await Array.fromAsync(list(portal.kv, prefix, { limit: MAX_MUTATIONS }));
    if (entries.length === 0) return;
    await transact(portal.kv, (tx) => {
      for (const { key } of entries) tx.delete(key);
    });
  }
}
