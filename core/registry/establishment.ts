import { keys } from "../store/keys.ts";
import { list } from "../store/read.ts";
import type { CnesRow, Edition } from "../store/records/registry.ts";
import {
  assumedEdition,
  cadop,
  cnes as registry,
  inParts,
  readCurrent,
  type RowEntries,
  ROWS_PER_READ,
  type StoreDeps,
} from "./edition.ts";
import { operadorasAmong } from "./operadora.ts";

export interface Establishment extends CnesRow {
  /** CNPJ of the operadora it is bound to, always one of the current edition of CADOP. */
  operadora: string | null;
}

/** One key of each read is CADOP's pointer; an establishment takes two. */
const ESTABLISHMENTS_PER_READ = Math.floor((ROWS_PER_READ - 1) / 2);

export async function getEstablishment(
  deps: StoreDeps,
  cnes: string,
): Promise<Establishment | null> {
  const [establishment] = await getEstablishments(deps, [cnes]);
  return establishment!;
}

/**
 * Many establishments in the order asked, null for those that are not there. One round trip for each
 * 4, side by side; a second one when a CNPJ is met for the first time in an edition of CADOP.
 */
export async function getEstablishments(
  deps: StoreDeps,
  cnes: readonly string[],
): Promise<(Establishment | null)[]> {
  return (await readEstablishments(deps, cnes)).items;
}

interface FoundEstablishments {
  /** Which edition of the CNES answered; "" before the first import. */
  edition: string;
  items: (Establishment | null)[];
}

async function readEstablishments(
  deps: StoreDeps,
  cnes: readonly string[],
): Promise<FoundEstablishments> {
  const parts = cnes.length === 0 ? [[]] : inParts(cnes, ESTABLISHMENTS_PER_READ);
  const found = await Promise.all(parts.map(async (part): Promise<FoundEstablishments> => {
    const { edition, values: [[cadopEdition], rows, bindings] } = await readCurrent(
      deps,
      registry,
      (id) => [
        [cadop.pointer],
        part.map((number) => keys.establishment(id, number)),
        part.map((number) => keys.establishmentBinding(number)),
      ],
    );
    const items = await bind(deps, cadopEdition, rows, bindings);
    return { edition: edition?.id ?? "", items };
  }));
  return { edition: found.at(-1)!.edition, items: found.flatMap(({ items }) => items) };
}

/**
 * Adds to each row the operadora it belongs to: by its own CNPJ, by that of its mantenedora, or as a
 * representative said, in this order.
 */
async function bind(
  deps: StoreDeps,
  edition: Edition | null,
  rows: (CnesRow | null)[],
  bindings: (string | null)[],
): Promise<(Establishment | null)[]> {
  const candidates = rows.map((row, i) =>
    [row?.cnpj, row?.cnpjMantenedora, row && bindings[i]].filter((cnpj) => typeof cnpj === "string")
  );
  const operadoras = edition
    ? await operadorasAmong(deps, edition.id, candidates.flat())
    : new Set<string>();
  return rows.map((row, i) =>
    row && { ...row, operadora: candidates[i]!.find((cnpj) => operadoras.has(cnpj)) ?? null }
  );
}

/** What an establishment puts into the store under an edition: its row, and an index by its CNPJs. */
export function establishmentEntries(edition: string, row: CnesRow): RowEntries {
  const { cnes, cnpj, cnpjMantenedora } = row;
  const cnpjs = new Set([cnpj, cnpjMantenedora].filter((one) => one !== null));
  return [
    { key: keys.establishment(edition, cnes), value: row },
    ...[...cnpjs].map((one) => ({
      key: keys.establishmentByCnpj(edition, one, cnes),
      value: true,
    })),
  ];
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
  deps: StoreDeps,
  cnpj: string,
  { limit = 50, cursor = null }: { limit?: number; cursor?: string | null } = {},
): Promise<EstablishmentPage> {
  let items: Establishment[] = [];
  let last = cursor;
  for (;;) {
    const edition = assumedEdition(deps, registry);
    const numbers = await listCandidates(deps, edition, cnpj, {
      after: last ?? "",
      limit: limit + 1,
    });
    const found = await readEstablishments(deps, numbers);
    if (found.edition !== edition) {
      // The list was of an edition that answers no more.
      items = [];
      last = cursor;
      continue;
    }
    const present = found.items.filter((item) => item !== null);
    items.push(...present.filter(({ operadora }) => operadora === cnpj));
    if (items.length > limit || numbers.length <= limit) break;
    last = numbers.at(-1)!;
  }
  const page = items.slice(0, limit);
  return { items: page, cursor: items.length > limit ? page.at(-1)!.cnes : null };
}

/** The first `limit` numbers after `after` that may belong to the operadora, in their order. */
async function listCandidates(
  deps: StoreDeps,
  edition: string,
  cnpj: string,
  { after, limit }: { after: string; limit: number },
): Promise<string[]> {
  const options = { after, limit };
  const lists = await Promise.all(
    [
      list(deps.kv, keys.establishmentByCnpj.under(edition, cnpj), options),
      list(deps.kv, keys.establishmentByBinding.under(cnpj), options),
    ].map((entries) => Array.fromAsync(entries, ({ rest: [cnes] }) => cnes)),
  );
  return [...new Set(lists.flat())].sort().slice(0, limit);
}
