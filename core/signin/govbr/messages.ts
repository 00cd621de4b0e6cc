/** What each refusal on the way through gov.br says to the person. */
export const govbrMessages = {
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
  govbr_no_email: "O gov.br não informou um e-mail verificado. Digite o seu e-mail.",
} as const;

export type GovbrCode = keyof typeof govbrMessages;
