import { accept, refuse, type Result } from "../../result.ts";
import type { Portal } from "../../portal.ts";
import { transact, type Transaction } from "../../store/transact.ts";
import { keys } from "../keys.ts";
import type { CadopCode } from "../messages.ts";
import type { Edition, Operadora } from "../operadora.ts";

type Store = Pick<Portal, "kv">;

/**
 * The import under way. Whoever starts last owns it: every commit of an import checks that it still
 * does, so an import that died needs no time-out and one that was overtaken can write no more.
 */
interface Staging {
  /** Null between imports. */
  edition: string | null;
  /** Editions that answer no more, or never did, and may still have rows. */
  leftovers: string[];
}

/** Bounds of one commit, half of what the store accepts: 1,000 mutations and 800 KB. */
const MAX_MUTATIONS = 500;
const MAX_BYTES = 400_000;

/** Takes over the staging area for `edition`; rows of an import that did not end become leftovers. */
export async function beginStaging(portal: Store, edition: string): Promise<void> {
  await transact(portal.kv, async (tx) => {
    const before = await tx.get<Staging>(keys.cadopStaging());
    const leftovers = [...before?.leftovers ?? [], ...before?.edition ? [before.edition] : []];
    tx.set(keys.cadopStaging(), { edition, leftovers } satisfies Staging);
  });
}

/** Makes writes in one commit, unless another import has taken over the staging area. */
async function commitAsOwner(
  portal: Store,
  edition: string,
  write: (tx: Transaction, staging: Staging) => Promise<void> | void,
): Promise<Result<null, CadopCode>> {
  return await transact(portal.kv, async (tx) => {
    const staging = await tx.get<Staging>(keys.cadopStaging());
    if (staging?.edition !== edition) return refuse("cadop_superseded");
    await write(tx, staging);
    return accept(null);
  });
}

/** Writes the rows of an edition that does not answer yet; calls `onRows` after each commit. */
export async function stageRows(
  portal: Store,
  edition: string,
  operadoras: Iterable<Operadora>,
  onRows: (count: number) => Promise<void> | void,
): Promise<Result<null, CadopCode>> {
  for (const batch of batches(operadoras)) {
    const written = await commitAsOwner(portal, edition, (tx) => {
      for (const operadora of batch) {
        const { cnpj, registroAns } = operadora;
        tx.set(keys.operadora(edition, cnpj), operadora);
        tx.set(keys.operadoraByRegistro(edition, registroAns), cnpj);
      }
    });
    if (!written.ok) return written;
    await onRows(batch.length);
  }
  return accept(null);
}

function* batches(operadoras: Iterable<Operadora>): Generator<Operadora[]> {
  let batch: Operadora[] = [];
  let bytes = 0;
  for (const operadora of operadoras) {
    // Two bytes for a character is the most the store's encoding takes.
    const size = 2 * JSON.stringify(operadora).length;
    if (batch.length > 0 && (2 * (batch.length + 1) > MAX_MUTATIONS || bytes + size > MAX_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(operadora);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

/** Lets the staged edition answer in place of the current one, in one commit. */
export async function switchEdition(
  portal: Store,
  edition: Edition,
): Promise<Result<null, CadopCode>> {
  return await commitAsOwner(portal, edition.id, async (tx, staging) => {
    const before = await tx.get<Edition>(keys.cadopEdition());
    const leftovers = [...staging.leftovers, ...before ? [before.id] : []];
    tx.set(keys.cadopEdition(), edition);
    tx.set(keys.cadopStaging(), { edition: null, leftovers } satisfies Staging);
  });
}

/** Gives up the staging area without a new edition. */
export async function endStaging(
  portal: Store,
  edition: string,
): Promise<Result<null, CadopCode>> {
  return await commitAsOwner(portal, edition, (tx, { leftovers }) => {
    tx.set(keys.cadopStaging(), { edition: null, leftovers } satisfies Staging);
  });
}

/** Removes the rows of editions that answer no more, those of imports that died included. */
export async function removeLeftovers(portal: Store): Promise<void> {
  const { value } = await portal.kv.get<Staging>(keys.cadopStaging());
  for (const edition of value?.leftovers ?? []) {
    await removePrefix(portal, keys.operadorasOfEdition(edition));
    await removePrefix(portal, keys.registrosOfEdition(edition));
    await transact(portal.kv, async (tx) => {
      const staging = await tx.get<Staging>(keys.cadopStaging());
      if (!staging) return;
      const leftovers = staging.leftovers.filter((id) => id !== edition);
      tx.set(keys.cadopStaging(), { ...staging, leftovers } satisfies Staging);
    });
  }
}

async function removePrefix(portal: Store, prefix: Deno.KvKey): Promise<void> {
  for (;;) {
    const entries = await Array.fromAsync(portal.kv.list({ prefix }, { limit: MAX_MUTATIONS }));
    if (entries.length === 0) return;
    await transact(portal.kv, (tx) => {
      for (const { key } of entries) tx.delete(key);
    });
  }
}
