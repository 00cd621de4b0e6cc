import { type Context, page } from "fresh";
import type { State } from "@/app.ts";
import type { AccountCode } from "@/core/account/messages.ts";
import { selfRegistrationOf } from "@/core/onboarding/self_registration/state.ts";
import { explain } from "@/core/messages.ts";
import type { Refusal } from "@/core/result.ts";
import type {
  FirstAccess,
  FirstAccessStep,
  RegistrationStep,
  SelfRegistrationStep,
} from "@/core/store/records/session.ts";
import { NEXT_PAGE } from "./certificate.ts";

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
  const state = session?.state.kind === "anonymous" ? session.state : null;
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

/** Where somebody belongs who asked for a page of the registration that is not theirs now. */
export function startOfRegistration(ctx: Context<State>, refusal: Refusal<AccountCode>): Response {
  const { session } = ctx.state;
  const state = session?.state.kind === "anonymous" ? session.state : null;
  // Back from the password's page to a registration that is done.
  const done = state?.certificate?.operadora && !state.firstAccess;
  if (refusal.code === "step_out_of_order" && done) {
    return ctx.redirect(NEXT_PAGE.password, 303);
  }
  return startOfStep(ctx, refusal);
}

const PAGE_OF_SELF_REGISTRATION: Record<SelfRegistrationStep, string> = {
  codigo: "/cadastro/codigo",
  termos: "/cadastro/termos",
  senha: "/cadastro/senha",
};

/** The steps as the person counts them. */
export const SELF_REGISTRATION_LABELS = ["Seus dados", "Código", "Termos", "Senha"] as const;

const OUTSIDE: readonly AccountCode[] = [
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
  if (!OUTSIDE.includes(refusal.code)) return null;
  const { caller, deps, session } = ctx.state;
  if (caller) return ctx.redirect("/solicitar", 303);
  const found = await selfRegistrationOf(deps, session);
  const page = found.ok
    ? PAGE_OF_SELF_REGISTRATION[found.data.registration.step]
    : "/cadastro?recomecar";
  return ctx.redirect(page, 303);
}

const GOVBR_STATUS: Partial<Record<AccountCode, number>> = {
  govbr_off: 404,
  govbr_unavailable: 503,
  too_many_attempts: 429,
  govbr_level_too_low: 403,
  person_inactive: 403,
};

/** Trying again changes nothing for these until something else has changed. */
const GOVBR_FINAL: readonly AccountCode[] = ["govbr_off", "person_inactive", "too_many_attempts"];

/** The data of the page that says why gov.br let nobody in. */
export function showGovbrRefusal(ctx: Context<State>, refusal: Refusal<AccountCode>) {
  ctx.state.title = "Entrar com gov.br";
  const raiseLevel = refusal.code === "govbr_level_too_low";
  const mayRetry = !GOVBR_FINAL.includes(refusal.code);
  return page(
    { message: explain(refusal), raiseLevel, mayRetry },
    { status: GOVBR_STATUS[refusal.code] ?? 422 },
  );
}
