import { keys } from "../store/keys.ts";
import { read } from "../store/read.ts";
import type { Edition, Operadora } from "../store/records/registry.ts";
import { cadop, inParts, readCurrent, ROWS_PER_READ, type StoreDeps } from "./edition.ts";

/** The edition that answers now, or null before the first import. */
export async function currentEdition(deps: StoreDeps): Promise<Edition | null> {
  return await read(deps.kv, cadop.pointer);
}

/** The operadora with this normalised CNPJ, or null when the current edition does not have it. */
export async function getOperadora(deps: StoreDeps, cnpj: string): Promise<Operadora | null> {
  const [operadora] = await getOperadoras(deps, [cnpj]);
  return operadora!;
}

/** Like `getOperadora` for many, answered in the order asked; one round trip for each 9. */
export async function getOperadoras(
  deps: StoreDeps,
  cnpjs: readonly string[],
): Promise<(Operadora | null)[]> {
  const rows = await Promise.all(
    inParts(cnpjs, ROWS_PER_READ).map((part) =>
      readCurrent(deps, cadop, (id) => [part.map((cnpj) => keys.operadora(id, cnpj))])
    ),
  );
  return rows.flatMap(({ values: [found] }) => found);
}

/** Beyond this many answers a process starts anew; CADOP has about 1,100 operadoras. */
const MAX_ANSWERS = 10_000;

/** What each store answered, for one edition of CADOP. */
const memos = new WeakMap<Deno.Kv, { edition: string; answers: Map<string, boolean> }>();

/**
 * Which of these CNPJs are an operadora's in the given edition of CADOP, the current one. What has
 * been asked before within that edition costs no read.
 */
export async function operadorasAmong(
  deps: StoreDeps,
  edition: string,
  cnpjs: Iterable<string>,
): Promise<Set<string>> {
  const asked = [...new Set(cnpjs)];
  const answers = answersOf(deps.kv, edition);
  const unknown = asked.filter((cnpj) => !answers.has(cnpj));
  await Promise.all(
    inParts(unknown, ROWS_PER_READ).map(async (part) => {
      // A newer edition may answer here. Then the memo is of one that no caller asks for again.
      const { values: [found] } = await readCurrent(
        deps,
        cadop,
        (id) => [part.map((cnpj) => keys.operadora(id, cnpj))],
      );
      for (const [i, cnpj] of part.entries()) answers.set(cnpj, found[i] !== null);
    }),
  );
  return new Set(asked.filter((cnpj) => answers.get(cnpj)));
}

function answersOf(kv: Deno.Kv, edition: string): Map<string, boolean> {
  const memo = memos.get(kv);
  if (memo?.edition === edition && memo.answers.size < MAX_ANSWERS) return memo.answers;
  const answers = new Map<string, boolean>();
  memos.set(kv, { edition, answers });
  return answers;
}
