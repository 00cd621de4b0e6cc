/** What each refusal on the way in, and in the account, says to the person. */
export const accountMessages = {
  session_ended: "Sua sessão terminou. Entre de novo para continuar.",
  step_out_of_order: "Esta etapa ainda não está disponível. Recomece pela entrada do portal.",
  handle_invalid: "Digite o CPF, com 11 números, ou o e-mail da sua conta.",
  login_refused: "CPF, e-mail ou senha não conferem. Verifique e tente de novo.",
  account_missing: "Escolha a conta em que quer entrar.",
  password_refused: "A senha não confere. Verifique e tente de novo.",
  govbr_again:
    "Por segurança, isto precisa de uma entrada recente. Saia, entre de novo com gov.br e volte a esta " +
    "página em até 10 minutos.",
  too_many_attempts: "Muitas tentativas seguidas. Aguarde {minutos} minutos e tente de novo.",
  provisional_expired:
    "A senha provisória venceu. Peça à operadora que renove o convite: o e-mail traz outra senha.",
  provisional_spent:
    "Este convite já foi aceito, cancelado ou renovado. Entre com a senha que você escolheu, ou com a " +
    "senha provisória mais recente. Se não conseguir, fale com a operadora.",
  invitation_ended:
    "Este convite não vale mais: foi aceito, recusado, cancelado pela operadora ou venceu. Se você ainda " +
    "precisa do acesso, peça outro convite à operadora.",
  invitation_other_cpf:
    "Este convite é para outro CPF, e por isso não pode ser aceito com esta conta. Se o CPF está errado, " +
    "recuse o convite e peça à operadora que envie outro.",
  invitation_unknown_password:
    "A senha provisória não confere com nenhum convite para o CPF desta conta. Confira o e-mail mais " +
    "recente da operadora.",
  email_has_account:
    "Já há conta com este e-mail: entre nela para aceitar o convite. Se a conta não é sua, informe outro " +
    "e-mail.",
  representative_missing:
    "O cadastro da ANS (CADOP) não informa o representante da operadora {operadora}. " +
    "Atualize o cadastro na DIOPE/ANS e volte a entrar.",
  certificate_not_registered:
    "Outro certificado foi registrado para a operadora {operadora}. Entre com ele, ou entre de novo " +
    "com este para registrá-lo no lugar do outro.",
  certificate_already_registered:
    "Este certificado já é o registrado da operadora {operadora}. Entre de novo com ele.",
  certificate_registered_elsewhere:
    "Este certificado está registrado para a operadora {operadora}, e cada certificado abre uma só. " +
    "Use outro certificado.",
  registration_cnpj_invalid:
    "CNPJ inválido. Digite as 14 posições do CNPJ da operadora, com ou sem a pontuação.",
  registration_cnpj_unknown:
    "O CNPJ {cnpj} não está no cadastro de operadoras da ANS (CADOP). Confira o número: é o da matriz " +
    "da operadora, como consta no registro na ANS.",
  registration_no_email:
    "O cadastro da ANS (CADOP) não tem um e-mail válido da operadora {operadora}, e o código só pode ser " +
    "enviado para ele. Atualize o e-mail da operadora no cadastro da ANS, espere a publicação e volte " +
    "com o certificado.",
  registration_data_changed:
    "O cadastro da ANS (CADOP) mudou desde que o código foi enviado. Volte ao CNPJ e peça outro código.",
  representative_changed:
    "O cadastro da ANS (CADOP) já não traz {representante} como representante desta operadora. " +
    "Entre de novo com o certificado.",
  representative_already_bound:
    "O primeiro acesso desta operadora já foi concluído. Entre com o certificado e a senha.",
  certificate_expired_meanwhile:
    "O certificado venceu durante o acesso. Entre de novo com um certificado válido.",
  cpf_invalid: "CPF inválido. Digite os 11 números do CPF.",
  name_invalid: "Digite o nome completo, com até 120 letras.",
  email_invalid: "E-mail inválido. Confira o endereço, como nome@empresa.com.br.",
  email_taken:
    "Já há conta com este e-mail. Entre com ela, ou informe outro e-mail. Se não lembra a senha, use " +
    "“Esqueci minha senha” na página de entrada.",
  first_access_unknown:
    "Não há conta ativa com estes dados e esta senha. Confira os dados ou faça um novo cadastro.",
  first_access_other_name:
    "Esta conta não está no nome de {representante}, que o cadastro da ANS (CADOP) traz como " +
    "representante. Entre com a conta dessa pessoa, ou faça um novo cadastro com outro e-mail.",
  terms_not_accepted: "Para continuar é preciso ler e aceitar os termos de uso.",
  password_same: "A senha nova é igual à atual. Escolha outra.",
  email_same: "Este já é o seu e-mail no portal.",
  email_change_missing: "Nenhuma mudança de e-mail está em andamento. Informe o e-mail novo.",
  email_undo_invalid:
    "Este endereço não vale mais: já foi usado, venceu ou está incompleto. Se você não reconhece a " +
    "mudança, recupere a senha ou fale com o responsável pelo portal.",
  session_not_found: "Esta sessão já tinha terminado.",
  code_wrong: "Código incorreto. Restam {restam} tentativas.",
  code_expired: "O código venceu. Peça um novo código.",
  code_exhausted: "Foram feitas tentativas demais com este código. Peça um novo código.",
  passwords_differ:
    "As duas senhas digitadas são diferentes. Digite a mesma senha nos dois campos.",
  password_too_short: "A senha precisa ter pelo menos {minimo} caracteres.",
  password_too_long: "A senha pode ter no máximo 128 caracteres.",
  password_composition:
    "A senha precisa ter letra maiúscula, letra minúscula, número e um destes símbolos: @ # $ % & *",
  password_common: "Esta senha é muito comum e fácil de descobrir. Escolha outra.",
  password_personal:
    "A senha não pode conter seu nome, seu CPF nem o nome da operadora. Escolha outra.",
  link_code_invalid:
    "Este código de ligação não vale mais. Gere outro no portal, em “Minha conta › Telegram”.",
  link_not_claimed: "Ainda não recebemos a mensagem do Telegram. Abra o robô e toque em Iniciar.",
  link_chat_taken: "Esta conta do Telegram já está ligada a outra pessoa no portal.",
  person_inactive: "Seu cadastro está desativado. Fale com o representante legal da operadora.",
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
  cns_invalid: "CNS inválido. Digite os 15 números do Cartão Nacional de Saúde, sem letras.",
  cns_taken:
    "Não foi possível ligar este CNS ao seu cadastro. Confira o número no cartão ou no aplicativo Meu " +
    "SUS Digital. Se ele estiver certo, fale com o responsável pelo portal.",
  cns_missing: "Informe primeiro o seu CNS.",
  cns_lookup_off: "Este portal não consulta a qualidade do CNS.",
  cns_lookup_down:
    "A consulta da qualidade do CNS não respondeu. O número continua guardado e nada mudou: tente de " +
    "novo em alguns minutos.",
  govbr_off: "A entrada com gov.br não está ligada neste portal. Use outra forma de entrar.",
  govbr_unavailable:
    "O gov.br não respondeu. Tente de novo em alguns minutos, ou use outra forma de entrar.",
  govbr_denied:
    "A entrada foi cancelada no gov.br. Para entrar com gov.br é preciso autorizar o portal a " +
    "receber seus dados; você também pode usar outra forma de entrar.",
  govbr_attempt_unknown:
    "Esta entrada com gov.br já foi usada, venceu ou foi começada em outro navegador. Comece de novo.",
  govbr_answer_invalid:
    "A resposta do gov.br não passou na conferência de segurança e não foi aceita. Comece de novo; " +
    "se acontecer outra vez, avise o responsável pelo portal.",
  govbr_level_unknown:
    "O gov.br não informou o nível da sua conta. Comece de novo e autorize o portal a conhecê-lo.",
  govbr_level_too_low:
    "Sua conta gov.br é nível {nivel}, e para entrar neste portal é preciso nível {exigido} ou maior.",
  govbr_already_in: "Seu primeiro acesso já foi concluído. Entre com gov.br para continuar.",
  govbr_level_own_account:
    "A sua conta gov.br é {nivel}, e ainda não comprova o seu CPF: para isso ela precisa do nível " +
    "{exigido}. Já há conta no portal com este CPF: entre nela com a senha, ou aumente o nível da conta " +
    "gov.br e volte.",
  ecpf_other_cpf:
    "Este e-CPF é de outro CPF, e não comprova o desta conta ({cpf}). Apresente o e-CPF do titular da " +
    "conta. Se o CPF da conta é que está errado, faça outra conta com o seu e comprove-o nela.",
  ecpf_not_needed:
    "O CPF desta conta já está comprovado por gov.br, que vale mais que o e-CPF. Não é preciso fazer nada.",
  ecpf_proved_by_govbr:
    "Outra conta do portal já comprovou este CPF por gov.br, que vale mais que o e-CPF. Saia e use essa " +
    "conta: entre com gov.br. Se não foi você que a fez, fale com o responsável pelo portal.",
  ecpf_proved_elsewhere:
    "Outra conta do portal já comprovou este CPF por e-CPF, e ele só fica comprovado em uma. Saia e entre " +
    "nela, ou comprove o CPF por gov.br, que vale mais. Se não foi você, fale com o responsável pelo portal.",
  ecpf_missing:
    "O e-CPF ainda não foi apresentado aqui, ou passaram mais de 10 minutos. Apresente-o de novo.",
  joining_expired:
    "Passaram 10 minutos desde que você entrou com gov.br. Entre de novo com gov.br para juntar a conta.",
  joining_refused:
    "A senha desta conta não confere. Tente de novo, ou peça um código no e-mail da conta.",
  joining_account_gone: "Esta conta não pode mais ser juntada. Entre de novo com gov.br.",
  govbr_no_email: "O gov.br não informou um e-mail verificado. Digite o seu e-mail.",
  self_registration_has_account:
    "Já há conta com este e-mail. Entre com o e-mail e a senha dela; se não lembra a senha, use “Esqueci " +
    "minha senha”. Para outra conta, recomece o cadastro com outro e-mail.",
  self_registration_missing:
    "O cadastro não foi começado neste navegador, ou passou do tempo. Informe os seus dados de novo.",
} as const;

export type AccountCode = keyof typeof accountMessages;
