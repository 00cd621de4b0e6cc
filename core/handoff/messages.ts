/** What each refusal of a hand-off says to the person, and what to do next. */
export const handoffMessages = {
  handoff_system_unknown:
    "Este sistema não é aberto a partir do portal. Volte ao painel e escolha um dos sistemas da lista.",
  handoff_not_configured:
    "O endereço do {sistema} ainda não foi configurado neste portal. Avise quem mantém o portal.",
  handoff_person_inactive:
    "Sua conta está desativada. Procure o representante legal da operadora ou o administrador do CNES.",
  handoff_terms_missing:
    "Os termos de uso mudaram. Leia e aceite os termos em vigor e depois tente de novo.",
  handoff_establishment_unknown:
    "Nenhum estabelecimento com este número CNES. Confira o número em cnes.saude.gov.br.",
  handoff_establishment_inactive:
    "Este estabelecimento está desativado no CNES. Depois que ele for reativado em cnes.saude.gov.br, " +
    "tente de novo.",
  handoff_establishment_missing:
    "Falta o primeiro passo: o acesso a este estabelecimento. Peça o estabelecimento e o perfil.",
  handoff_profile_missing:
    "Falta o segundo passo: um perfil neste estabelecimento. Peça o perfil de que precisa.",
  handoff_computer_missing:
    "Falta o terceiro passo: este computador não está aprovado para este estabelecimento. Peça o acesso " +
    "deste computador, ou use o computador que já foi aprovado.",
  handoff_waiting:
    "Seu pedido de {passo} está em análise. Quando ele for decidido você recebe um e-mail.",
  handoff_session_limited:
    "Esta entrada não abre este estabelecimento: a senha foi redefinida ou a conta mudou desde que o " +
    "acesso foi aprovado. Saia e entre de novo, com gov.br se a sua conta tem.",
  handoff_cns_low:
    "Seu CNS foi consultado e o cadastro está com qualidade baixa. Leve seus documentos a uma unidade de " +
    "saúde para atualizar o cadastro e depois consulte de novo em “Minha conta”.",
  handoff_cpf_unproved:
    "O {sistema} só recebe quem tem o CPF comprovado, e o seu foi apenas informado. Comprove-o em “Minha " +
    "conta › Comprovar o CPF”, por gov.br ou com o seu e-CPF.",
  handoff_govbr_missing:
    "O {sistema} só recebe quem entrou no portal com gov.br, e você entrou de outro modo. Saia e entre de " +
    "novo com gov.br.",
  handoff_second_factor_missing:
    "O {sistema} só recebe quem entrou no portal com dois fatores, e você entrou só com um. Saia e entre " +
    "de novo {modo}.",
  handoff_other_computer:
    "A chave que assinou não é a do computador com que você entrou. Saia, entre de novo neste computador " +
    "e tente outra vez.",
  handoff_powers_changed: "Seu acesso mudou agora mesmo. Recarregue a página para ver o que falta.",
  handoff_malformed: "O pedido não chegou inteiro ao portal. Recarregue a página e tente de novo.",
} as const;

export type HandoffCode = keyof typeof handoffMessages;
