import type { CertificateKind } from "./kind.ts";

/** What is said about a certificate whose content is at fault; also in the browser, before signing. */
export const identityMessages = {
  certificate_malformed:
    "O certificado está danificado ou não é um certificado. Use o arquivo recebido da certificadora.",
  not_company_certificate:
    "O certificado apresentado é {apresentado}. Para entrar, use o certificado da empresa: e-CNPJ ou " +
    "selo eletrônico (SE-S, SE-H).",
  cnpj_missing: "O certificado não traz o CNPJ da empresa. Peça outro à certificadora.",
  cnpj_invalid:
    "O CNPJ “{cnpj}” do certificado tem dígitos que não conferem. Peça outro à certificadora.",
  cnpj_contradiction:
    "O certificado traz dois CNPJ diferentes, {cnpj} e {outro}, e não pode ser aceito. Peça outro à " +
    "certificadora.",
  responsible_invalid:
    "Os dados da pessoa responsável no certificado estão errados (CPF ou data de nascimento). Peça " +
    "outro à certificadora.",
} as const;

/** Names of the kinds for `{apresentado}`. */
export const kindNames: Record<CertificateKind, string> = {
  "e-CNPJ": "um e-CNPJ",
  "SE-S": "um selo eletrônico (SE-S)",
  "SE-H": "um selo eletrônico (SE-H)",
  "e-CPF": "um e-CPF, que é de uma pessoa",
  "ssl": "um certificado de site ou equipamento (SSL)",
  "code-signing": "um certificado para assinar programas",
  "time-stamping": "um certificado de carimbo do tempo",
  "ca": "o de uma autoridade certificadora",
  "unknown": "de um tipo que o portal não reconhece",
};
