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
