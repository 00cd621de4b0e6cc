import { accept, type Result } from "../../result.ts";
import type { Operadora } from "../../store/records/registry.ts";
import type { CadopCode } from "../messages.ts";
import { parseCnpj, parseRegistroAns } from "../numbers.ts";
import type { TableLayout } from "../table_columns.ts";
import type { TableRow } from "../table_row.ts";

/** The title of each column as the editions of 2024 and 2025 write it. */
export const layout: TableLayout<keyof Operadora, "cadop"> = {
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

export type CadopRow = TableRow<keyof Operadora, "cadop">;

const EMAIL = /^[^\s@,;<>"]+@[^\s@,;<>"]+\.[^\s@,;<>".]+$/;

/** The operadora of one row, or what is wrong with the first field that is not what it must be. */
export function readRow(row: CadopRow): Result<Operadora, CadopCode> {
  const text = (field: keyof Operadora) => row.text(field);
  for (const field of ["registroAns", "cnpj", "razaoSocial", "dataRegistro"] as const) {
    const damage = row.checkNumber(field);
    if (damage) return damage;
  }
  const registroAns = parseRegistroAns(text("registroAns"));
  if (!registroAns) return row.refuse("cadop_registro", "registroAns");
  const cnpj = parseCnpj(text("cnpj"));
  if (!cnpj) return row.refuse("cadop_cnpj", "cnpj");
  const dataRegistro = parseDate(text("dataRegistro"));
  if (!dataRegistro) return row.refuse("cadop_date", "dataRegistro");

  return accept({
    cnpj,
    registroAns,
    razaoSocial: text("razaoSocial"),
    nomeFantasia: text("nomeFantasia"),
    modalidade: text("modalidade"),
    logradouro: text("logradouro"),
    numero: text("numero"),
    complemento: text("complemento"),
    bairro: text("bairro"),
    cidade: text("cidade"),
    uf: text("uf"),
    cep: text("cep"),
    ddd: text("ddd"),
    telefone: text("telefone"),
    email: EMAIL.test(text("email")) ? text("email") : null,
    representante: text("representante") || null,
    cargoRepresentante: text("cargoRepresentante") || null,
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
