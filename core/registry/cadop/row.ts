import { accept, type Refusal, refuse, type Result } from "../../result.ts";
import type { CsvRow } from "../csv.ts";
import type { CadopCode } from "../messages.ts";
import { parseCnpj, parseRegistroAns } from "../numbers.ts";
import type { Operadora } from "../operadora.ts";
import type { Columns } from "./columns.ts";

/**
 * Traces of text read in the wrong encoding and written again: `Ã§` for `ç`, `â€“` for a dash, the
 * replacement character, control characters. `¿` is not one: the ANS itself has it in names.
 */
const MOJIBAKE =
  /[ÂÃ][\u0080-\u009f\u00a1-\u00bf‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ€]|â€|\ufffd|(?![\t\n\r])\p{Cc}/u;

const SCIENTIFIC = /^\d+([.,]\d+)?E\+?\d+$/i;

const EMAIL = /^[^\s@,;<>"]+@[^\s@,;<>"]+\.[^\s@,;<>".]+$/;

/** Where the first trace of damaged text is, if there is one. */
export function checkText(row: CsvRow, titles: readonly string[]): Refusal<CadopCode> | null {
  for (const [i, text] of row.fields.entries()) {
    if (!MOJIBAKE.test(text)) continue;
    const place = { linha: row.lines[i]!, coluna: titles[i]!, valor: excerpt(text) };
    return refuse("cadop_encoding", place);
  }
  return null;
}

/** The operadora of one row, or what is wrong with the first field that is not what it must be. */
export function readRow(row: CsvRow, columns: Columns): Result<Operadora, CadopCode> {
  const { titles, position } = columns;
  if (row.fields.length !== titles.length) return refuseFieldCount(row, titles);
  const damage = checkText(row, titles);
  if (damage) return damage;

  const text = (field: keyof Operadora) => tidy(row.fields[position[field]]!);
  const refuseField = (code: CadopCode, field: keyof Operadora) =>
    refuse(code, {
      linha: row.lines[position[field]]!,
      coluna: titles[position[field]]!,
      valor: excerpt(text(field)),
    });

  for (const field of ["registroAns", "cnpj", "razaoSocial", "dataRegistro"] as const) {
    if (text(field) === "") return refuseField("cadop_required", field);
    if (SCIENTIFIC.test(text(field))) return refuseField("cadop_scientific", field);
  }
  const registroAns = parseRegistroAns(text("registroAns"));
  if (!registroAns) return refuseField("cadop_registro", "registroAns");
  const cnpj = parseCnpj(text("cnpj"));
  if (!cnpj) return refuseField("cadop_cnpj", "cnpj");
  const dataRegistro = parseDate(text("dataRegistro"));
  if (!dataRegistro) return refuseField("cadop_date", "dataRegistro");

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

function refuseFieldCount(row: CsvRow, titles: readonly string[]): Refusal<CadopCode> {
  return refuse("cadop_field_count", {
    linha: row.lines[0]!,
    coluna: titles[Math.min(row.fields.length, titles.length) - 1]!,
    encontrados: row.fields.length,
    esperados: titles.length,
  });
}

/** Blanks around a text and line breaks within it are accidents of typing. */
function tidy(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** Enough of a damaged field to find it by; a message must not carry half a file. */
function excerpt(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

/** `DD/MM/YYYY` or `YYYY-MM-DD` as an ISO date, null when there is no such day. */
function parseDate(text: string): string | null {
  const iso = text.replace(/^(\d\d)\/(\d\d)\/(\d{4})$/, "$3-$2-$1");
  if (!/^\d{4}-\d\d-\d\d$/.test(iso)) return null;
  const time = Date.parse(`${iso}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(iso) ? iso : null;
}
