/** SHA-256 (hex, of the DER) of the ICP-Brasil roots whose trees issue certificates for the sign-in. */
export const ICP_BRASIL_ROOTS: readonly string[] = [
  // AC Raiz Brasileira v5, until 2029-03-02
  "caa53fc6091c6951887c976e378f6ef89aa6377c55d97b6475422b71ed7e9b17",
  // AC Raiz Brasileira v12, until 2037-10-22
  "d8478e37ce19c690cf657381e68fe600e4e1a042536830f06847e03e554c4b01",
];

/**
 * Domains at which the authorities of ICP-Brasil publish their revocation lists, as their own
 * certificates name them. Addresses inside a certificate come from outside: no other host is asked.
 */
export const ICP_BRASIL_CRL_HOSTS: readonly string[] = [
  "acdigital.com.br",
  "acjus.jus.br",
  "acsafeweb.com.br",
  "acsoluti.com.br",
  "certificadodigital.com.br",
  "certificados.com.br",
  "certisign.com.br",
  "digitalsigncertificadora.com.br",
  "icpbrasil.gov.br",
  "outralcr.com.br",
  "prodesp.sp.gov.br",
  "receita.fazenda.gov.br",
  "serpro.gov.br",
  "syngularid.com.br",
  "validcertificadora.com.br",
];
