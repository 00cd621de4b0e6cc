import { type Context, page } from "fresh";
import type { State } from "./state.ts";
import type { AccountCode } from "@/core/account/messages.ts";
import { isAnonymous } from "@/core/account/session.ts";
import { explain } from "@/core/messages.ts";
import { type Invited, invitedAt } from "@/core/onboarding/invitation/invited.ts";
import { type AtStep, atStep, type Flow, pageOf, type StepOf } from "@/core/onboarding/steps.ts";
import type { Refusal } from "@/core/result.ts";
import { keys } from "@/core/store/keys.ts";
import { read } from "@/core/store/read.ts";
import type { InvitedStep, Session } from "@/core/store/records/session.ts";
import { NEXT_PAGE } from "./certificate.ts";

const ELSEWHERE: readonly AccountCode[] = [
  "session_ended",
  "step_out_of_order",
  "certificate_expired_meanwhile",
  "self_registration_missing",
];

/** Does the refusal mean that the person is on the wrong page? Else it belongs on the page itself. */
export function leadsElsewhere(refusal: Refusal<AccountCode>): boolean {
  return ELSEWHERE.includes(refusal.code);
}

/**
 * Leads a browser that asked for a page of an onboarding to the page of the step that it is at, or to
 * where it can begin.
 */
export function leadToStep(
  ctx: Context<State>,
  { code }: Refusal<AccountCode>,
  session: Session | null = ctx.state.session,
): Response {
  const { caller } = ctx.state;
  const selfRegistering = code === "self_registration_missing";
  if (caller) return ctx.redirect(selfRegistering ? "/solicitar" : "/painel", 303);
  if (selfRegistering) return ctx.redirect("/cadastro?recomecar", 303);
  if (code === "certificate_expired_meanwhile") return ctx.redirect("/certificado?vencido", 303);
  const state = session && isAnonymous(session) ? session.state : null;
  if (code === "step_out_of_order" && state?.onboarding) {
    return ctx.redirect(pageOf(state.onboarding), 303);
  }
  // Back from the password's page to a registration that is done.
  const done = state?.certificate?.operadora && ctx.url.pathname !== NEXT_PAGE.password;
  return ctx.redirect(
    code === "step_out_of_order" && done ? NEXT_PAGE.password : "/entrar?fim",
    303,
  );
}

/**
 * Answers with the page of a step, or leads to the page of the step that the browser is at.
 *
 * @param refusal of the form that the page has posted, to be said there
 * @param show the data of the page
 */
export async function showStep<F extends Flow, T>(
  ctx: Context<State>,
  [flow, step]: readonly [F, StepOf<F>],
  refusal: Refusal<AccountCode> | null,
  show: (at: AtStep<F>, error: string | null) => T | Promise<T>,
) {
  const { deps, session } = ctx.state;
  // Of a form posted twice the first may have used up the code and made the step meanwhile.
  const overtaken = refusal?.code === "code_expired" || refusal?.code === "step_out_of_order";
  const current = session && isAnonymous(session) && overtaken
    ? await read(deps.kv, keys.session(session.id))
    : session;
  if (refusal && leadsElsewhere(refusal)) return leadToStep(ctx, refusal, current);
  const found = atStep(deps, current, flow, step);
  if (!found.ok) return leadToStep(ctx, found, current);
  const data = await show(found.data, refusal && explain(refusal));
  return page(data, { status: refusal ? 422 : 200 });
}

/**
 * Answers with the page of a step of an invitation, or leads to where the browser is. What an invitation
 * that lets nobody in any more has to say stands on the page of its own.
 */
export async function showInvited<T>(
  ctx: Context<State>,
  step: InvitedStep,
  refusal: Refusal<AccountCode> | null,
  show: (at: Invited, error: string | null) => T,
) {
  const { deps, session } = ctx.state;
  if (refusal && leadsElsewhere(refusal)) return leadToStep(ctx, refusal);
  const found = await invitedAt(deps, session, step);
  if (found.ok) {
    return page({ at: show(found.data, refusal && explain(refusal)), ended: null }, {
      status: refusal ? 422 : 200,
    });
  }
  return leadsElsewhere(found)
    ? leadToStep(ctx, found)
    : page({ at: null, ended: explain(found) }, { status: 422 });
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

/** The data of the page that says why the entry with gov.br was refused. */
export function showGovbrRefusal(ctx: Context<State>, refusal: Refusal<AccountCode>) {
  ctx.state.title = "Entrar com gov.br";
  const raiseLevel = refusal.code === "govbr_level_too_low";
  const mayRetry = !GOVBR_FINAL.includes(refusal.code);
  return page(
    { message: explain(refusal), raiseLevel, mayRetry },
    { status: GOVBR_STATUS[refusal.code] ?? 422 },
  );
}
