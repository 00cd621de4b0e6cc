import type { Portal } from "../portal.ts";
import { transact } from "../store/transact.ts";
import { keys } from "./keys.ts";

/** An establishment of the CNES. */
export interface Establishment {
  /** 7 digits. */
  cnes: string;
  nome: string;
  razaoSocial: string;
  cnpj: string | null;
  cnpjMantenedora: string | null;
  /** CNPJ of the operadora it is bound to. */
  operadora: string | null;
  /** CPF of the "Diretor Clínico ou Gerente / Administrador" (`CO_CPFDIRETORCLN`). */
  directorCpf: string | null;
  /** A deactivated establishment can start no request. */
  active: boolean;
  uf: string;
  municipio: string;
}

type Store = Pick<Portal, "kv">;

const KEYS_PER_READ = 10;

/** Writes an establishment; the index follows when it is bound to another operadora. */
export async function putEstablishment(portal: Store, establishment: Establishment): Promise<void> {
  const { cnes, operadora } = establishment;
  await transact(portal.kv, async (tx) => {
    const before = await tx.get<Establishment>(keys.establishment(cnes));
    if (before?.operadora && before.operadora !== operadora) {
      tx.delete(keys.establishmentByOperadora(before.operadora, cnes));
    }
    if (operadora) tx.set(keys.establishmentByOperadora(operadora, cnes), true);
    tx.set(keys.establishment(cnes), establishment);
  });
}

export async function getEstablishment(portal: Store, cnes: string): Promise<Establishment | null> {
  return (await portal.kv.get<Establishment>(keys.establishment(cnes))).value;
}

/** Many establishments in the order asked, null for those that are not there. */
export async function getEstablishments(
  portal: Store,
  cnes: readonly string[],
): Promise<(Establishment | null)[]> {
  const parts = Array.from(
    { length: Math.ceil(cnes.length / KEYS_PER_READ) },
    (_, i) => cnes.slice(i * KEYS_PER_READ, (i + 1) * KEYS_PER_READ),
  );
  const entries = await Promise.all(
    parts.map((part) => portal.kv.getMany<Establishment[]>(part.map(keys.establishment))),
  );
  return entries.flat().map((entry) => entry.value);
}

export interface EstablishmentPage {
  items: Establishment[];
  /** Where the next page begins; null on the last one. */
  cursor: string | null;
}

/**
 * The establishments of an operadora in the order of their numbers, `limit` (50 unless told) a page.
 * `cursor` is the last number of the page before.
 */
export async function listEstablishmentsOfOperadora(
  portal: Store,
  cnpj: string,
  { limit = 50, cursor = null }: { limit?: number; cursor?: string | null } = {},
): Promise<EstablishmentPage> {
  const prefix = keys.establishmentsOfOperadora(cnpj);
  // The least key after the cursor's: strings sort by their bytes.
  const start = [...prefix, cursor === null ? "" : `${cursor}\0`];
  const numbers: string[] = [];
  for await (const entry of portal.kv.list({ prefix, start }, { limit: limit + 1 })) {
    numbers.push(entry.key.at(-1) as string);
  }
  const page = numbers.slice(0, limit);
  const items = (await getEstablishments(portal, page)).filter((item) => item !== null);
  return { items, cursor: numbers.length > limit ? page.at(-1)! : null };
}
