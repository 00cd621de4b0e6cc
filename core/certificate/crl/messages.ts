/**
 * What is said when revocation could not be checked, or was. `{emissor}` is the authority whose list
 * it is; addresses and paths are for the log of the operator of the portal, not for these texts.
 */
export const crlMessages = {
  certificate_revoked:
    "O certificado foi revogado em {data} e não vale mais. Emita um novo na certificadora.",
  ca_revoked:
    "A autoridade “{emissor}”, acima do certificado, foi revogada em {data}. Emita um novo " +
    "certificado em outra certificadora.",

  crl_no_address:
    "O certificado não diz onde está a lista de revogados de “{emissor}”, e sem ela o portal não " +
    "pode saber se ele ainda vale. Procure a certificadora.",
  crl_missing:
    "Falta a lista de revogados de “{emissor}”: não foi possível conferir se o certificado ainda " +
    "vale. Tente de novo em alguns minutos.",
  crl_expired:
    "A lista de revogados de “{emissor}” venceu em {data}, e a certificadora ainda não publicou " +
    "outra: não foi possível conferir se o certificado ainda vale. Tente de novo em alguns minutos.",
  crl_not_yet_valid:
    "A lista de revogados de “{emissor}” traz uma data futura e não pode ser usada. Tente de novo em " +
    "alguns minutos.",
  crl_no_next_update:
    "A lista de revogados de “{emissor}” não diz até quando vale e não pode ser usada. Avise a " +
    "certificadora.",
  crl_malformed:
    "O que a certificadora publica como lista de revogados de “{emissor}” não pôde ser lido. Tente " +
    "de novo em alguns minutos; se continuar, avise a certificadora.",
  crl_signature_invalid:
    "A assinatura da lista de revogados de “{emissor}” não confere: a lista não foi usada. Tente de " +
    "novo em alguns minutos; se continuar, avise o suporte do portal.",
  crl_weak_signature:
    "A lista de revogados de “{emissor}” foi assinada com um algoritmo que já não é seguro. Avise a " +
    "certificadora.",
  crl_algorithm_unsupported:
    "A lista de revogados de “{emissor}” foi assinada com um algoritmo que este portal não reconhece.",
  crl_other_issuer:
    "A lista de revogados publicada para “{emissor}” é de outra autoridade: não foi usada. Tente de " +
    "novo em alguns minutos; se continuar, avise a certificadora.",
  crl_issuer_key_usage:
    "A chave de “{emissor}” não pode assinar listas de revogados: não há como conferir se o " +
    "certificado ainda vale.",
  crl_unsupported:
    "A lista de revogados de “{emissor}” é parcial ou traz condições que este portal não confere: " +
    "não foi usada. Avise o suporte do portal.",
  crl_other_scope:
    "A lista de revogados publicada por “{emissor}” não trata deste certificado. Avise a certificadora.",
  crl_went_back:
    "A lista de revogados recebida de “{emissor}” é mais antiga do que a já conhecida: não foi usada. " +
    "Tente de novo em alguns minutos.",

  crl_too_large:
    "A lista de revogados de “{emissor}” é maior do que o portal aceita. Avise o suporte do portal.",
  crl_unreachable:
    "O servidor com a lista de revogados de “{emissor}” não respondeu: não foi possível conferir se o " +
    "certificado ainda vale. Tente de novo em alguns minutos.",
  crl_not_served:
    "O servidor com a lista de revogados de “{emissor}” respondeu com um erro: não foi possível " +
    "conferir se o certificado ainda vale. Tente de novo em alguns minutos.",
  crl_host_not_allowed:
    "A lista de revogados de “{emissor}” está em um servidor que este portal não consulta. Avise o " +
    "suporte do portal, dizendo o nome da certificadora.",
  crl_private_address:
    "O servidor indicado para a lista de revogados de “{emissor}” fica em uma rede interna e não foi " +
    "consultado. Avise o suporte do portal.",
  crl_redirected:
    "O servidor com a lista de revogados de “{emissor}” mandou buscá-la em outro lugar, o que este " +
    "portal não faz. Tente de novo em alguns minutos; se continuar, avise a certificadora.",
} as const;

export type CrlCode = keyof typeof crlMessages;

export function isCrlCode(code: string): code is CrlCode {
  return Object.hasOwn(crlMessages, code);
}
