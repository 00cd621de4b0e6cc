/** One imported edition of a registry. */
export interface Edition {
  id: string;
  /** Number of rows. */
  rows: number;
  /** Milliseconds since the epoch. */
  importedAt: number;
  /** Of the files it was read from; only the CNES has one. */
  digest?: string;
}

/**
 * The import under way. The process that starts last owns it: every commit of an import checks that it still
 * does, so an import that died needs no time-out and one that was overtaken can write no more.
 */
export interface Staging {
  /** Null between imports. */
  edition: string | null;
  /** Editions that answer no more, or never did, and may still have rows. */
  leftovers: string[];
}

/** A health-plan company as the current edition of CADOP has it. Texts are "" when not given. */
export interface Operadora {
  /** 14 characters, no mask, upper case. */
  cnpj: string;
  /** 6 digits. */
  registroAns: string;
  razaoSocial: string;
  nomeFantasia: string;
  modalidade: string;
  logradouro: string;
  numero: string;
  complemento: string;
  bairro: string;
  cidade: string;
  uf: string;
  cep: string;
  ddd: string;
  telefone: string;
  /** Null when there is none, or none to which a code could be sent. */
  email: string | null;
  representante: string | null;
  cargoRepresentante: string | null;
  /** ISO date, e.g. `2015-05-19`. */
  dataRegistro: string;
}

/** An establishment as the current edition of the CNES has it. */
export interface CnesRow {
  /** 7 digits. */
  cnes: string;
  nome: string;
  razaoSocial: string;
  cnpj: string | null;
  cnpjMantenedora: string | null;
  /** CPF of the "Diretor Clínico ou Gerente / Administrador" (`CO_CPFDIRETORCLN`). */
  directorCpf: string | null;
  /** A deactivated establishment can start no request. */
  active: boolean;
  /** Two letters, "" when not known. */
  uf: string;
  /** Name, "" when the import was given no table of municipalities. */
  municipio: string;
}
