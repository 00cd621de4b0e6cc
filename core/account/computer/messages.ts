/** What each refusal of a computer's proof says to the person. */
export const computerMessages = {
  computer_challenge_unknown:
    "O pedido para reconhecer este computador não existe ou é antigo demais. Recarregue a página.",
  computer_challenge_replayed:
    "O pedido para reconhecer este computador já foi usado. Recarregue a página.",
  computer_challenge_expired:
    "O pedido para reconhecer este computador venceu: ele vale por 5 minutos. Recarregue a página.",
  computer_challenge_other_session:
    "O pedido para reconhecer este computador é de outra sessão. Recarregue a página.",
  computer_challenge_other_purpose:
    "Este computador assinou para outra finalidade. Recarregue a página e tente de novo.",
  computer_challenge_other_origin:
    "Este computador assinou para outro endereço. Confira o endereço do portal e entre de novo.",
  computer_purpose_unknown:
    "O portal não conhece a finalidade desta assinatura. Recarregue a página e tente de novo.",
  computer_proof_malformed:
    "A resposta deste computador não chegou inteira ao portal. Recarregue a página e tente de novo.",
  computer_key_malformed:
    "A chave deste computador não chegou inteira ao portal. Recarregue a página e tente de novo.",
  computer_key_private:
    "A chave privada de um computador nunca pode sair dele. O portal recusou a que recebeu: limpe os " +
    "dados deste site no navegador e peça acesso para o computador de novo.",
  computer_key_type:
    "A chave deste computador é de um tipo que o portal não usa. Peça acesso com a chave que a página " +
    "cria no navegador.",
  computer_key_curve:
    "A chave deste computador usa uma curva que o portal não usa. Peça acesso com a chave que a página " +
    "cria no navegador.",
  computer_signature_malformed:
    "A assinatura deste computador não chegou inteira ao portal. Recarregue a página e tente de novo.",
  computer_signature_mismatch:
    "A assinatura não foi feita com a chave deste computador. Recarregue a página e tente de novo.",
} as const;

export type ComputerCode = keyof typeof computerMessages;
