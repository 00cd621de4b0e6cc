import type { Session } from "@/core/store/records/session.ts";

/** Where one is in a sequence of steps. */
export function Steps({ steps, current }: { steps: readonly string[]; current: number }) {
  return (
    <ol class="steps" aria-label="Etapas">
      {steps.map((step, index) => (
        <li
          key={step}
          class={index < current ? "done" : index === current ? "current" : undefined}
          aria-current={index === current ? "step" : undefined}
        >
          <span class="step-number" aria-hidden="true">{index < current ? "✓" : index + 1}</span>
          <span>{step}</span>
        </li>
      ))}
    </ol>
  );
}

export const FIRST_ACCESS_LABELS = ["Usuário", "Termos", "E-mail e senha", "Confirmação"] as const;

export const GOVBR_FIRST_ACCESS_LABELS = ["gov.br", "Termos", "E-mail", "Confirmação"] as const;

export const INVITATION_LABELS = ["Convite", "E-mail e senha"] as const;

/** Of the first access that the session is in. */
export function firstAccessLabels(session: Session | null): readonly string[] {
  const viaGovbr = session?.state.kind === "anonymous" &&
    session.state.onboarding?.flow === "first_access" &&
    session.state.onboarding.govbr;
  return viaGovbr ? GOVBR_FIRST_ACCESS_LABELS : FIRST_ACCESS_LABELS;
}

export const CERTIFICATE_REGISTRATION_LABELS = ["Operadora", "Conferência", "Confirmação"] as const;

export const SELF_REGISTRATION_LABELS = ["Seus dados", "Código", "Termos", "Senha"] as const;
