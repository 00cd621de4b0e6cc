import { cnpjCheckDigits } from "../../core/registry/numbers.ts";
import type { Operadora } from "../../core/store/records/registry.ts";
import { renderCadop } from "./cadop_csv.ts";
import { randomNumbers } from "./random.ts";

const FIRST = ["Ana", "Caio", "Inês", "Jonas", "Lívia", "Otávio", "Rita", "Túlio"];
const MIDDLE = ["de Araújo", "da Conceição", "Gonçalves", "Nóbrega", "dos Reis", "e Sá"];
const LAST = ["Amostra", "Exemplo", "Fictício", "Modelo", "Simulado"];
const KINDS = ["Autogestão", "Cooperativa Médica", "Medicina de Grupo", "Odontologia de Grupo"];

/**
 * A CADOP file of any size (less than a million rows) for measurements and tests. The same numbers
 * give the same text; with another `seed` the same companies have other representatives.
 */
export function syntheticCadop(rows: number, seed: number): string {
  return renderCadop(syntheticOperadoras(rows, seed));
}

function* syntheticOperadoras(rows: number, seed: number): Generator<Operadora> {
  const random = randomNumbers(seed);
  const oneOf = (texts: readonly string[]) => texts[Math.floor(random() * texts.length)]!;
  for (let i = 0; i < rows; i++) {
    const number = String(i).padStart(6, "0");
    // Every eighth has letters in its CNPJ.
    const base = `${i % 8 === 7 ? "SX" : "98"}${number}0001`;
    const nome = `${oneOf(FIRST)} ${oneOf(MIDDLE)} ${oneOf(LAST)}`;
    yield {
      cnpj: base + cnpjCheckDigits(base),
      registroAns: number,
      razaoSocial: `OPERADORA SIMULADA ${number} ASSISTÊNCIA À SAÚDE LTDA`,
      nomeFantasia: i % 7 === 0 ? "" : `SIMULADA ${number}`,
      modalidade: KINDS[i % KINDS.length]!,
      logradouro: "RUA DA SIMULAÇÃO",
      numero: String(i),
      complemento: "",
      bairro: "CENTRO",
      cidade: "São Paulo",
      uf: "SP",
      cep: "01000000",
      ddd: "11",
      telefone: "55500000",
      email: `operadora${number}@simulada.example`,
      representante: nome.toUpperCase(),
      cargoRepresentante: "REPRESENTANTE",
      dataRegistro: "2019-06-13",
    };
  }
}
