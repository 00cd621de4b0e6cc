import { cnpjCheckDigits } from "../../core/registry/numbers.ts";
import type { Operadora } from "../../core/store/records/registry.ts";
import { people } from "./people.ts";

/**
 * Three invented operadoras. The third has one of the alphanumeric CNPJs given out since July 2026.
 * No genuine registration at the ANS begins with 99.
 */
export const operadoras = {
  alvorada: {
    cnpj: withCheckDigits("990000010001"),
    registroAns: "990001",
    razaoSocial: "ALVORADA EXEMPLO ASSISTÊNCIA MÉDICA LTDA",
    nomeFantasia: "ALVORADA EXEMPLO SAÚDE",
    modalidade: "Medicina de Grupo",
    logradouro: "RUA DAS ACÁCIAS INVENTADAS",
    numero: "100",
    complemento: "3º ANDAR",
    bairro: "CENTRO",
    cidade: "Campinas",
    uf: "SP",
    cep: "13000000",
    ddd: "19",
    telefone: "55500001",
    email: "cadastro@alvorada.example",
    representante: people.helena.nome.toUpperCase(),
    cargoRepresentante: "DIRETORA PRESIDENTE",
    dataRegistro: "2009-03-16",
  },
  sorriso: {
    cnpj: withCheckDigits("990000020001"),
    registroAns: "990002",
    razaoSocial: "SORRISO MODELO ODONTOLOGIA LTDA",
    nomeFantasia: "",
    modalidade: "Odontologia de Grupo",
    logradouro: "AVENIDA IMAGINÁRIA",
    numero: "S/N",
    complemento: "",
    bairro: 'VILA "A"',
    cidade: "Niterói",
    uf: "RJ",
    cep: "24000000",
    ddd: "21",
    telefone: "55500002",
    email: "contato@sorriso.example",
    representante: people.bruno.nome.toUpperCase(),
    cargoRepresentante: "SÓCIO ADMINISTRADOR",
    dataRegistro: "2015-05-19",
  },
  serra: {
    cnpj: withCheckDigits("99EX3MPL0001"),
    registroAns: "990003",
    razaoSocial: "SERRA DA AMOSTRA COOPERATIVA DE TRABALHO MÉDICO",
    nomeFantasia: "SERRA SAÚDE; COOPERATIVA",
    modalidade: "Cooperativa Médica",
    logradouro: "PRAÇA DA FICÇÃO",
    numero: "7",
    complemento: "",
    bairro: "JARDIM",
    cidade: "Brasília",
    uf: "DF",
    cep: "70000000",
    ddd: "61",
    telefone: "55500003",
    email: "diretoria@serra.example",
    representante: people.cecilia.nome.toUpperCase(),
    cargoRepresentante: "REPRESENTANTE",
    dataRegistro: "2026-08-03",
  },
} as const satisfies Record<string, Operadora>;

/** A CNPJ of its first 12 characters. */
export function withCheckDigits(base: string): string {
  return base + cnpjCheckDigits(base);
}
