/**
 * The numbers by which the field knows people, companies and establishments. Browser-safe: no
 * imports. Own code rather than a library because these rules are what the portal stands on, and
 * because a library that takes CNPJs for digits unless told otherwise fails silently.
 *
 * Every `parse…` takes what a person typed or a file holds, drops the mask and blanks, and answers
 * the one form that is stored, compared and used in keys, or null when it is not such a number.
 */

/** Dots, hyphens (also the long ones word processors make), slashes and blanks. */
const MASK = /[\s.\-\u2010-\u2015/]/g;

function unmask(text: string): string {
  return text.replace(MASK, "");
}

/** Sum of character values times weights; the value is the code minus 48, so "A" counts 17. */
function weightedSum(text: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, i) => sum + weight * (text.charCodeAt(i) - 48), 0);
}

/** Modulus 11 as the Receita Federal uses it: remainders 0 and 1 give the digit 0. */
function modulus11(text: string, weights: readonly number[]): number {
  const remainder = weightedSum(text, weights) % 11;
  return remainder < 2 ? 0 : 11 - remainder;
}

function isOneCharacterRepeated(text: string): boolean {
  return /^(.)\1*$/.test(text);
}

const CPF_WEIGHTS = [11, 10, 9, 8, 7, 6, 5, 4, 3, 2];
const CNPJ_WEIGHTS = [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2];

/** The two check digits for the first 9 digits of a CPF. */
export function cpfCheckDigits(base: string): string {
  const first = modulus11(base, CPF_WEIGHTS.slice(1));
  return `${first}${modulus11(base + first, CPF_WEIGHTS)}`;
}

/**
 * The two check digits for the first 12 characters (`0-9`, `A-Z` in upper case) of a CNPJ.
 * Source: Instrução Normativa RFB 2.229/2024; equal to the old rule for digits alone.
 */
export function cnpjCheckDigits(base: string): string {
  const first = modulus11(base, CNPJ_WEIGHTS.slice(1));
  return `${first}${modulus11(base + first, CNPJ_WEIGHTS)}`;
}

const CNS_WEIGHTS = [15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1];

/**
 * The last 4 digits of a definitive CNS (one that starts with 1 or 2) for its first 11 digits, which
 * are a PIS number. Source: validation routine published by the Cartão Nacional de Saúde.
 */
export function cnsCheckDigits(base: string): string {
  const sum = weightedSum(base, CNS_WEIGHTS.slice(0, 11));
  const digit = (11 - sum % 11) % 11;
  if (digit < 10) return `000${digit}`;
  return `001${(11 - (sum + 2) % 11) % 11}`;
}

/** 11 digits, as `52998224725`. Numbers of one repeated digit satisfy the sum but are never issued. */
export function parseCpf(text: string): string | null {
  const cpf = unmask(text);
  if (!/^\d{11}$/.test(cpf) || isOneCharacterRepeated(cpf)) return null;
  return cpfCheckDigits(cpf.slice(0, 9)) === cpf.slice(9) ? cpf : null;
}

/** 12 letters or digits and 2 digits, in upper case, as `12ABC34501DE35`. */
export function parseCnpj(text: string): string | null {
  const cnpj = unmask(text).replace(/[a-z]/g, (letter) => letter.toUpperCase());
  if (!/^[0-9A-Z]{12}\d\d$/.test(cnpj) || isOneCharacterRepeated(cnpj)) return null;
  return cnpjCheckDigits(cnpj.slice(0, 12)) === cnpj.slice(12) ? cnpj : null;
}

/** 15 digits: definitive (starts with 1 or 2) or provisional (7, 8 or 9). */
export function parseCns(text: string): string | null {
  const cns = unmask(text);
  if (/^[12]\d{14}$/.test(cns)) {
    return cnsCheckDigits(cns.slice(0, 11)) === cns.slice(11) ? cns : null;
  }
  if (/^[789]\d{14}$/.test(cns)) return weightedSum(cns, CNS_WEIGHTS) % 11 === 0 ? cns : null;
  return null;
}

/** 7 digits with leading zeros; the CNES has no public check digit. */
export function parseCnes(text: string): string | null {
  const cnes = unmask(text);
  return /^\d{7}$/.test(cnes) ? cnes : null;
}

/** 6 digits with leading zeros, also written `41976-1`. */
export function parseRegistroAns(text: string): string | null {
  const registro = unmask(text);
  return /^\d{6}$/.test(registro) ? registro : null;
}

/** `52998224725` -> `529.982.247-25` */
export function formatCpf(cpf: string): string {
  return cpf.replace(/^(...)(...)(...)(..)$/, "$1.$2.$3-$4");
}

/** `12ABC34501DE35` -> `12.ABC.345/01DE-35` */
export function formatCnpj(cnpj: string): string {
  return cnpj.replace(/^(..)(...)(...)(....)(..)$/, "$1.$2.$3/$4-$5");
}

/** `52998224725` -> `***.982.247-**`, the form that logs and pages for others may show. */
export function maskCpf(cpf: string): string {
  return formatCpf(cpf).replace(/^...|..$/g, (hidden) => "*".repeat(hidden.length));
}

/** `maria@saude.example` -> `m***@saude.example`; says where a message went without telling whose. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf("@");
  return at < 1 ? "***" : `${[...email][0]}***${email.slice(at)}`;
}

/** `299000000110004` -> `*** **** **** 0004`, enough for its owner to know it again. */
export function maskCns(number: string): string {
  return `*** **** **** ${number.slice(-4)}`;
}
