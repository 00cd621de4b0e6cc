import { delay } from "./delay.ts";

/** The distributed KV service accepts no more than this in one atomic operation. */
export const MAX_CHECKS = 10;
const MAX_MUTATIONS = 1_000;
const MAX_ATTEMPTS = 60;

/**
 * An optimistic transaction. What is read through `get` must still be unchanged when the writes are
 * committed; otherwise the work runs again from the start, so it must have no other effects.
 */
export class Transaction {
  readonly #kv: Deno.Kv;
  readonly #checks = new Map<string, Deno.AtomicCheck>();
  readonly #writes: ((atomic: Deno.AtomicOperation) => void)[] = [];

  constructor(kv: Deno.Kv) {
    this.#kv = kv;
  }

  /** Reads a value and guards it: a change by somebody else before the commit starts the work anew. */
  async get<T>(key: Deno.KvKey): Promise<T | null> {
    const entry = await this.#kv.get<T>(key);
    this.#check(entry);
    return entry.value;
  }

  /** Like `get` for up to 10 keys in one round trip. */
  async getMany<T extends readonly unknown[]>(
    keys: readonly [...{ [K in keyof T]: Deno.KvKey }],
  ): Promise<{ [K in keyof T]: T[K] | null }> {
    const entries = await this.#kv.getMany<T>(keys);
    for (const entry of entries) this.#check(entry as Deno.KvEntryMaybe<unknown>);
    return entries.map((entry) => (entry as Deno.KvEntryMaybe<unknown>).value) as {
      [K in keyof T]: T[K] | null;
    };
  }

  set(key: Deno.KvKey, value: unknown, options?: { expireIn?: number }): void {
    this.#writes.push((atomic) => atomic.set(key, value, options));
  }

  delete(key: Deno.KvKey): void {
    this.#writes.push((atomic) => atomic.delete(key));
  }

  #check(entry: Deno.KvEntryMaybe<unknown>): void {
    this.#checks.set(JSON.stringify(entry.key), {
      key: entry.key,
      versionstamp: entry.versionstamp,
    });
  }

  async commit(): Promise<boolean> {
    if (this.#writes.length === 0) return true;
    if (this.#checks.size > MAX_CHECKS) throw new RangeError("more than 10 checks in one commit");
    if (this.#writes.length > MAX_MUTATIONS) throw new RangeError("more than 1,000 mutations");
    const atomic = this.#kv.atomic().check(...this.#checks.values());
    for (const write of this.#writes) write(atomic);
    return (await atomic.commit()).ok;
  }
}

/**
 * Runs `work` and commits its writes all or nothing. Work that answers `{ ok: false }` refuses: none
 * of its writes are made. Repeats on a conflict with another writer and on a locked database file
 * (two processes on one SQLite file), with jitter.
 *
 * @example
 * const result = await transact(portal.kv, async (tx) => {
 *   if (await tx.get(keys.person(cpf))) return refuse("person_exists");
 *   tx.set(keys.person(cpf), person);
 *   return accept(person);
 * });
 *
 * @throws {Error} when it could not be committed after 60 attempts (about 20 s)
 */
export async function transact<T>(
  kv: Deno.Kv,
  work: (tx: Transaction) => Promise<T> | T,
): Promise<T> {
  for (let attempt = 1;; attempt++) {
    try {
      const tx = new Transaction(kv);
      const outcome = await work(tx);
      if (isRefusal(outcome) || await tx.commit()) return outcome;
    } catch (error) {
      if (!isLocked(error) || attempt === MAX_ATTEMPTS) throw error;
    }
    if (attempt === MAX_ATTEMPTS) throw new Error("the store is too busy: commit given up");
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
