import { accept, type Refusal, type Result } from "../result.ts";
import type { Operadora } from "../store/records/registry.ts";
import type { CadopCode } from "./messages.ts";
import { parseCnpj, parseRegistroAns } from "./numbers.ts";
import { readTable, type TableLayout, type TableRow } from "./table.ts";

/** The title of each column as the editions of 2024 and 2025 write it. */
const layout: TableLayout<keyof Operadora, "cadop"> = {
  prefix: "cadop",
  titles: {
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
  },
  aliases: { registrooperadora: "registroAns" },
  marks: ["cnpj", "registroAns"],
};

type CadopRow = TableRow<keyof Operadora, "cadop">;

/**
 * Reads `Relatorio_cadop.csv` of any edition, checking every row. The first refusal is the last
 * item; its detail has `linha` (as an editor counts), `coluna` (the file's title) and `valor`.
 */
export function readCadop(
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<Result<Operadora, CadopCode>, void, void> {
  const findDuplicate = duplicateFinder();
  return readTable(bytes, layout, (row) => {
    const result = readRow(row);
    return result.ok ? findDuplicate(result.data, row) ?? result : result;
  });
}

/** Remembers the line of each number, and refuses the second row that has one of them. */
function duplicateFinder() {
  const lines = { registroAns: new Map<string, number>(), cnpj: new Map<string, number>() };
  return (operadora: Operadora, row: CadopRow): Refusal<CadopCode> | null => {
    for (const field of ["registroAns", "cnpj"] as const) {
      const outra = lines[field].get(operadora[field]);
      if (outra !== undefined) return row.refuse("cadop_duplicate", field, { outra });
      lines[field].set(operadora[field], row.line(field));
    }
    return null;
  };
}

const EMAIL = /^[^\s@,;<>"]+@[^\s@,;<>"]+\.[^\s@,;<>".]+$/;

/** The operadora of one row, or what is wrong with the first field that is not what it must be. */
function readRow(row: CadopRow): Result<Operadora, CadopCode> {
  for (const field of ["registroAns", "cnpj", "razaoSocial", "dataRegistro"] as const) {
    const damage = row.checkNumber(field);
    if (damage) return damage;
  }
  const texts = row.texts();
  const registroAns = parseRegistroAns(texts.registroAns);
  if (!registroAns) return row.refuse("cadop_registro", "registroAns");
  const cnpj = parseCnpj(texts.cnpj);
  if (!cnpj) return row.refuse("cadop_cnpj", "cnpj");
  const dataRegistro = parseDate(texts.dataRegistro);
  if (!dataRegistro) return row.refuse("cadop_date", "dataRegistro");
  return accept({
    ...texts,
    cnpj,
    registroAns,
    email: EMAIL.test(texts.email) ? texts.email : null,
    representante: texts.representante || null,
    cargoRepresentante: texts.cargoRepresentante || null,
    dataRegistro,
  });
}

/** `DD/MM/YYYY` or `YYYY-MM-DD` as an ISO date, null when there is no such day. */
function parseDate(text: string): string | null {
  const iso = text.replace(/^(\d\d)\/(\d\d)\/(\d{4})$/, "$3-$2-$1");
  if (!/^\d{4}-\d\d-\d\d$/.test(iso)) return null;
  const time = Date.parse(`${iso}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(iso) ? iso : null;
}
