import { accept, refuse, type Result } from "../../result.ts";
import type { CsvRow } from "../csv.ts";
import type { CadopCode } from "../messages.ts";
import type { Operadora } from "../operadora.ts";

/** The title of each column as the editions of 2024 and 2025 write it. */
const TITLES: Record<keyof Operadora, string> = {
  registroAns: "Registro_ANS",
  cnpj: "CNPJ",
  razaoSocial: "Razao_Social",
  nomeFantasia: "Nome_Fantasia",
  modalidade: "Modalidade",
  logradouro: "Logradouro",
  numero: "Numero",
  complemento: "Complemento",
  bairro: "Bairro",
  cidade: "Cidade",
  uf: "UF",
  cep: "CEP",
  ddd: "DDD",
  telefone: "Telefone",
  email: "Endereco_eletronico",
  representante: "Representante",
  cargoRepresentante: "Cargo_Representante",
  dataRegistro: "Data_Registro_ANS",
};

/** Titles that other editions use instead. */
const ALIASES: Readonly<Record<string, keyof Operadora>> = { registrooperadora: "registroAns" };

const FIELD_OF_TITLE = new Map<string, keyof Operadora>([
  ...Object.entries(TITLES).map(([field, title]) =>
    [plain(title), field as keyof Operadora] as const
  ),
  ...Object.entries(ALIASES),
]);

/** Where each field of an operadora stands in the rows of one file. */
export interface Columns {
  /** The titles as the file has them. */
  titles: string[];
  position: Record<keyof Operadora, number>;
}

/** Whether a row is the one with the titles: before it stand a report's title and empty lines. */
export function isHeader(row: CsvRow): boolean {
  const fields = new Set(row.fields.map((title) => FIELD_OF_TITLE.get(plain(title))));
  return fields.has("cnpj") && fields.has("registroAns");
}

/**
 * Finds the columns without regard to case, accents, spaces and underscores. Columns that are not
 * used (`Fax`, `Regiao_de_Comercializacao`) may be there or not.
 */
export function readHeader(row: CsvRow): Result<Columns, CadopCode> {
  const position: Partial<Columns["position"]> = {};
  for (const [i, title] of row.fields.entries()) {
    const field = FIELD_OF_TITLE.get(plain(title));
    if (!field) continue;
    if (position[field] !== undefined) {
      return refuse("cadop_column_twice", { linha: row.lines[i]!, coluna: title.trim() });
    }
    position[field] = i;
  }
  for (const [field, title] of Object.entries(TITLES)) {
    if (position[field as keyof Operadora] === undefined) {
      return refuse("cadop_column_missing", { linha: row.lines[0]!, coluna: title });
    }
  }
  const titles = row.fields.map((title) => title.trim());
  return accept({ titles, position: position as Columns["position"] });
}

function plain(title: string): string {
  return title.normalize("NFD").toLowerCase().replace(/[^a-z0-9]/g, "");
}
