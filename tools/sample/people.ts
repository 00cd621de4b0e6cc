import { cnsCheckDigits, cpfCheckDigits } from "../../core/registry/numbers.ts";

/** An invented person of the development world. */
export interface SamplePerson {
  cpf: string;
  cns: string;
  nome: string;
  email: string;
}

const NAMES = {
  helena: "Helena d’Ávila Modelo",
  bruno: "Bruno da Conceição Exemplo",
  cecilia: "Cecília Sá Amostra",
  davi: "Davi Nogueira Exemplo",
  elisa: "Elisa Gonçalves Modelo",
  fabio: "Fábio Antunes Amostra",
  gabriela: "Gabriela Muniz Exemplo",
  heitor: "Heitor de Queiroz Modelo",
} as const;

export type SampleName = keyof typeof NAMES;

/** The people by their first names; numbers are counted up and belong to no known person. */
export const people = Object.fromEntries(
  Object.entries(NAMES).map(([key, nome], i) => [key, {
    cpf: syntheticCpf(i + 1),
    cns: syntheticCns(i + 1),
    nome,
    email: `${key}@pessoas.example`,
  }]),
) as Record<SampleName, SamplePerson>;

/** A CPF with valid check digits, different for each `index` below 9 million. */
export function syntheticCpf(index: number): string {
  const base = String(900_000_000 + index * 11);
  return base + cpfCheckDigits(base);
}

/** A definitive CNS with valid check digits, different for each `index` below 9 million. */
export function syntheticCns(index: number): string {
  const base = String(29_900_000_000 + index * 11);
  return base + cnsCheckDigits(base);
}
