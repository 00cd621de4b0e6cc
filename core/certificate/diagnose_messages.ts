/** What each check of a diagnosis is about, for people; in the order in which they are shown. */
export const checkNames = {
  format: "O arquivo é um certificado inteiro",
  kind: "É o certificado de uma empresa",
  identity: "CNPJ e responsável estão certos",
  validity: "Está no prazo de validade",
  trust: "O portal tem as autoridades da ICP-Brasil",
  path: "Foi emitido abaixo de uma raiz da ICP-Brasil",
  key_usage: "A chave serve para entrar em sites",
  revocation: "Não foi revogado",
  cadop: "A empresa está no cadastro de operadoras (CADOP)",
} as const;

export type CheckName = keyof typeof checkNames;

/** The outcomes of a check, as people read them. */
export const outcomeNames = {
  passed: "Certo",
  failed: "Problema",
  attention: "Atenção",
  skipped: "Não conferido",
} as const;

/**
 * How a check came out. `attention`: nothing is wrong with the certificate, but the person should
 * know. `skipped`: could not be made, because of another one that failed or by the portal's settings.
 */
export type CheckOutcome = keyof typeof outcomeNames;

/** What to do, in a sentence, once all is known. */
export function advice(
  { accepted, checks }: { accepted: boolean; checks: readonly { outcome: CheckOutcome }[] },
): string {
  if (!accepted) {
    return "O certificado não abre o portal. Resolva o que está marcado como problema, de cima para " +
      "baixo, e confira de novo.";
  }
  return checks.some(({ outcome }) => outcome === "attention")
    ? "O certificado está em ordem. Leia o ponto de atenção antes de entrar."
    : "O certificado está em ordem. Se ele não abre o portal, confira se o arquivo e a senha são os " +
      "mesmos e tente entrar de novo.";
}
