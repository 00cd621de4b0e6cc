/**
 * Keys of the registries. Operadoras stand under the edition of CADOP they were read from, so that
 * a new edition is written beside the current one and takes its place in one commit.
 */
export const keys = {
  /** Which edition answers: `Edition`. */
  cadopEdition: () => ["cadop_edition"],
  /** The import under way and the editions whose rows are still to be removed. */
  cadopStaging: () => ["cadop_staging"],
  operadora: (edition: string, cnpj: string) => ["operadora", edition, cnpj],
  operadorasOfEdition: (edition: string) => ["operadora", edition],
  operadoraByRegistro: (
    edition: string,
    registroAns: string,
  ) => ["operadora_by_registro", edition, registroAns],
  registrosOfEdition: (edition: string) => ["operadora_by_registro", edition],
  establishment: (cnes: string) => ["establishment", cnes],
  establishmentByOperadora: (
    cnpj: string,
    cnes: string,
  ) => ["establishment_by_operadora", cnpj, cnes],
  establishmentsOfOperadora: (cnpj: string) => ["establishment_by_operadora", cnpj],
} as const;
