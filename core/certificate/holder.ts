import { parseCpf } from "../registry/numbers.ts";
import { accept, refuse, type Result } from "../result.ts";
import type { OtherName } from "./extensions.ts";
import { OTHER_NAME } from "./kind.ts";
import { ATTRIBUTE, type Name } from "./name.ts";

/** A person whom a certificate names. */
export interface CertificatePerson {
  readonly name: string;
  /** 11 digits. */
  readonly cpf: string;
  /** `YYYY-MM-DD`, or null when the certificate leaves it out (zeros). */
  readonly birthDate: string | null;
}

/**
 * The person responsible for a company's certificate: the name from .3.2, and from .3.4 the fields
 * of fixed width at its start. Null when the certificate names no person.
 */
export function readResponsible(
  otherNames: readonly OtherName[],
): Result<CertificatePerson | null, "responsible_invalid"> {
  const name = readOnly(otherNames, OTHER_NAME.responsibleName);
  const data = readOnly(otherNames, OTHER_NAME.responsible);
  if (name === null || data === null) return refuse("responsible_invalid");
  if (!name?.trim() || !data || /^0{19}/.test(data)) return accept(null);
  const fields = readFields(data);
  return fields ? accept({ name: name.trim(), ...fields }) : refuse("responsible_invalid");
}

/**
 * The holder of an e-CPF: the CPF from .3.1, the name from the common name, which is usually
 * `NOME:CPF`. A CPF in the common name must be the same one.
 */
export function readHolder(
  otherNames: readonly OtherName[],
  subject: Name,
): Result<CertificatePerson, "person_invalid" | "person_contradiction"> {
  const fields = readFields(readOnly(otherNames, OTHER_NAME.person) ?? "");
  if (!fields) return refuse("person_invalid");
  const common = subject.attributes.filter(({ oid }) => oid === ATTRIBUTE.commonName)
    .map(({ value }) => /^(.*?)(?::(\d{11}))?$/s.exec(value)!);
  if (common.some(([, , cpf]) => cpf !== undefined && cpf !== fields.cpf)) {
    return refuse("person_contradiction");
  }
  return accept({ name: common.at(-1)?.[1]?.trim() ?? "", ...fields });
}

/**
 * Birth date DDMMAAAA and CPF, with which .3.1 and .3.4 begin; what follows varies in length and is
 * not read. Null when they are none.
 */
function readFields(data: string): Pick<CertificatePerson, "cpf" | "birthDate"> | null {
  const cpf = parseCpf(data.slice(8, 19));
  const birthDate = readBirthDate(data.slice(0, 8));
  return cpf && birthDate !== undefined ? { cpf, birthDate } : null;
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
