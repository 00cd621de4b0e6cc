/** What each refusal of a self-registration says to the person. */
export const selfRegistrationMessages = {
  self_registration_missing:
    "O cadastro não foi começado neste navegador, ou passou do tempo. Informe os seus dados de novo.",
  self_registration_taken:
    "Não foi possível concluir o cadastro com estes dados. Se você já tem cadastro no portal, entre com " +
    "ele; se não, comece de novo.",
} as const;
