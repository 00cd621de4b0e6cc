/** Registries of any size for tests and measurements. The same numbers give the same text. */
import type { CnesRow } from "../../core/store/records/registry.ts";
import { operadoras, withCheckDigits } from "./operadoras.ts";
import { syntheticCpf } from "./people.ts";
import { renderCadop, renderCnes } from "./registry_csv.ts";
import { samplePeople } from "./world.ts";

/** Numbers from 0 to 1 that are the same for the same seed (a linear congruential generator). */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/**
 * A CADOP file of any size (less than a million rows). With another `seed` the same companies have
 * other representatives. Every eighth has letters in its CNPJ.
 */
export function syntheticCadop(rows: number, seed: number): string {
  const random = randomNumbers(seed);
  return renderCadop(Array.from({ length: rows }, (_, i) => {
    const registroAns = String(i).padStart(6, "0");
    return {
      ...operadoras.alvorada,
      cnpj: withCheckDigits(`${i % 8 === 7 ? "SX" : "98"}${registroAns}0001`),
      registroAns,
      razaoSocial: `OPERADORA SIMULADA ${registroAns} ASSISTÊNCIA À SAÚDE LTDA`,
      email: `operadora${registroAns}@simulada.example`,
      representante: samplePeople[Math.floor(random() * samplePeople.length)]!.nome.toUpperCase(),
    };
  }));
}

/**
 * The table of the CNES with any number of rows (less than 10 million), filled as the genuine one is:
 * 54 % with a CNPJ of their own, 93 % with a director, about a tenth deactivated.
 */
export function syntheticCnes(
  rows: number,
  { seed = 1, columns = 56 }: { seed?: number; columns?: 54 | 56 } = {},
): string {
  const random = randomNumbers(seed);
  const places = Object.values(operadoras);
  return renderCnes(
    Array.from({ length: rows }, (_, i): CnesRow => {
      const cnes = String(i).padStart(7, "0");
      const { uf, cidade: municipio } = places[i % places.length]!;
      return {
        cnes,
        nome: `CLÍNICA SIMULADA ${cnes}`,
        razaoSocial: `CLÍNICA SIMULADA ${cnes} SERVIÇOS DE SAÚDE LTDA`,
        cnpj: random() < 0.54 ? withCheckDigits(`9${cnes}0001`) : null,
        cnpjMantenedora: random() < 0.4 ? operadoras.serra.cnpj : null,
        directorCpf: random() < 0.93 ? syntheticCpf(i) : null,
        active: random() < 0.9,
        uf,
        municipio,
      };
    }),
    columns,
  );
}
