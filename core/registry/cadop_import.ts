import type { Deps } from "../deps.ts";
import { accept, refuse, type Result } from "../result.ts";
import { keys } from "../store/keys.ts";
import { list } from "../store/read.ts";
import type { Edition, Operadora } from "../store/records/registry.ts";
import { readCadop } from "./cadop.ts";
import { cadop, type RowEntries } from "./edition.ts";
import { counted, importEdition } from "./import.ts";
import type { CadopCode } from "./messages.ts";
import { sameName } from "./name.ts";

/** How far an import is: bytes of the file read, then rows of the edition stored. */
export type ImportProgress =
  | { phase: "read"; bytes: number }
  | { phase: "store"; rows: number; total: number };

/** What a new edition does to the operadoras; lists hold CNPJs. */
export interface ImportReport {
  /** Id of the edition that answers after the import. */
  edition: string;
  rows: number;
  /** True when the file says what the current edition says: nothing was written. */
  unchanged: boolean;
  added: string[];
  changed: string[];
  removed: string[];
  /** Companies in both editions whose representative is another person; part of `changed`. */
  newRepresentative: RepresentativeChange[];
  /** Companies without an address to which a code could be sent. */
  withoutEmail: string[];
}

export interface RepresentativeChange {
  cnpj: string;
  before: string | null;
  after: string | null;
}

interface ImportOptions {
  /** Waited for, so that what shows the progress sets the pace. */
  onProgress?: (progress: ImportProgress) => Promise<void> | void;
}

/**
 * Puts the edition of CADOP in `bytes` (any layout of `Relatorio_cadop.csv`) in the place of the
 * current one, whole or not at all. The whole file is checked before anything is written; then the
 * rows are written beside the current edition, and one commit lets them answer.
 *
 * @example
 * const result = await importCadop(deps, file.readable);
 * if (!result.ok) fail(result.code, result.detail); // { linha: 12, coluna: "CNPJ", valor: "…" }
 *
 * @throws what reading `bytes` throws; nothing is stored then
 */
export async function importCadop(
  deps: Pick<Deps, "kv" | "now">,
  bytes: AsyncIterable<Uint8Array>,
  { onProgress }: ImportOptions = {},
): Promise<Result<ImportReport, CadopCode>> {
  const incoming = new Map<string, Operadora>();
  const read = counted(bytes, (bytes) => onProgress?.({ phase: "read", bytes }));
  for await (const row of readCadop(read)) {
    if (!row.ok) return row;
    incoming.set(row.data.cnpj, row.data);
  }

  let differences = compare(new Map(), incoming);
  const total = incoming.size;
  let rows = 0;
  const imported = await importEdition(deps, {
    registry: cadop,
    facts: { rows: total },
    async isSame(current) {
      differences = compare(await rowsOf(deps, current), incoming);
      const { added, changed, removed } = differences;
      return added.length + changed.length + removed.length === 0;
    },
    entries: (edition) => incoming.values().map((operadora) => entriesOf(edition, operadora)),
    onStored: (count) => onProgress?.({ phase: "store", rows: rows += count, total }),
  });
  return imported.ok
    ? accept({ ...imported.data, rows: total, ...differences })
    : refuse("cadop_superseded");
}

function entriesOf(edition: string, operadora: Operadora): RowEntries {
  const { cnpj, registroAns } = operadora;
  return [
    { key: keys.operadora(edition, cnpj), value: operadora },
    { key: keys.operadoraByRegistro(edition, registroAns), value: cnpj },
  ];
}

async function rowsOf(
  deps: Pick<Deps, "kv">,
  edition: Edition | null,
): Promise<Map<string, Operadora>> {
  const rows = new Map<string, Operadora>();
  if (!edition) return rows;
  const prefix = keys.operadora.under(edition.id);
  for await (const { value } of list(deps.kv, prefix, { batchSize: 500 })) {
    rows.set(value.cnpj, value);
  }
  return rows;
}

function compare(before: ReadonlyMap<string, Operadora>, after: ReadonlyMap<string, Operadora>) {
  const rows = [...after.values()];
  const kept = rows.filter(({ cnpj }) => before.has(cnpj))
    .map((now) => ({ cnpj: now.cnpj, old: before.get(now.cnpj)!, now }));
  const cnpjsOf = (those: readonly { cnpj: string }[]) => those.map(({ cnpj }) => cnpj);
  return {
    added: cnpjsOf(rows.filter(({ cnpj }) => !before.has(cnpj))),
    changed: cnpjsOf(kept.filter(({ now, old }) => !sameRow(old, now))),
    removed: [...before.keys()].filter((cnpj) => !after.has(cnpj)),
    newRepresentative: kept
      .map(({ cnpj, now, old }) => ({ cnpj, before: old.representante, after: now.representante }))
      .filter(({ after, before }) => isOtherPerson(before, after)),
    withoutEmail: cnpjsOf(rows.filter(({ email }) => !email)),
  };
}

function sameRow(a: Operadora, b: Operadora): boolean {
  return (Object.keys(b) as (keyof Operadora)[]).every((field) => a[field] === b[field]);
}

/** The same comparison that decides whether the old representative keeps their powers. */
function isOtherPerson(before: string | null, after: string | null): boolean {
  return before !== after && !sameName(before ?? "", after ?? "");
}
