import type { AccessRequest, Step } from "../../store/records/access.ts";

/** The steps as people read them. */
export const STEP_NAMES: Record<Step, string> = {
  estabelecimento: "Estabelecimento",
  perfil: "Perfil",
  computador: "Computador",
};

/** What a request asks for, to go into a sentence (Portuguese): `o perfil OPERADOR`. */
export function whatIsAsked(request: AccessRequest): string {
  switch (request.step) {
    case "estabelecimento":
      return "a entrada no estabelecimento";
    case "perfil":
      return `o perfil ${request.profile}`;
    case "computador":
      return `o computador ${request.computer.label} (${request.computer.place})`;
  }
}

/**
 * The usual reasons for a rejection, to choose from in a chat or on the site; the requester reads
 * them. The keys are in the buttons of messages already sent: a reason may get a better wording, a
 * key never another meaning.
 */
export const USUAL_REASONS = {
  desconhecida: "Pessoa não reconhecida por este estabelecimento",
  vinculo: "Sem vínculo atual com este estabelecimento",
  perfil: "Perfil diferente do necessário para a função",
  dados: "Dados do pedido incorretos",
} as const;

export type UsualReason = keyof typeof USUAL_REASONS;

/** Is this the key of one of `USUAL_REASONS`? */
export function isUsualReason(key: string): key is UsualReason {
  return Object.hasOwn(USUAL_REASONS, key);
}
