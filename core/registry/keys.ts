import type { EditionKeys } from "./edition.ts";

/** Keys of the registries. The rows of each stand under the edition they were read from. */
export const keys = {
  /** Which edition of CADOP answers: `Edition`. */
  cadopEdition: () => ["cadop_edition"],
  operadora: (edition: string, cnpj: string) => ["operadora", edition, cnpj],
  operadorasOfEdition: (edition: string) => ["operadora", edition],
  operadoraByRegistro: (
    edition: string,
    registroAns: string,
  ) => ["operadora_by_registro", edition, registroAns],
  establishment: (edition: string, cnes: string) => ["establishment", edition, cnes],
  /** Under its own CNPJ and that of its mantenedora, whether it is an operadora's or not. */
  establishmentByCnpj: (
    edition: string,
    cnpj: string,
    cnes: string,
  ) => ["establishment_by_cnpj", edition, cnpj, cnes],
  establishmentsByCnpj: (edition: string, cnpj: string) => ["establishment_by_cnpj", edition, cnpj],
  /** Made by a representative; outlives the editions. The value is the operadora's CNPJ. */
  establishmentBinding: (cnes: string) => ["establishment_binding", cnes],
  establishmentByBinding: (cnpj: string, cnes: string) => ["establishment_by_binding", cnpj, cnes],
  establishmentsByBinding: (cnpj: string) => ["establishment_by_binding", cnpj],
} as const;

export const cadop: EditionKeys = {
  pointer: keys.cadopEdition(),
  staging: ["cadop_staging"],
  prefixes: (edition) => [keys.operadorasOfEdition(edition), ["operadora_by_registro", edition]],
};

export const cnes: EditionKeys = {
  pointer: ["cnes_edition"],
  staging: ["cnes_staging"],
  prefixes: (edition) => [["establishment", edition], ["establishment_by_cnpj", edition]],
};
