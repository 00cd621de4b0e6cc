import type { GovbrLevel } from "./govbr/level.ts";

/** The steps of a first access, in their order. */
export const FIRST_ACCESS_STEPS = ["usuario", "termos", "cadastro", "confirmar"] as const;
export type FirstAccessStep = typeof FIRST_ACCESS_STEPS[number];

/** How far somebody has come on their first access; kept in the session, never in the form. */
export interface FirstAccess {
  role: "representante" | "usuario";
  step: FirstAccessStep;
  /** Shown in the field "Usuário". */
  name: string;
  /**
   * Proved by the certificate, the provisional password or gov.br. Null when the certificate does not tell
   * it: then it is asked in step `cadastro`.
   */
  cpf: string | null;
  /** Hash of the provisional password it began with; null for the representative and a new person. */
  provisionalHash: string | null;
  /** Version of the terms accepted in step `termos`. */
  termsVersion: string | null;
  /** What step `cadastro` left for step `confirmar`. */
  draft: { cpf: string; email: string; passwordHash: string | null } | null;
  /** Only of who came with gov.br: no password is asked, nor a code for this verified e-mail. */
  govbr?: { email: string | null; level: GovbrLevel };
}
