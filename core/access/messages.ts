/** What each refusal of this module says to the person. */
export const accessMessages = {
  not_allowed: "Você não tem permissão para fazer isto.",
  user_already_registered: "Esta pessoa já está cadastrada nesta operadora.",
  user_already_invited:
    "Já há um convite com este CPF nesta operadora. Se o CPF ou o e-mail está errado, cancele o convite " +
    "e envie outro.",
  user_switched_off:
    "Esta pessoa está desativada nesta operadora. Reative-a na página dela. Para outro e-mail, convide de " +
    "novo com ele.",
  user_replaced:
    "Este CPF tem agora outro convite ou outra conta nesta operadora, e por isso este cadastro não volta.",
  invitation_unknown: "Convite não encontrado nesta operadora.",
  invitation_over: "Este convite já foi aceito, recusado ou cancelado.",
  user_not_found: "Pessoa não encontrada nesta operadora.",
  import_empty: "O arquivo não tem nenhuma pessoa. A primeira linha traz os títulos das colunas.",
  import_column_missing:
    "Falta a coluna {coluna}. A primeira linha do arquivo deve ser: CPF;Nome;E-mail;Sistemas",
  import_too_long: "O arquivo tem mais de {maximo} pessoas. Divida-o em arquivos menores.",
  import_csv:
    "Linha {linha}, campo {campo}: aspas fora do lugar ou texto longo demais, em “{texto}”. Corrija e envie de novo.",
  import_duplicate: "Este CPF já está na linha {outra}.",
  system_unknown: "Sistema desconhecido. Escolha um dos sistemas da lista.",
  establishment_invalid: "Número CNES inválido. Digite os 7 números do estabelecimento.",
  establishment_not_found:
    "Nenhum estabelecimento com este número CNES. Confira em cnes.saude.gov.br.",
  establishment_inactive:
    "Este estabelecimento está desativado no CNES e não pode receber pedidos.",
  establishment_already_yours: "{nome} já está ligado a esta operadora.",
  establishment_of_other:
    "{nome} está ligado a outra operadora. Se ele é da sua, corrija o CNPJ do estabelecimento ou da " +
    "mantenedora em cnes.saude.gov.br.",
  establishment_not_yours: "Este estabelecimento não está ligado a esta operadora.",
  establishment_bound_by_cnpj:
    "{nome} é da operadora pelo CNPJ que tem no CNES, próprio ou da mantenedora, e por isso não se " +
    "desliga aqui. Se o CNPJ está errado, corrija-o em cnes.saude.gov.br.",
  profile_unknown: "Escolha um dos perfis da lista.",
  already_member: "Você já tem acesso a este estabelecimento com o perfil {perfil}.",
  request_already_pending: "Você já tem um pedido em análise para este estabelecimento.",
  request_not_found: "Pedido não encontrado.",
  request_already_decided: "Este pedido já foi decidido: {estado} por {quem}.",
  request_expired: "Este pedido passou do prazo e não vale mais. A pessoa pode fazer outro.",
  request_not_pending: "Este pedido não espera mais: está {estado}.",
  request_cancelled: "A pessoa cancelou este pedido. Não há o que decidir.",
  representative_decides:
    "O perfil ADMINISTRADOR é decidido pelo representante legal da operadora, que entra com o " +
    "certificado.",
  establishment_without_operadora:
    "Este estabelecimento não está ligado a nenhuma operadora, e por isso ninguém pode decidir quem " +
    "é ADMINISTRADOR dele. Peça ao representante legal da operadora que ligue o estabelecimento.",
  membership_ended:
    "A pessoa não tem mais perfil neste estabelecimento. Ela precisa pedir de novo desde o primeiro passo.",
  profile_first: "Antes do computador, o perfil neste estabelecimento precisa estar aprovado.",
  profile_same: "A pessoa já tem o perfil {perfil}. Escolha outro.",
  justification_missing: "Escreva o motivo, com 3 a 500 letras: a pessoa vai ler.",
  member_not_found: "Esta pessoa não tem acesso ativo neste estabelecimento.",
  member_own:
    "Ninguém muda o próprio acesso. Peça a outro administrador ou ao representante legal.",
  administrator_by_representative:
    "Só o representante legal da operadora muda ou desativa um ADMINISTRADOR.",
  computer_not_proven:
    "Este navegador ainda não tem a chave que identifica o computador. Recarregue a página com o " +
    "JavaScript ligado e tente de novo.",
  computer_label_invalid:
    "Escreva a etiqueta de patrimônio ou outro nome do computador, com 2 a 60 letras.",
  computer_place_invalid: "Escreva onde o computador fica, com 2 a 120 letras.",
  computer_already_pending:
    "Você já pediu um computador neste estabelecimento. Espere a decisão ou cancele aquele pedido.",
  computer_already_approved: "Este computador já está aprovado, como {etiqueta}.",
  computer_unknown: "Computador não encontrado entre os aprovados. Recarregue a página.",
  request_own: "Ninguém decide o próprio pedido. Outro administrador precisa analisar.",
  reason_missing: "Escreva o motivo da reprovação, com até 500 letras.",
  already_administrator: "Esta pessoa já é ADMINISTRADOR deste estabelecimento.",
  member_has_profile:
    "Esta pessoa já tem o perfil {perfil} neste estabelecimento. Para mudar o perfil, use a página " +
    "das pessoas do estabelecimento e escreva a justificativa.",
  administrator_on_site:
    "O perfil ADMINISTRADOR não é concedido pelo Telegram: quem decide é o representante legal da " +
    "operadora, no portal.",
  not_administrator: "Você não é ADMINISTRADOR de nenhum estabelecimento.",
  pause_nobody_left:
    "Não é possível pausar: ninguém mais recebe os pedidos de {lugares}. Peça ao representante " +
    "legal que indique outro ADMINISTRADOR, ou espere que o outro retome.",
  operadora_not_yours: "Esta operadora não está entre as suas. Escolha uma da lista.",
  choice_missing: "Escolha uma operadora da lista antes de confirmar.",
} as const;

export type AccessCode = keyof typeof accessMessages;
