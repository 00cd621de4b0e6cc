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
