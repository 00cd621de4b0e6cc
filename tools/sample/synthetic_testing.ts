/** Registries of any size for tests and measurements. */
import { cnpjCheckDigits } from "../../core/registry/numbers.ts";
import type { Operadora } from "../../core/store/records/registry.ts";
import { renderCadop } from "./registry_csv.ts";
import { cnesHeader, cnesLine, type CnesSample } from "./registry_csv.ts";
import { syntheticCpf } from "./people.ts";

/** Numbers from 0 to 1 that are the same for the same seed (a linear congruential generator). */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const FIRST = ["Ana", "Caio", "Inês", "Jonas", "Lívia", "Otávio", "Rita", "Túlio"];
const MIDDLE = ["de Araújo", "da Conceição", "Gonçalves", "Nóbrega", "dos Reis", "e Sá"];
const LAST = ["Amostra", "Exemplo", "Fictício", "Modelo", "Simulado"];
const MODALIDADES = [
  "Autogestão",
  "Cooperativa Médica",
  "Medicina de Grupo",
  "Odontologia de Grupo",
];

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
      modalidade: MODALIDADES[i % MODALIDADES.length]!,
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

const KINDS = ["CLÍNICA", "HOSPITAL", "LABORATÓRIO", "CONSULTÓRIO", "POSTO DE SAÚDE"];
const PLACES = [["SP", "Campinas"], ["RJ", "Niterói"], ["DF", "Brasília"]] as const;

/**
 * The table of the CNES with any number of rows (less than 10 million), line by line, filled as the
 * genuine one is: 54 % with a CNPJ of their own, 93 % with a director, about a tenth deactivated.
 * The same numbers give the same text.
 */
export function* syntheticCnes(
  rows: number,
  { seed = 1, columns = 56 }: { seed?: number; columns?: 54 | 56 } = {},
): Generator<string> {
  yield cnesHeader(columns);
  const random = randomNumbers(seed);
  for (let i = 0; i < rows; i++) yield cnesLine(syntheticEstablishment(i, random), columns);
}

function syntheticEstablishment(index: number, random: () => number): CnesSample {
  const number = String(index).padStart(7, "0");
  const kind = KINDS[Math.floor(random() * KINDS.length)]!;
  const [uf, municipio] = PLACES[index % PLACES.length]!;
  return {
    cnes: number,
    nome: `${kind} SIMULADO ${number}`,
    razaoSocial: `${kind} SIMULADO ${number} SERVIÇOS DE SAÚDE LTDA`,
    cnpj: random() < 0.54 ? syntheticCnpj("96", index) : null,
    cnpjMantenedora: random() < 0.4 ? syntheticCnpj("95", index % 40_000) : null,
    directorCpf: random() < 0.93 ? syntheticCpf(index) : null,
    active: random() < 0.9,
    uf,
    municipio,
  };
}

function syntheticCnpj(start: string, index: number): string {
  const base = `${start}${String(index).padStart(6, "0")}0001`;
  return base + cnpjCheckDigits(base);
}

// deno run tools/sample/synthetic_testing.ts 630000 > tbEstabelecimento.csv
if (import.meta.main) {
  const lines = ReadableStream.from(syntheticCnes(Number(Deno.args[0])));
  await lines.pipeThrough(new TextEncoderStream()).pipeTo(Deno.stdout.writable);
}
