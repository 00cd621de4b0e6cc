import type { Context } from "fresh";
import type { State } from "@/app.ts";
import type { AccountCode } from "@/core/account/messages.ts";
import type { FirstAccessStep } from "@/core/account/first_access_state.ts";
import type { Refusal } from "@/core/result.ts";

const PAGE_OF_STEP: Record<FirstAccessStep, string> = {
  usuario: "/primeiro-acesso",
  termos: "/primeiro-acesso/termos",
  cadastro: "/primeiro-acesso/cadastro",
  confirmar: "/primeiro-acesso/confirmar",
};

/** Where somebody belongs who asked for a page of the first access that is not theirs now. */
export function startOfStep(ctx: Context<State>, refusal: Refusal<AccountCode>): Response {
  const { session, caller } = ctx.state;
  if (caller) return ctx.redirect("/painel", 303);
  const state = session?.state.kind === "visiting" ? session.state : null;
  const current = state?.firstAccess?.step;
  if (refusal.code === "step_out_of_order" && current) {
    return ctx.redirect(PAGE_OF_STEP[current], 303);
  }
  const expired = refusal.code === "certificate_expired_meanwhile";
  return ctx.redirect(expired ? "/certificado?vencido" : "/entrar?fim", 303);
}

const ELSEWHERE: readonly AccountCode[] = [
  "session_ended",
  "step_out_of_order",
  "certificate_expired_meanwhile",
];

/** Does the refusal mean that the person is on the wrong page? */
export function leadsElsewhere(refusal: Refusal<AccountCode>): boolean {
  return ELSEWHERE.includes(refusal.code);
}
