import type { Establishment } from "../../core/registry/establishment.ts";
import type { Operadora } from "../../core/store/records/registry.ts";
import { renderCadop } from "./registry_csv.ts";
import { renderCnes, renderMunicipios } from "./registry_csv.ts";
import { operadoras } from "./operadoras.ts";
import { people, type SamplePerson } from "./people.ts";

export const samplePeople: readonly SamplePerson[] = Object.values(people);

export const sampleOperadoras: readonly Operadora[] = Object.values(operadoras);

const { alvorada, sorriso, serra } = operadoras;

/** Who works for whom, by CNPJ. Elisa works for two operadoras. */
export const sampleUsers: Readonly<Record<string, readonly SamplePerson[]>> = {
  [alvorada.cnpj]: [people.davi, people.elisa, people.fabio],
  [sorriso.cnpj]: [people.elisa, people.gabriela],
  [serra.cnpj]: [people.heitor],
};

/** At the first one Davi is the director; the others have none recorded. */
export const sampleEstablishments: readonly Establishment[] = [
  establishment("9900011", "Hospital Alvorada Exemplo", alvorada, people.davi.cpf),
  establishment("9900028", "Sede Alvorada Exemplo", alvorada),
  establishment("9900035", "Clínica Sorriso Modelo", sorriso),
  establishment("9900042", "Sede Serra da Amostra", serra),
];

/** The three operadoras as a CADOP file, so that the development world goes through the real import. */
export function sampleCadopCsv(): string {
  return renderCadop(sampleOperadoras);
}

/** The establishments as the tables of the CNES. */
export function sampleCnesCsv(): { establishments: string; municipios: string } {
  return {
    establishments: renderCnes(sampleEstablishments),
    municipios: renderMunicipios(sampleEstablishments),
  };
}

function establishment(
  cnes: string,
  nome: string,
  operadora: Operadora,
  directorCpf: string | null = null,
): Establishment {
  return {
    cnes,
    nome,
    razaoSocial: operadora.razaoSocial,
    cnpj: operadora.cnpj,
    cnpjMantenedora: null,
    operadora: operadora.cnpj,
    directorCpf,
    active: true,
    uf: operadora.uf,
    municipio: operadora.cidade,
  };
}
