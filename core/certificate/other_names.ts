import { accept, refuse, type Result } from "../result.ts";
import { parseCpf } from "../registry/numbers.ts";
import type { OtherName } from "./extensions.ts";

/** The otherNames of ICP-Brasil (DOC-ICP-04, 7.1.2.3) that decide who a certificate belongs to. */
export const OTHER_NAME = {
  /** Of an e-CPF: birth date, CPF and other numbers of the holder. */
  person: "2.16.76.1.3.1",
  responsibleName: "2.16.76.1.3.2",
  cnpj: "2.16.76.1.3.3",
  /** The responsible person's data, laid out like `person`. */
  responsible: "2.16.76.1.3.4",
} as const;

export interface Responsible {
  readonly name: string;
  /** 11 digits. */
  readonly cpf: string;
  /** `YYYY-MM-DD`, or null when the certificate leaves it out (zeros). */
  readonly birthDate: string | null;
}

/**
 * The person responsible for a company's certificate: the name from .3.2, and from .3.4 the fields
 * of fixed width at its start (birth date DDMMAAAA, CPF). What follows varies in length and is not
 * read. Null when the certificate names nobody.
 */
export function readResponsible(
  otherNames: readonly OtherName[],
): Result<Responsible | null, "responsible_invalid"> {
  const name = readOnly(otherNames, OTHER_NAME.responsibleName);
  const data = readOnly(otherNames, OTHER_NAME.responsible);
  if (name === null || data === null) return refuse("responsible_invalid");
  if (!name?.trim() || !data || /^0{19}/.test(data)) return accept(null);
  const cpf = parseCpf(data.slice(8, 19));
  const birthDate = readBirthDate(data.slice(0, 8));
  if (!cpf || birthDate === undefined) return refuse("responsible_invalid");
  return accept({ name: name.trim(), cpf, birthDate });
}

/** The value of an otherName; undefined when missing, null when there are two that differ. */
function readOnly(otherNames: readonly OtherName[], oid: string): string | null | undefined {
  const values = new Set(otherNames.filter((name) => name.oid === oid).map(({ value }) => value));
  const [value] = values;
  return values.size > 1 ? null : value;
}

/** DDMMAAAA -> YYYY-MM-DD; null for zeros, undefined for what is no date. */
function readBirthDate(text: string): string | null | undefined {
  if (text === "00000000") return null;
  const iso = text.replace(/^(\d\d)(\d\d)(\d{4})$/, "$3-$2-$1");
  const time = Date.parse(`${iso}T00:00:00.000Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(iso) ? iso : undefined;
}
