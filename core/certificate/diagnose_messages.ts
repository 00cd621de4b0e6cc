import type { DiagnosedCheck, Diagnosis } from "./diagnose.ts";

export const diagnoseMessages = {
  diagnosis_not_in_cadop:
    "O CNPJ {cnpj} não está no cadastro de operadoras da ANS (CADOP). Ao entrar com este certificado, " +
    "o portal pedirá o CNPJ da operadora e enviará um código ao e-mail que ela tem no cadastro.",
} as const;

/** What each check is about, for people. */
export const checkNames: Record<DiagnosedCheck["check"], string> = {
  format: "O arquivo é um certificado inteiro",
  kind: "É o certificado de uma empresa",
  identity: "CNPJ e responsável estão certos",
  validity: "Está no prazo de validade",
  trust: "O portal tem as autoridades da ICP-Brasil",
  path: "Foi emitido abaixo de uma raiz da ICP-Brasil",
  key_usage: "A chave serve para entrar em sites",
  revocation: "Não foi revogado",
  cadop: "A empresa está no cadastro de operadoras (CADOP)",
};

export const outcomeNames: Record<DiagnosedCheck["outcome"], string> = {
  passed: "Certo",
  failed: "Problema",
  attention: "Atenção",
  skipped: "Não conferido",
};

/** What to do, in a sentence, once all is known. */
export function advice({ accepted, checks }: Diagnosis): string {
  if (!accepted) {
    return "O certificado não abre o portal. Resolva o que está marcado como problema, de cima para " +
      "baixo, e confira de novo.";
  }
  return checks.some(({ outcome }) => outcome === "attention")
    ? "O certificado está em ordem. Leia o ponto de atenção antes de entrar."
    : "O certificado está em ordem. Se ele não abre o portal, confira se o arquivo e a senha são os " +
      "mesmos e tente entrar de novo.";
}
