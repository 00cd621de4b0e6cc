import { clientCertMessages } from "./client_cert.ts";
import { crlMessages } from "./crl/messages.ts";
import { identityMessages } from "./identity.ts";

/** What each refusal of this module says to the person. */
export const certificateMessages = {
  ...identityMessages,
  ...crlMessages,
  ...clientCertMessages,

  diagnosis_not_in_cadop:
    "O CNPJ {cnpj} não está no cadastro de operadoras da ANS (CADOP). Ao entrar com este certificado, " +
    "o portal pedirá o CNPJ da operadora e enviará um código ao e-mail que ela tem no cadastro.",

  trust_store_empty:
    "O portal ainda não tem as autoridades da ICP-Brasil carregadas e por isso não pode conferir " +
    "certificados. Avise o suporte do portal.",

  challenge_unknown:
    "Este pedido de assinatura não existe ou é antigo demais. Recarregue a página e assine de novo.",
  challenge_replayed:
    "Este pedido de assinatura já foi usado. Recarregue a página e assine de novo.",
  challenge_expired:
    "O pedido de assinatura venceu: ele vale por 5 minutos. Recarregue a página e assine de novo.",
  challenge_other_session:
    "Este pedido de assinatura foi feito em outra sessão do navegador. Recarregue a página e assine " +
    "de novo.",
  challenge_other_purpose:
    "A assinatura foi feita para outra finalidade. Volte à entrada do portal e assine de novo.",
  challenge_other_origin:
    "A assinatura foi feita para outro endereço. Confira o endereço do portal e assine de novo.",
  signature_malformed:
    "A assinatura não chegou inteira ao portal. Recarregue a página e assine de novo.",
  signature_mismatch:
    "A assinatura não foi feita com a chave deste certificado. Abra o arquivo do certificado e assine " +
    "de novo.",

  certificate_expired:
    "O certificado venceu em {data}. Renove-o na certificadora e entre com o novo.",
  certificate_not_yet_valid:
    "O certificado só vale a partir de {data}. Confira a data na certificadora.",
  issuer_unknown:
    "O certificado foi emitido por “{emissor}”, que não é uma autoridade da ICP-Brasil reconhecida " +
    "por este portal. Use um certificado emitido por uma certificadora da ICP-Brasil.",
  signature_invalid:
    "O certificado diz ter sido emitido por uma autoridade da ICP-Brasil, mas a assinatura dela não " +
    "confere. Use o arquivo recebido da certificadora.",
  weak_signature:
    "O certificado foi assinado com um algoritmo que já não é seguro. Emita um novo na certificadora.",
  weak_key:
    "A chave do certificado, ou a da autoridade que o emitiu, é curta demais para ser segura. " +
    "Emita um novo na certificadora.",
  algorithm_unsupported:
    "O certificado usa um algoritmo que este portal não reconhece. Use um certificado com chave RSA.",
  ca_expired:
    "A autoridade “{emissor}”, acima do certificado, venceu em {data}. Emita um novo certificado.",
  ca_not_yet_valid:
    "A autoridade “{emissor}”, acima do certificado, só vale a partir de {data}. Tente mais tarde.",
  ca_not_a_ca:
    "O certificado foi emitido por “{emissor}”, que não tem poder de emitir certificados.",
  ca_key_usage: "A chave de “{emissor}”, que emitiu o certificado, não pode assinar certificados.",
  path_length_exceeded:
    "Há mais autoridades abaixo de “{emissor}” do que ela permite: o certificado não pode ser aceito.",
  leaf_is_ca:
    "Este é o certificado de uma autoridade certificadora, e não o de quem assina. Use o e-CNPJ ou o e-CPF.",
  key_usage:
    "A chave deste certificado não pode assinar (falta o uso “assinatura digital”). Use o e-CNPJ da " +
    "empresa ou, para comprovar o CPF, o seu e-CPF.",
  extended_key_usage:
    "Este certificado não serve para entrar em sites (falta o uso “autenticação de cliente”). Use o " +
    "e-CNPJ da empresa ou, para comprovar o CPF, o seu e-CPF.",
  critical_extension:
    "O certificado traz uma condição obrigatória ({oid}) que este portal não reconhece.",
  constraint_unsupported:
    "Uma autoridade acima do certificado impõe uma restrição ({oid}) que este portal não confere.",
  anchor_not_a_root:
    "O portal confia em “{emissor}”, que não é uma raiz, e por isso não pode conferir o certificado. " +
    "Avise o suporte do portal.",
  certificate_nonconforming:
    "O certificado, ou o de uma autoridade acima dele, não segue o padrão de certificados " +
    "({regra}). Peça outro à certificadora.",
  path_too_complex:
    "Foram enviados certificados demais para conferir. Envie só o de quem assina e os das autoridades " +
    "acima dele.",
} as const;

export type CertificateCode = keyof typeof certificateMessages;
