import { accept, type Result } from "../../result.ts";
import type { CnesRow } from "../../store/records/registry.ts";
import type { CnesCode } from "../messages.ts";
import { parseCnes, parseCnpj, parseCpf } from "../numbers.ts";
import type { TableLayout } from "../table_columns.ts";
import type { TableRow } from "../table_row.ts";
import { municipioCode, type Municipios } from "./municipios.ts";
import { ufOf } from "./states.ts";

type Field =
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
export const layout: TableLayout<Field, "cnes"> = {
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

export interface ReadRow {
  row: CnesRow;
  /** CNPJs and CPFs that are none, taken for missing. */
  invalidNumbers: number;
}

/**
 * The establishment of one row. Only its number decides whether the row is sound: among 630,000 rows
 * typed all over the country some CNPJs and CPFs are wrong at the source, and they must not keep
 * the others out. A number that a spreadsheet has broken is damage of the copy, and is refused.
 */
export function readRow(
  table: TableRow<Field, "cnes">,
  municipios: Municipios,
): Result<ReadRow, CnesCode> {
  const damage = table.checkNumber("cnes") ?? table.checkSpreadsheet("cnpj") ??
    table.checkSpreadsheet("cnpjMantenedora") ?? table.checkSpreadsheet("directorCpf");
  if (damage) return damage;
  const cnes = parseCnes(table.text("cnes"));
  if (!cnes) return table.refuse("cnes_number", "cnes");

  let invalidNumbers = 0;
  const number = (field: Field, parse: (text: string) => string | null) => {
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
