/** What the person reads at whom the fault of a proxy's setting shows. */
const FAULT_OF_PROXY =
  "Não é problema do seu certificado: avise o suporte do portal. Enquanto isso, entre com o arquivo " +
  "A1 ou com CPF e senha.";

/** What is said when the certificate of the browser's connection cannot be had. */
export const clientCertMessages = {
  client_cert_door_closed:
    "A entrada com o certificado do navegador não está disponível neste endereço. Entre com o arquivo " +
    "A1 ou com CPF e senha.",
  client_cert_missing:
    "O navegador não apresentou nenhum certificado. Conecte o token ou instale o certificado, feche " +
    "todas as janelas do navegador, abra de novo e escolha o certificado da empresa quando ele " +
    "perguntar. Você também pode entrar com o arquivo A1 ou com CPF e senha.",
  client_cert_not_bytes:
    `O certificado do navegador chegou ao portal fora do formato combinado. ${FAULT_OF_PROXY}`,
  client_cert_empty: `O certificado do navegador chegou vazio ao portal. ${FAULT_OF_PROXY}`,
  client_cert_not_base64:
    `O certificado do navegador chegou ao portal com caracteres estranhos. ${FAULT_OF_PROXY}`,
  client_cert_not_pem:
    `O certificado do navegador não chegou ao portal como texto PEM. ${FAULT_OF_PROXY}`,
  client_cert_not_certificate:
    "O que o navegador apresentou não pôde ser lido como certificado. Apresente o e-CNPJ da empresa " +
    "ou entre com o arquivo A1.",
  client_cert_repeated:
    `Mais de um certificado do navegador chegou ao portal de uma vez. ${FAULT_OF_PROXY}`,
  client_cert_too_large:
    "O certificado do navegador é grande demais para ser o de uma empresa. Apresente o e-CNPJ ou entre " +
    "com o arquivo A1.",
  client_cert_chain_alone:
    `Chegou ao portal a cadeia de um certificado, mas não o certificado. ${FAULT_OF_PROXY}`,
  client_cert_chain_malformed:
    `A cadeia do certificado do navegador chegou danificada ao portal. ${FAULT_OF_PROXY}`,
  client_cert_chain_too_long:
    "O navegador enviou autoridades demais junto com o certificado. Apresente só o certificado da " +
    "empresa ou entre com o arquivo A1.",
} as const;

export type ClientCertCode = keyof typeof clientCertMessages;
