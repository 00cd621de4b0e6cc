/** What each refusal to open an A1 file says to the person. */
export const a1Messages = {
  pfx_damaged:
    "O arquivo está danificado ou não é um certificado A1 (.pfx ou .p12). Escolha o arquivo recebido " +
    "da certificadora.",
  pfx_wrong_password:
    "A senha não abre este arquivo. Confira maiúsculas, minúsculas e acentos e digite de novo.",
  pfx_unsupported:
    "O arquivo está protegido de um modo que esta página não abre ({tipo}). Importe-o no computador e " +
    "exporte de novo com AES-256.",
  pfx_too_costly:
    "O arquivo exige um cálculo longo demais para ser aberto aqui. Peça outro à certificadora.",
  pfx_too_large: "O arquivo é grande demais para ser um certificado A1. Escolha outro arquivo.",
  pfx_no_key:
    "O arquivo não contém a chave do certificado, só a parte pública. Exporte o certificado de novo, " +
    "com a chave privada.",
  pfx_no_certificate:
    "O arquivo contém uma chave, mas não o certificado que corresponde a ela. Escolha outro arquivo.",
} as const;

export type A1Code = keyof typeof a1Messages;

/** Ends the opening of a file from any depth; `openA1` turns it into a refusal. */
export class A1Failure extends Error {
  readonly code: A1Code;
  readonly detail: Record<string, string> | undefined;

  constructor(code: A1Code, detail?: Record<string, string>) {
    super(code);
    this.code = code;
    this.detail = detail;
  }
}

/**
 * Bounds of the work a file may ask for. Files ask for 2,000 to 600,000 iterations; a hostile one
 * asks for billions. Native ones are WebCrypto's, the others run in this thread (some 3 µs each).
 */
export class WorkBudget {
  readonly #left = { native: 6_000_000, own: 2_500_000 };

  /** @throws {A1Failure} before the work is done, when it is too much */
  spend(kind: "native" | "own", iterations: number): void {
    this.#left[kind] -= iterations;
    if (this.#left[kind] < 0) throw new A1Failure("pfx_too_costly");
  }
}
