import { type Acr, BY_GOVBR, type GovbrLevel, ONE_FACTOR, TWO_FACTORS } from "../config/choices.ts";
import type { Deps } from "../deps.ts";
import type { Amr } from "../store/records/session.ts";
import { isProvingLevel } from "./proof.ts";

/** A way to begin the session of a person. */
export type SignInMethod =
  | "password"
  | "certificate"
  | "govbr"
  | "first_access"
  /** A first access with the company's certificate. */
  | "representative"
  | "self_registration"
  /** The person's own e-CPF, with the password entered anew. */
  | "ecpf"
  /** The e-CPF, with a code to the account's address, which is no factor of its own. */
  | "ecpf_code";

/** What was shown, and what that is worth. */
export interface Authentication {
  amr: readonly Amr[];
  acr: Acr;
}

/** After a first access the session is worth as much as a sign-in with the password chosen in it. */
const METHODS: Record<Exclude<SignInMethod, "govbr">, Authentication> = {
  password: { amr: ["pwd"], acr: ONE_FACTOR },
  certificate: { amr: ["cert", "pwd"], acr: TWO_FACTORS },
  first_access: { amr: ["pwd"], acr: ONE_FACTOR },
  representative: { amr: ["cert", "pwd"], acr: TWO_FACTORS },
  self_registration: { amr: ["pwd"], acr: ONE_FACTOR },
  ecpf: { amr: ["cert", "pwd"], acr: TWO_FACTORS },
  ecpf_code: { amr: ["cert"], acr: ONE_FACTOR },
};

/**
 * What a session says of how it was begun. Nothing of it comes from the account: who used gov.br once
 * and enters by password has a session by password.
 *
 * @param level of the gov.br account that the person came with, also to a first access
 */
export function authenticationBy(
  deps: Pick<Deps, "config">,
  method: SignInMethod,
  level?: GovbrLevel,
): Authentication {
  if (level === undefined && method !== "govbr") return METHODS[method];
  const proving = level !== undefined && isProvingLevel(deps, level);
  return { amr: ["govbr"], acr: proving ? BY_GOVBR : ONE_FACTOR };
}
