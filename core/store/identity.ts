import { ConfigError } from "../config/mod.ts";
import { newId } from "../ids.ts";
import { keys } from "./keys.ts";
import { read } from "./read.ts";
import type { StoreIdentity } from "./records/store.ts";
import { transact } from "./transact.ts";

const known = new WeakMap<Deno.Kv, StoreIdentity>();

/** The identity that the store had when it was opened; null for one that `openStore` did not open. */
export function identityOf(kv: Deno.Kv): StoreIdentity | null {
  return known.get(kv) ?? null;
}

/**
 * Learns which store this is. A store without an identity gets one in its first commit; of two processes
 * that open it at once, one gives it.
 *
 * @param expected the id of `HABILITA_STORE_ID`: no other store will do, least of all an empty one
 * @returns whether it was given just now
 * @throws {ConfigError} when it is not the one that is expected; nothing was written
 *
 * @example const { identity, isNew } = await identify(kv, null); // { id: "01J…", createdAt }
 */
export async function identify(
  kv: Deno.Kv,
  expected: string | null,
): Promise<{ identity: StoreIdentity; isNew: boolean }> {
  const found = await read(kv, keys.storeIdentity());
  if (expected !== null && found?.id !== expected) throw notThisStore(expected, found);
  const { identity, isNew } = found ? { identity: found, isNew: false } : await giveIdentity(kv);
  known.set(kv, identity);
  return { identity, isNew };
}

async function giveIdentity(kv: Deno.Kv): Promise<{ identity: StoreIdentity; isNew: boolean }> {
  return await transact(kv, async (tx) => {
    const found = await tx.get(keys.storeIdentity());
    if (found) return { identity: found, isNew: false };
    const createdAt = Date.now();
    const identity = { id: newId(createdAt), createdAt };
    tx.set(keys.storeIdentity(), identity);
    return { identity, isNew: true };
  }, { inMaintenance: true });
}

/** What is said when the store is not the one of `HABILITA_STORE_ID`; `found` is null for a store without an id. */
export function notThisStore(expected: string, found: StoreIdentity | null): ConfigError {
  const what = found ? `é o ${found.id}` : "está vazio ou não tem identidade";
  return new ConfigError(
    `HABILITA_STORE_ID não confere: espera-se o banco ${expected}, e o que foi encontrado ${what}. ` +
      "Confira HABILITA_DATA ou HABILITA_KV, restaure a cópia de segurança, ou retire " +
      "HABILITA_STORE_ID para usar este banco.",
  );
}
