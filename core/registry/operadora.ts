import type { Portal } from "../portal.ts";
import { type Edition, inParts, readCurrent, ROWS_PER_READ } from "./edition.ts";
import { cadop, keys } from "./keys.ts";

/** A health-plan company as the current edition of CADOP has it. Texts are "" when not given. */
export interface Operadora {
  /** 14 characters, no mask, upper case. */
  cnpj: string;
  /** 6 digits. */
  registroAns: string;
  razaoSocial: string;
  nomeFantasia: string;
  modalidade: string;
  logradouro: string;
  numero: string;
  complemento: string;
  bairro: string;
  cidade: string;
  uf: string;
  cep: string;
  ddd: string;
  telefone: string;
  /** Null when there is none, or none to which a code could be sent. */
  email: string | null;
  representante: string | null;
  cargoRepresentante: string | null;
  /** ISO date, e.g. `2015-05-19`. */
  dataRegistro: string;
}

type Store = Pick<Portal, "kv">;

/** The edition that answers now, or null before the first import. */
export async function currentEdition(portal: Store): Promise<Edition | null> {
  return (await portal.kv.get<Edition>(cadop.pointer)).value;
}

/** The operadora with this normalised CNPJ, or null when the current edition does not have it. */
export async function getOperadora(portal: Store, cnpj: string): Promise<Operadora | null> {
  const [operadora] = await getOperadoras(portal, [cnpj]);
  return operadora!;
}

/** Like `getOperadora` for many, answered in the order asked; one round trip for each 9. */
export async function getOperadoras(
  portal: Store,
  cnpjs: readonly string[],
): Promise<(Operadora | null)[]> {
  const rows = await Promise.all(
    inParts(cnpjs, ROWS_PER_READ).map((part) =>
      readCurrent<Operadora>(portal, cadop, (id) => part.map((cnpj) => keys.operadora(id, cnpj)))
    ),
  );
  return rows.flatMap(({ values }) => values);
}

/** The operadora with these 6 digits as its number at the ANS. Two round trips. */
export async function getOperadoraByRegistro(
  portal: Store,
  registroAns: string,
): Promise<Operadora | null> {
  const { values: [cnpj] } = await readCurrent<string>(
    portal,
    cadop,
    (id) => [keys.operadoraByRegistro(id, registroAns)],
  );
  return cnpj ? await getOperadora(portal, cnpj) : null;
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
  portal: Store,
  edition: string,
  cnpjs: Iterable<string>,
): Promise<Set<string>> {
  const asked = [...new Set(cnpjs)];
  const answers = answersOf(portal.kv, edition);
  const unknown = asked.filter((cnpj) => !answers.has(cnpj));
  await Promise.all(
    inParts(unknown, ROWS_PER_READ).map(async (part) => {
      // A newer edition may answer here. Then the memo is of one that no caller asks for again.
      const { values } = await readCurrent<Operadora>(
        portal,
        cadop,
        (id) => part.map((cnpj) => keys.operadora(id, cnpj)),
      );
      for (const [i, cnpj] of part.entries()) answers.set(cnpj, values[i] !== null);
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
