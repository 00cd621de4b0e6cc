import { newId } from "../ids.ts";
import type { Deps } from "../deps.ts";
import { accept, refuse, type Result } from "../result.ts";
import type { Prefix } from "../store/key.ts";
import { list, read } from "../store/read.ts";
import type { Edition, Staging } from "../store/records/registry.ts";
import { transact, type Transaction } from "../store/transact.ts";
import type { EditionKeys, RowEntries } from "./edition.ts";

/** An edition that is to take the place of the one that answers. */
export interface NextEdition {
  registry: EditionKeys;
  /** What is known of it before it is stored. */
  facts: Omit<Edition, "id" | "importedAt">;
  /** Whether the edition that answers says the same already; null before the first import. */
  isSame(current: Edition | null): boolean | Promise<boolean>;
  /** What each row puts into the store, under the id of the edition. */
  entries(edition: string): Iterable<RowEntries> | AsyncIterable<RowEntries>;
  /** Told the number of rows of each commit, and waited for. */
  onStored(rows: number): Promise<void> | void;
  /** Asked once all rows are stored: whether they are those that were checked. */
  isSound?(): boolean | Promise<boolean>;
  /** Before the rows that answer no more are removed. */
  onRemove?(): Promise<void> | void;
}

/**
 * Puts an edition in the place of the current one, whole or not at all: its rows are written beside
 * the current edition, one commit lets them answer, and the old ones are removed afterwards. An
 * import that died, or was killed, is started again from the beginning by running it again.
 *
 * @returns id of the edition that answers now, and whether it did before; `superseded` when another
 * import began later, `file_changed` when `isSound` says no; then the old edition still answers
 */
export async function importEdition(
  deps: Pick<Deps, "kv" | "now">,
  next: NextEdition,
): Promise<Result<{ edition: string; unchanged: boolean }, "superseded" | "file_changed">> {
  const { facts, registry } = next;
  const id = newId(deps.now());
  const staging = new EditionWriter(deps.kv, registry, id);
  await staging.begin();
  const current = await read(deps.kv, registry.pointer);
  const unchanged = await next.isSame(current) && current !== null;
  if (unchanged) {
    if (!await staging.end(null)) return refuse("superseded");
  } else {
    if (!await staging.store(next)) return refuse("superseded");
    const sound = await next.isSound?.() ?? true;
    const edition = { ...facts, id, importedAt: deps.now() };
    if (!await staging.end(sound ? edition : null)) return refuse("superseded");
    if (!sound) {
      await staging.removeLeftovers();
      return refuse("file_changed");
    }
  }
  await next.onRemove?.();
  await staging.removeLeftovers();
  return accept({ edition: unchanged ? current.id : id, unchanged });
}

/** Bounds of one commit, half of what the store accepts: 1,000 mutations and 800 KB. */
const MAX_MUTATIONS = 500;
const MAX_BYTES = 400_000;

type Entries = Pick<NextEdition, "entries" | "onStored">;

/** What one import writes; the methods that answer a boolean say false when it was overtaken. */
class EditionWriter {
  readonly #kv: Deno.Kv;
  readonly #registry: EditionKeys;
  readonly #edition: string;

  constructor(kv: Deno.Kv, registry: EditionKeys, edition: string) {
    this.#kv = kv;
    this.#registry = registry;
    this.#edition = edition;
  }

  /** Takes over; rows of an import that did not end become leftovers. */
  async begin(): Promise<void> {
    await transact(this.#kv, async (tx) => {
      const before = await tx.get(this.#registry.staging);
      const leftovers = [...before?.leftovers ?? [], ...before?.edition ? [before.edition] : []];
      this.#set(tx, { edition: this.#edition, leftovers });
    });
  }

  /** Writes the rows of the edition, which does not answer yet. */
  async store({ entries, onStored }: Entries): Promise<boolean> {
    for await (const batch of batches(entries(this.#edition))) {
      const owned = await this.#commit((tx) => {
        for (const { key, value } of batch.flat()) tx.set(key, value);
      });
      if (!owned) return false;
      await onStored(batch.length);
    }
    return true;
  }

  /** Lets `next` answer in place of the current edition; null gives up, leaving what was stored. */
  end(next: Edition | null): Promise<boolean> {
    return this.#commit(async (tx, { leftovers }) => {
      const old = next ? (await tx.get(this.#registry.pointer))?.id : this.#edition;
      if (next) tx.set(this.#registry.pointer, next);
      this.#set(tx, { edition: null, leftovers: [...leftovers, ...old ? [old] : []] });
    });
  }

  /** Removes the rows of editions that answer no more, those of imports that died included. */
  async removeLeftovers(): Promise<void> {
    const state = await read(this.#kv, this.#registry.staging);
    for (const edition of state?.leftovers ?? []) {
      for (const prefix of this.#registry.prefixes(edition)) await this.#remove(prefix);
      await transact(this.#kv, async (tx) => {
        const staging = await tx.get(this.#registry.staging);
        if (!staging) return;
        this.#set(tx, { ...staging, leftovers: staging.leftovers.filter((id) => id !== edition) });
      });
    }
  }

  async #remove(prefix: Prefix<unknown>): Promise<void> {
    for (;;) {
      const entries = await Array.fromAsync(list(this.#kv, prefix, { limit: MAX_MUTATIONS }));
      if (entries.length === 0) return;
      await transact(this.#kv, (tx) => {
        for (const { key } of entries) tx.delete(key);
      });
    }
  }

  #commit(write: (tx: Transaction, staging: Staging) => Promise<void> | void) {
    return transact(this.#kv, async (tx) => {
      const staging = await tx.get(this.#registry.staging);
      if (staging?.edition !== this.#edition) return false;
      await write(tx, staging);
      return true;
    });
  }

  #set(tx: Transaction, record: Staging): void {
    tx.set(this.#registry.staging, record);
  }
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
    const full = mutations + row.length > MAX_MUTATIONS || bytes + size > MAX_BYTES;
    if (batch.length > 0 && full) {
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
 * Passes bytes on and tells how many there have been with each piece, once it has been dealt with.
 * `onBytes` is waited for, so that what shows the progress sets the pace.
 */
export async function* counted(
  bytes: AsyncIterable<Uint8Array>,
  onBytes: (count: number, chunk: Uint8Array) => Promise<void> | void,
): AsyncGenerator<Uint8Array, void, void> {
  let count = 0;
  for await (const chunk of bytes) {
    yield chunk;
    count += chunk.length;
    await onBytes(count, chunk);
  }
}
