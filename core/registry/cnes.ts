import { accept, type Result } from "../result.ts";
import type { CnesRow } from "../store/records/registry.ts";
import type { CnesCode } from "./messages.ts";
import { parseCnes, parseCnpj, parseCpf } from "./numbers.ts";
import { readTable, type TableLayout, type TableRow } from "./table.ts";

type CnesField =
  | "cnes"
  | "cnpj"
  | "cnpjMantenedora"
  | "razaoSocial"
  | "nomeFantasia"
  | "directorCpf"
  | "motivoDesabilitacao"
  | "estado"
  | "municipio";

/** The columns of `tbEstabelecimento….csv` that are read, out of 54 or 56. */
const layout: TableLayout<CnesField, "cnes"> = {
  prefix: "cnes",
  titles: {
    cnes: "CO_CNES",
    cnpj: "NU_CNPJ",
    cnpjMantenedora: "NU_CNPJ_MANTENEDORA",
    razaoSocial: "NO_RAZAO_SOCIAL",
    nomeFantasia: "NO_FANTASIA",
    directorCpf: "CO_CPFDIRETORCLN",
    motivoDesabilitacao: "CO_MOTIVO_DESAB",
    estado: "CO_ESTADO_GESTOR",
    municipio: "CO_MUNICIPIO_GESTOR",
  },
  marks: ["cnes"],
};

const municipiosLayout: TableLayout<"code" | "name", "municipios"> = {
  prefix: "municipios",
  titles: { code: "CO_MUNICIPIO", name: "NO_MUNICIPIO" },
  marks: ["code", "name"],
};

/** Names of municipalities by the 6 digits of their code; about 5,600. */
export type Municipios = ReadonlyMap<string, string>;

/** Reads `tbMunicipio….csv`, which stands beside the table of establishments in the open data. */
export async function readMunicipios(
  bytes: AsyncIterable<Uint8Array>,
): Promise<Result<Municipios, CnesCode>> {
  const names = new Map<string, string>();
  const rows = readTable(bytes, municipiosLayout, (row) => row.checkNumber("code") ?? accept(row));
  for await (const row of rows) {
    if (!row.ok) return row;
    names.set(municipioCode(row.data.text("code")), row.data.text("name"));
  }
  return accept(names);
}

/** The code without the check digit that some tables add as the seventh. */
function municipioCode(text: string): string {
  return text.slice(0, 6);
}

export interface ReadRow {
  row: CnesRow;
  /** CNPJs and CPFs that are none, taken for missing. */
  invalidNumbers: number;
}

/**
 * Reads `tbEstabelecimento….csv` of any edition, checking every row, in constant memory. The first
 * refusal is the last item; its detail has `linha`, `coluna` and `valor`.
 */
export function readCnes(
  bytes: AsyncIterable<Uint8Array>,
  municipios: Municipios,
): AsyncGenerator<Result<ReadRow, CnesCode>, void, void> {
  // A bit for each number of 7 digits: 1.25 MB whatever the number of rows.
  const seen = new Uint8Array(10_000_000 / 8);
  return readTable(bytes, layout, (row) => {
    const result = readRow(row, municipios);
    if (!result.ok) return result;
    const number = Number(result.data.row.cnes);
    const bit = 1 << (number & 7);
    if ((seen[number >> 3]! & bit) !== 0) return row.refuse("cnes_duplicate", "cnes");
    seen[number >> 3]! |= bit;
    return result;
  });
}

/**
 * The establishment of one row. Only its number decides whether the row is sound: among 630,000 rows
 * typed all over the country some CNPJs and CPFs are wrong at the source, and they must not keep
 * the others out. A number that a spreadsheet has broken is damage of the copy, and is refused.
 */
function readRow(
  table: TableRow<CnesField, "cnes">,
  municipios: Municipios,
): Result<ReadRow, CnesCode> {
  const damage = table.checkNumber("cnes") ?? table.checkSpreadsheet("cnpj") ??
    table.checkSpreadsheet("cnpjMantenedora") ?? table.checkSpreadsheet("directorCpf");
  if (damage) return damage;
  const cnes = parseCnes(table.text("cnes"));
  if (!cnes) return table.refuse("cnes_number", "cnes");

  let invalidNumbers = 0;
  const number = (field: CnesField, parse: (text: string) => string | null) => {
    const text = table.text(field);
    // Zeros stand for "none" in many rows.
    if (/^0*$/.test(text)) return null;
    const parsed = parse(text);
    if (!parsed) invalidNumbers++;
    return parsed;
  };
  const razaoSocial = table.text("razaoSocial");
  const row: CnesRow = {
    cnes,
    nome: table.text("nomeFantasia") || razaoSocial,
    razaoSocial,
    cnpj: number("cnpj", parseCnpj),
    cnpjMantenedora: number("cnpjMantenedora", parseCnpj),
    directorCpf: number("directorCpf", parseCpf),
    active: table.text("motivoDesabilitacao") === "",
    uf: ufOf(table.text("estado")),
    municipio: municipios.get(municipioCode(table.text("municipio"))) ?? "",
  };
  return accept({ row, invalidNumbers });
}

/** The letters of each state behind its code at the IBGE, as `CO_ESTADO_GESTOR` has it. */
const STATES = ("11-RO 12-AC 13-AM 14-RR 15-PA 16-AP 17-TO " +
  "21-MA 22-PI 23-CE 24-RN 25-PB 26-PE 27-AL 28-SE 29-BA 31-MG 32-ES 33-RJ 35-SP " +
  "41-PR 42-SC 43-RS 50-MS 51-MT 52-GO 53-DF").split(" ").map((state) => state.split("-"));

/** Two letters for a code or for the letters themselves, "" for what is no state. */
function ufOf(text: string): string {
  return UF_OF_TEXT.get(text) ?? "";
}

const UF_OF_TEXT = new Map(STATES.flatMap(([code, uf]) => [[code!, uf!], [uf!, uf!]] as const));

/** The code of a state by its two letters, e.g. `35` for `SP`; undefined for what is none. */
export function codeOfUf(letters: string): string | undefined {
  return STATES.find(([, uf]) => uf === letters)?.[0];
}
