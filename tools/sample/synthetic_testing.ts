/** Registries of any size for tests and measurements. The same numbers give the same text. */
import type { CnesRow } from "../../core/store/records/registry.ts";
import { operadoras, withCheckDigits } from "./operadoras.ts";
import { syntheticCpf } from "./people.ts";
import { renderCadop, renderCnes } from "./registry_csv.ts";
import { samplePeople } from "./world.ts";

/**
 * A CADOP file of any size (less than a million rows). With another `seed` the same companies have
 * other representatives. Every eighth has letters in its CNPJ.
 */
export function syntheticCadop(rows: number, seed: number): string {
  return renderCadop(Array.from({ length: rows }, (_, i) => {
    const registroAns = String(i).padStart(6, "0");
    return {
      ...operadoras.alvorada,
      cnpj: withCheckDigits(`${i % 8 === 7 ? "SX" : "98"}${registroAns}0001`),
      registroAns,
      razaoSocial: `OPERADORA SIMULADA ${registroAns} ASSISTÊNCIA À SAÚDE LTDA`,
      email: `operadora${registroAns}@simulada.example`,
      representante: samplePeople[(i + seed) % samplePeople.length]!.nome.toUpperCase(),
    };
  }));
}

/**
 * The table of the CNES with any number of rows (less than 10 million), filled as the genuine one is:
 * 54 % with a CNPJ of their own, 93 % with a director, about a tenth deactivated.
 */
export function syntheticCnes(rows: number, seed: number, columns: 54 | 56 = 56): string {
  const places = Object.values(operadoras);
  const all = Array.from({ length: rows }, (_, i): CnesRow => {
    const cnes = String(i).padStart(7, "0");
    const { uf, cidade: municipio } = places[i % places.length]!;
    // Whether it is among so many of a hundred; `column` makes the answers differ.
    const among = (share: number, column: number) =>
      (61 * i + 17 * seed + 29 * column) % 100 < share;
    return {
      cnes,
      nome: `CLÍNICA SIMULADA ${cnes}`,
      razaoSocial: `CLÍNICA SIMULADA ${cnes} SERVIÇOS DE SAÚDE LTDA`,
      cnpj: among(54, 1) ? withCheckDigits(`9${cnes}0001`) : null,
      cnpjMantenedora: among(40, 2) ? operadoras.serra.cnpj : null,
      directorCpf: among(93, 3) ? syntheticCpf(i) : null,
      active: among(90, 4),
      uf,
      municipio,
    };
  });
  return renderCnes(all, columns);
}
