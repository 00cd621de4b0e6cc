import type { Portal } from "../portal.ts";
import { keys } from "./keys.ts";

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

/** One imported edition of CADOP. */
export interface Edition {
  id: string;
  /** Number of operadoras. */
  rows: number;
  /** Milliseconds since the epoch. */
  importedAt: number;
}

type Store = Pick<Portal, "kv">;

/** `getMany` reads 10 keys; one of them is the pointer to the current edition. */
const ROWS_PER_READ = 9;

/** The edition each store answered with last, so that pointer and row are read in one round trip. */
const lastSeen = new WeakMap<Deno.Kv, string>();

/** The edition that answers now, or null before the first import. */
export async function currentEdition(portal: Store): Promise<Edition | null> {
  return (await portal.kv.get<Edition>(keys.cadopEdition())).value;
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
  const parts = Array.from(
    { length: Math.ceil(cnpjs.length / ROWS_PER_READ) },
    (_, i) => cnpjs.slice(i * ROWS_PER_READ, (i + 1) * ROWS_PER_READ),
  );
  const rows = await Promise.all(
    parts.map((part) =>
      readCurrent<Operadora>(portal, (id) => part.map((cnpj) => keys.operadora(id, cnpj)))
    ),
  );
  return rows.flat();
}

/** The operadora with these 6 digits as its number at the ANS. Two round trips. */
export async function getOperadoraByRegistro(
  portal: Store,
  registroAns: string,
): Promise<Operadora | null> {
  const [cnpj] = await readCurrent<string>(
    portal,
    (id) => [keys.operadoraByRegistro(id, registroAns)],
  );
  return cnpj ? await getOperadora(portal, cnpj) : null;
}

/**
 * Reads up to 9 values of the current edition together with the pointer to it. When the pointer has
 * moved since the last read, what was read is of no use and is read again from the new edition.
 */
async function readCurrent<T>(
  portal: Store,
  keysIn: (edition: string) => Deno.KvKey[],
): Promise<(T | null)[]> {
  for (;;) {
    const assumed = lastSeen.get(portal.kv) ?? "";
    const [pointer, ...entries] = await portal.kv.getMany<[Edition, ...T[]]>([
      keys.cadopEdition(),
      ...keysIn(assumed),
    ]);
    if (!pointer.value) return entries.map(() => null);
    if (pointer.value.id === assumed) return entries.map((entry) => entry.value);
    lastSeen.set(portal.kv, pointer.value.id);
  }
}
