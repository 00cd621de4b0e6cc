import type { AccountCode } from "../account/messages.ts";
import { advanceSession, currentAnonymous, isAnonymous } from "../account/session.ts";
import type { Deps } from "../deps.ts";
import { accept, type Refusal, refuse, type Result } from "../result.ts";
import type {
  AnonymousSession,
  Onboarding,
  SeenCertificate,
  Session,
} from "../store/records/session.ts";
import { transact, type Transaction } from "../store/transact.ts";

export type Flow = Onboarding["flow"];
type OnboardingOf<F extends Flow> = Extract<Onboarding, { flow: F }>;
export type StepOf<F extends Flow> = OnboardingOf<F>["step"];

interface Step<Name> {
  page: string;
  /** The steps that may follow; itself where a form can be asked again. None: the flow ends with it. */
  next: readonly Name[];
}

/** The steps of each onboarding in their order, each with its page and what comes next. */
export const STEPS: { readonly [F in Flow]: Readonly<Record<StepOf<F>, Step<StepOf<F>>>> } = {
  first_access: {
    usuario: { page: "/primeiro-acesso", next: ["termos"] },
    termos: { page: "/primeiro-acesso/termos", next: ["cadastro"] },
    cadastro: { page: "/primeiro-acesso/cadastro", next: ["confirmar"] },
    confirmar: { page: "/primeiro-acesso/confirmar", next: ["confirmar", "cadastro", "conta"] },
    conta: { page: "/primeiro-acesso/conta", next: ["cadastro"] },
  },
  invitation: {
    convite: { page: "/convite", next: ["cadastro"] },
    cadastro: { page: "/convite/cadastro", next: ["confirmar"] },
    confirmar: { page: "/convite/confirmar", next: ["confirmar", "cadastro"] },
  },
  certificate_registration: {
    cnpj: { page: "/certificado/registro", next: ["divergencia", "codigo"] },
    divergencia: { page: "/certificado/registro/divergencia", next: ["codigo", "cnpj"] },
    codigo: { page: "/certificado/registro/codigo", next: ["codigo", "cnpj"] },
  },
  joining: {
    conta: { page: "/govbr/juntar", next: ["codigo"] },
    codigo: { page: "/govbr/juntar/codigo", next: ["codigo", "conta"] },
  },
  self_registration: {
    codigo: { page: "/cadastro/codigo", next: ["termos"] },
    termos: { page: "/cadastro/termos", next: ["senha"] },
    senha: { page: "/cadastro/senha", next: [] },
  },
};

/** The page of the step that an onboarding is at. */
export function pageOf(onboarding: Onboarding): string {
  // A person who came with gov.br chooses no password.
  if (onboarding.flow === "first_access" && onboarding.govbr && onboarding.step === "cadastro") {
    return "/govbr/email";
  }
  return stepOf(onboarding).page;
}

function stepOf({ flow, step }: Onboarding): Step<string> {
  return (STEPS[flow] as Record<string, Step<string>>)[step]!;
}

/** A session at a step. */
export interface AtStep<F extends Flow> {
  anonymous: AnonymousSession;
  onboarding: OnboardingOf<F>;
  certificate: F extends "certificate_registration" ? SeenCertificate : SeenCertificate | null;
}

/**
 * The onboarding of a session, when it is at the step that is asked for and the certificate that
 * opened it is still good.
 *
 * @param session as the request came with it, or as a commit has read it again
 */
export function atStep<F extends Flow>(
  deps: Deps,
  session: Session | null,
  flow: F,
  step: StepOf<F>,
): Result<AtStep<F>, AccountCode> {
  const byCertificate = flow !== "self_registration";
  const state = session && isAnonymous(session) ? session.state : null;
  if (state?.onboarding?.flow !== flow && !byCertificate) {
    return refuse("self_registration_missing");
  }
  if (!session) return refuse("session_ended");
  if (state?.onboarding?.flow !== flow || state.onboarding.step !== step) {
    return refuse("step_out_of_order");
  }
  const { certificate, onboarding } = state;
  if (byCertificate && certificate && certificate.notAfter < deps.now()) {
    return refuse("certificate_expired_meanwhile");
  }
  return accept({ anonymous: session, onboarding, certificate } as AtStep<F>);
}

/** Like `atStep`, of the session read again in a commit: no form counts twice, no step is skipped. */
export async function atStepInCommit<F extends Flow>(
  deps: Deps,
  tx: Transaction,
  session: Session | null,
  flow: F,
  step: StepOf<F>,
): Promise<Result<AtStep<F>, AccountCode>> {
  return atStep(deps, session && await currentAnonymous(deps, tx, session), flow, step);
}

/** What a step changes, or why it cannot be made. */
type Change<F extends Flow> = Partial<OnboardingOf<F>> | Refusal<AccountCode>;

/**
 * Makes one step.
 *
 * @param change what is different afterwards; may write more into the same commit
 * @returns the session at the step that it has come to
 * @throws {Error} when the table does not let the steps follow one another
 *
 * @example
 * await advance(deps, session, "first_access", "usuario", () => ({ step: "termos" }));
 */
export async function advance<F extends Flow>(
  deps: Deps,
  session: Session | null,
  flow: F,
  step: StepOf<F>,
  change: (current: AtStep<F>, tx: Transaction) => Change<F> | Promise<Change<F>>,
): Promise<Result<AnonymousSession, AccountCode>> {
  return await transact(deps.kv, async (tx) => {
    const found = await atStepInCommit(deps, tx, session, flow, step);
    if (!found.ok) return found;
    const { anonymous, onboarding: before } = found.data;
    const changed = await change(found.data, tx);
    if ("ok" in changed) return changed;
    const onboarding = { ...before, ...changed };
    if (!stepOf(before).next.includes(onboarding.step)) {
      throw new Error(`${flow}: ${onboarding.step} does not follow ${step}`);
    }
    return accept(advanceSession(deps, tx, anonymous, { ...anonymous.state, onboarding }));
  });
}
