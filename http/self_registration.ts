import type { Context } from "fresh";
import type { State } from "@/app.ts";
import type { AccountCode } from "@/core/account/messages.ts";
import { selfRegistrationOf } from "@/core/account/self_registration/state.ts";
import type { Refusal } from "@/core/result.ts";
import type { SelfRegistrationStep } from "@/core/store/records/session.ts";

const PAGE_OF_STEP: Record<SelfRegistrationStep, string> = {
  codigo: "/cadastro/codigo",
  termos: "/cadastro/termos",
  senha: "/cadastro/senha",
};

/** The steps as the person counts them. */
export const SELF_REGISTRATION_LABELS = ["Seus dados", "Código", "Termos", "Senha"] as const;

const ELSEWHERE: readonly AccountCode[] = [
  "session_ended",
  "step_out_of_order",
  "self_registration_missing",
];

/**
 * Leads to the step that the browser's self-registration is at, or to its beginning; null when the
 * refusal is about what was typed and belongs on the page.
 */
export async function leadToStep(
  ctx: Context<State>,
  refusal: Refusal<AccountCode>,
): Promise<Response | null> {
  if (!ELSEWHERE.includes(refusal.code)) return null;
  const { caller, portal, session } = ctx.state;
  if (caller) return ctx.redirect("/solicitar", 303);
  const found = await selfRegistrationOf(portal, session);
  const page = found.ok ? PAGE_OF_STEP[found.data.registration.step] : "/cadastro?recomecar";
  return ctx.redirect(page, 303);
}
