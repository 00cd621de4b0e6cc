import type { Context } from "fresh";
import type { State } from "@/app.ts";
import type { AccountCode } from "@/core/account/messages.ts";
import type { Refusal } from "@/core/result.ts";
import type {
  FirstAccess,
  FirstAccessStep,
  RegistrationStep,
} from "@/core/store/records/session.ts";

const PAGE_OF_STEP: Record<FirstAccessStep, string> = {
  usuario: "/primeiro-acesso",
  termos: "/primeiro-acesso/termos",
  cadastro: "/primeiro-acesso/cadastro",
  confirmar: "/primeiro-acesso/confirmar",
};

/** Of the step that a first access is at; who came with gov.br chooses no password. */
export function pageOf({ step, govbr }: FirstAccess): string {
  return govbr && step === "cadastro" ? "/govbr/email" : PAGE_OF_STEP[step];
}

const PAGE_OF_REGISTRATION: Record<RegistrationStep, string> = {
  cnpj: "/certificado/registro",
  divergencia: "/certificado/registro/divergencia",
  codigo: "/certificado/registro/codigo",
};

/** Where somebody belongs who asked for a page of the way in that is not theirs now. */
export function startOfStep(ctx: Context<State>, refusal: Refusal<AccountCode>): Response {
  const { session, caller } = ctx.state;
  if (caller) return ctx.redirect("/painel", 303);
  const state = session?.state.kind === "visiting" ? session.state : null;
  const current = state?.firstAccess
    ? pageOf(state.firstAccess)
    : state?.registration && PAGE_OF_REGISTRATION[state.registration.step];
  if (refusal.code === "step_out_of_order" && current) return ctx.redirect(current, 303);
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
