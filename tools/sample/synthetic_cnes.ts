import { cnpjCheckDigits } from "../../core/registry/numbers.ts";
import { cnesHeader, cnesLine, type CnesSample } from "./cnes_csv.ts";
import { syntheticCpf } from "./people.ts";
import { randomNumbers } from "./random.ts";

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
  for (let i = 0; i < rows; i++) yield cnesLine(establishment(i, random), columns);
}

function establishment(index: number, random: () => number): CnesSample {
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

// deno run tools/sample/synthetic_cnes.ts 630000 > tbEstabelecimento.csv
if (import.meta.main) {
  const lines = ReadableStream.from(syntheticCnes(Number(Deno.args[0])));
  await lines.pipeThrough(new TextEncoderStream()).pipeTo(Deno.stdout.writable);
}
