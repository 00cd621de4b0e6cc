import { inTime } from "./deadline.ts";
import { delay } from "./delay.ts";
import { assertInPlace, fileOf } from "./file.ts";
import type { Key, Values } from "./key.ts";
import { keys } from "./keys.ts";
import { read } from "./read.ts";
import { storeBusy } from "./unavailable.ts";

/** The distributed KV service accepts no more than this in one atomic operation. */
const MAX_CHECKS = 10;
/** What work may read of them for its commit: one is the guard against a commit in maintenance. */
export const WORK_CHECKS = MAX_CHECKS - 1;
const MAX_MUTATIONS = 1_000;
const MAX_ATTEMPTS = 60;
/**
 * From this long after its beginning (ms) a transaction is not tried again. An attempt under a lock takes
 * SQLite's own five seconds, so that the longest one ends after about 15 s.
 */
export const PATIENCE = 10_000;

/** The portal is in maintenance, or its store is being restored: nothing is written. */
export class MaintenanceError extends Error {
  override name = "MaintenanceError";
  constructor() {
    super("O portal está em manutenção: nada é gravado até `deno task maintenance off`.");
  }
}

export interface TransactOptions {
  /** Commits even in maintenance: only for what switches it, and for what keeps the store. */
  inMaintenance?: boolean;
}

/**
 * An optimistic transaction. What is read through `get` must still be unchanged when the writes are
 * committed; otherwise the work runs again from the start, so it must have no other effects. A key is
 * read once: asked again it has the value of the first time, never what the work itself has written.
 */
export class Transaction {
  readonly #kv: Deno.Kv;
  readonly #reads = new Map<string, Promise<Deno.KvEntryMaybe<unknown>>>();
  readonly #writes: ((atomic: Deno.AtomicOperation) => void)[] = [];

  readonly #guarded: boolean;

  constructor(kv: Deno.Kv, { inMaintenance = false }: TransactOptions = {}) {
    this.#kv = kv;
    this.#guarded = !inMaintenance;
  }

  /** Reads a value and guards it: a change by another writer before the commit starts the work anew. */
  async get<T>(key: Key<T>): Promise<T | null> {
    const name = JSON.stringify(key);
    if (!this.#reads.has(name)) this.#reads.set(name, inTime(this.#kv.get(key)));
    const { value } = await this.#reads.get(name)!;
    return value as T | null;
  }

  /** Like `get` for up to 10 keys in one round trip. */
  async getMany<const K extends readonly Key<unknown>[]>(keys: K): Promise<Values<K>> {
    const named = new Map(keys.map((key) => [JSON.stringify(key), key]));
    const unread = [...named].filter(([name]) => !this.#reads.has(name));
    if (unread.length > 0) {
      const entries = inTime(this.#kv.getMany<unknown[]>(unread.map(([, key]) => key)));
      for (const [i, [name]] of unread.entries()) {
        this.#reads.set(name, entries.then((found) => found[i]!));
      }
    }
    const entries = await Promise.all(keys.map((key) => this.#reads.get(JSON.stringify(key))!));
    return entries.map(({ value }) => value) as Values<K>;
  }

  set<T>(key: Key<T>, value: NoInfer<T>, options?: { expireIn?: number }): void {
    this.#writes.push((atomic) => atomic.set(key, value, options));
  }

  delete(key: Key<unknown>): void {
    this.#writes.push((atomic) => atomic.delete(key));
  }

  /**
   * @param patience how long it may wait for the commits of this process that come before it (ms)
   * @returns false when something that was read has changed
   * @throws {StoreUnavailable} when its turn did not come, or the store is gone from its folder
   */
  async commit(patience: number = PATIENCE): Promise<boolean> {
    if (this.#writes.length === 0) return true;
    const guards = this.#guarded ? [{ key: keys.maintenance(), versionstamp: null }] : [];
    if (this.#reads.size + guards.length > MAX_CHECKS) {
      throw new RangeError("more than 10 checks in one commit, that of the maintenance included");
    }
    if (this.#writes.length > MAX_MUTATIONS) throw new RangeError("more than 1,000 mutations");
    const reads = await Promise.all(this.#reads.values());
    const checks = reads.map(({ key, versionstamp }) => ({ key, versionstamp }));
    const atomic = this.#kv.atomic().check(...guards, ...checks);
    for (const write of this.#writes) write(atomic);
    const file = fileOf(this.#kv);
    const commit = () => inTime(atomic.commit());
    const { ok } = await (file ? file.turns.run(patience, commit, storeBusy) : commit());
    // After the commit: what is acknowledged was in the folder when it had been written.
    assertInPlace(this.#kv);
    return ok;
  }
}

/**
 * Runs `work` and commits its writes all or nothing. Work that answers `{ ok: false }` refuses: none
 * of its writes are made. Repeats on a conflict with another writer and on a locked database file
 * (two processes on one SQLite file), with jitter. Every commit checks that the portal is not in
 * maintenance, in the commit itself and without a trip of its own.
 *
 * @example
 * const result = await transact(deps.kv, async (tx) => {
 *   if (await tx.get(keys.accountByEmail(email))) return refuse("email_taken");
 *   tx.set(keys.account(person.id), person);
 *   tx.set(keys.accountByEmail(email), person.id);
 *   return accept(person);
 * });
 *
 * @throws {MaintenanceError} when the portal is in maintenance
 * @throws {StoreUnavailable} "busy" when it could not be committed within `PATIENCE` and an attempt, or
 * in 60 attempts: nothing was written; "gone" when the store's file is not in its folder any more
 */
export async function transact<T>(
  kv: Deno.Kv,
  work: (tx: Transaction) => Promise<T> | T,
  options: TransactOptions = {},
): Promise<T> {
  // Monotonic: a clock that is set forward while it waits must not cut it short.
  const end = performance.now() + PATIENCE;
  for (let attempt = 1;; attempt++) {
    let locked: unknown;
    try {
      const tx = new Transaction(kv, options);
      const outcome = await work(tx);
      if (isRefusal(outcome) || await tx.commit(end - performance.now())) return outcome;
      if (!options.inMaintenance && await read(kv, keys.maintenance())) {
        throw new MaintenanceError();
      }
    } catch (error) {
      if (!isLocked(error)) throw error;
      locked = error;
    }
    if (attempt === MAX_ATTEMPTS || performance.now() >= end) throw storeBusy(locked);
    await delay(Math.random() * Math.min(400, 5 * 2 ** Math.min(attempt, 7)));
  }
}

function isRefusal(outcome: unknown): boolean {
  return typeof outcome === "object" && outcome !== null && "ok" in outcome &&
    outcome.ok === false;
}

function isLocked(error: unknown): boolean {
  return error instanceof Error && /database is locked|busy/i.test(error.message);
}
