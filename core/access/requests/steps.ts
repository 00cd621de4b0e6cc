import type { RequestState, Step } from "../../store/records/access.ts";

/**
 * The steps of the SGOP and the states of a request: what may become of what, in this file alone.
 * Nothing else in the portal writes a state that did not come from `after`.
 */

/** The three steps in their order: each is asked for when the one before it is approved. */
export const STEPS = ["estabelecimento", "perfil", "computador"] as const satisfies readonly Step[];

/** What may happen to a request: by who decides, by who asked, by the time. */
export type Move = "aprovar" | "reprovar" | "cancelar" | "expirar";

/** Only what waits can move, and it moves once: a new try is a new request. */
const MOVES: Record<RequestState, Partial<Record<Move, RequestState>>> = {
  pendente: {
    aprovar: "aprovada",
    reprovar: "reprovada",
    cancelar: "cancelada",
    expirar: "expirada",
  },
  aprovada: {},
  reprovada: {},
  cancelada: {},
  expirada: {},
};

/** The state after a move, or null when the move is illegal. */
export function after(state: RequestState, move: Move): RequestState | null {
  return MOVES[state][move] ?? null;
}

/**
 * The establishment and the profile are asked for together. What ends one of the two ends the other,
 * if it still waits: no person has a profile at an establishment they may not enter, and one without a
 * profile opens nothing. Only the establishment can be approved by itself.
 */
export function movesTheOtherToo(step: Step, move: Move): boolean {
  return step === "perfil" || (step === "estabelecimento" && move !== "aprovar");
}

/** What a person has at an establishment now. */
export interface Reached {
  /** May they enter the establishment (step one)? */
  establishment: boolean;
  /** Have they a profile there (step two)? */
  profile: boolean;
}

/** The step that may be asked for next; the first two are asked for in one form. */
export function nextStep({ establishment, profile }: Reached): Step {
  if (!establishment) return "estabelecimento";
  return profile ? "computador" : "perfil";
}
