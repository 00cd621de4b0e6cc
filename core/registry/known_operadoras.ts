import type { Portal } from "../portal.ts";
import { keys } from "../store/keys.ts";
import { cadop, inParts, readCurrent, ROWS_PER_READ } from "./edition.ts";

/** Beyond this many answers a process starts anew; CADOP has about 1,100 operadoras. */
const MAX_ANSWERS = 10_000;

/** What each store answered, for one edition of CADOP. */
const memos = new WeakMap<Deno.Kv, { edition: string; answers: Map<string, boolean> }>();

/**
 * Which of these CNPJs are an operadora's in the given edition of CADOP, the current one. What has
 * been asked before within that edition costs no read.
 */
export async function operadorasAmong(
  portal: Pick<Portal, "kv">,
  edition: string,
  cnpjs: Iterable<string>,
): Promise<Set<string>> {
  const asked = [...new Set(cnpjs)];
  const answers = answersOf(portal.kv, edition);
  const unknown = asked.filter((cnpj) => !answers.has(cnpj));
  await Promise.all(
    inParts(unknown, ROWS_PER_READ).map(async (part) => {
      // A newer edition may answer here. Then the memo is of one that nobody will ask for again.
      const { values: [found] } = await readCurrent(
        portal,
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
