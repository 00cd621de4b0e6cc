import type { Portal } from "../portal.ts";
import { keys } from "../store/keys.ts";
import { read } from "../store/read.ts";
import type { Edition, Operadora } from "../store/records/registry.ts";
import { cadop, inParts, readCurrent, ROWS_PER_READ } from "./edition.ts";

type Store = Pick<Portal, "kv">;

/** The edition that answers now, or null before the first import. */
export async function currentEdition(portal: Store): Promise<Edition | null> {
  return await read(portal.kv, cadop.pointer);
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
      readCurrent(portal, cadop, (id) => [part.map((cnpj) => keys.operadora(id, cnpj))])
    ),
  );
  return rows.flatMap(({ values: [found] }) => found);
}

/** The operadora with these 6 digits as its number at the ANS. Two round trips. */
export async function getOperadoraByRegistro(
  portal: Store,
  registroAns: string,
): Promise<Operadora | null> {
  const { values: [[cnpj]] } = await readCurrent(
    portal,
    cadop,
    (id) => [[keys.operadoraByRegistro(id, registroAns)]],
  );
  return cnpj ? await getOperadora(portal, cnpj) : null;
}
