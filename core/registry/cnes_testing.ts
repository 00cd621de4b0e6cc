/** Files of the CNES from text, and what the store holds of it. */
import { read } from "../store/read.ts";
import type { CnesRow, Edition } from "../store/records/registry.ts";
import { stream } from "./cadop_testing.ts";
import type { CnesFiles } from "./cnes_import.ts";
import { cnes, type StoreDeps } from "./edition.ts";

export const HEADER = "CO_CNES;NU_CNPJ;NU_CNPJ_MANTENEDORA;NO_RAZAO_SOCIAL;NO_FANTASIA;" +
  "CO_CPFDIRETORCLN;CO_MOTIVO_DESAB;CO_ESTADO_GESTOR;CO_MUNICIPIO_GESTOR";

/** Values of one row by their titles. */
export type Cells = Record<string, string>;

export function numberOf(index: number): string {
  return String(index).padStart(7, "0");
}

/** A table with only the columns that are read, one row for each index. */
export function table(rows: Iterable<number>, cells: Cells = {}): string {
  let text = `${HEADER}\n`;
  for (const index of rows) text += line(index, cells);
  return text;
}

export function line(index: number, cells: Cells = {}): string {
  const values: Cells = {
    CO_CNES: numberOf(index),
    NO_RAZAO_SOCIAL: `EMPRESA FICTÍCIA ${index} LTDA`,
    NO_FANTASIA: `CLÍNICA FICTÍCIA ${index}`,
    CO_ESTADO_GESTOR: "35",
    CO_MUNICIPIO_GESTOR: "350001",
    ...cells,
  };
  return `${HEADER.split(";").map((title) => `"${values[title] ?? ""}"`).join(";")}\n`;
}

export function* upTo(count: number): Generator<number> {
  for (let i = 1; i <= count; i++) yield i;
}

/** The establishment that `line(index)` is read as. */
export function rowOf(index: number, more: Partial<CnesRow> = {}): CnesRow {
  return {
    cnes: numberOf(index),
    nome: `CLÍNICA FICTÍCIA ${index}`,
    razaoSocial: `EMPRESA FICTÍCIA ${index} LTDA`,
    cnpj: null,
    cnpjMantenedora: null,
    directorCpf: null,
    active: true,
    uf: "SP",
    municipio: "",
    ...more,
  };
}

export function files(content: string | Uint8Array, municipios?: string): CnesFiles {
  return {
    establishments: () => Promise.resolve(stream(content, 20_000)),
    municipios: municipios === undefined
      ? undefined
      : () => Promise.resolve(stream(municipios, 20_000)),
  };
}

/** Rows and index entries of each edition that has any. */
export async function entriesByEdition({ kv }: { kv: Deno.Kv }): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const prefix of [["establishment"], ["establishment_by_cnpj"]]) {
    for await (const { key } of kv.list({ prefix })) {
      counts[key[1] as string] = (counts[key[1] as string] ?? 0) + 1;
    }
  }
  return counts;
}

/** The edition of the CNES that answers now, or null before the first import. */
export async function currentCnesEdition(deps: StoreDeps): Promise<Edition | null> {
  return await read(deps.kv, cnes.pointer);
}
