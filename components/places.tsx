import {
  currentStep,
  type EstablishmentAccess,
  progressOf,
  type StepProgress,
} from "@/core/access/establishment_access.ts";
import { STEP_NAMES } from "@/core/access/requests/describe.ts";
import { STEPS } from "@/core/access/requests/steps.ts";
import { nextAct } from "./step_next.ts";

/** Each state as a word and a sign; the colour comes after them. */
const SHOWN: Record<StepProgress, { word: string; sign: string | null; class: string }> = {
  nenhum: { word: "A pedir", sign: null, class: "" },
  pendente: { word: "Em análise", sign: "…", class: "waiting" },
  aprovada: { word: "Aprovado", sign: "✓", class: "done" },
  noutro: { word: "Aprovado em outro computador", sign: "✓", class: "elsewhere" },
  reprovada: { word: "Reprovado", sign: "✕", class: "stopped" },
  cancelada: { word: "Cancelado", sign: "–", class: "" },
  expirada: { word: "Sem resposta no prazo", sign: "–", class: "stopped" },
};

/** The three steps of one place as a line of progress. */
export function StepLine({ place, name }: { place: EstablishmentAccess; name: string }) {
  const current = currentStep(place);
  return (
    <ol class="step-line" aria-label={`Passos em ${name}`}>
      {STEPS.map((step, index) => {
        const { word, sign, class: kind } = SHOWN[progressOf(place, step)];
        return (
          <li
            key={step}
            class={kind || undefined}
            aria-current={step === current ? "step" : undefined}
          >
            <span class="step-number" aria-hidden="true">{sign ?? index + 1}</span>
            <span>
              <strong>{STEP_NAMES[step]}</strong>
              <span class="step-state">{word}</span>
            </span>
          </li>
        );
      })}
    </ol>
  );
}

/** Whose turn it is at a place, and what is to be done. */
export function StepNext({ place }: { place: EstablishmentAccess }) {
  const { turn, text } = nextAct(place);
  return (
    <p class="step-next">
      {turn && <strong>Agora é com {turn}.</strong>} {text}
    </p>
  );
}

/** Name of a place; its number when the CNES does not have it any more. */
export function placeName({ establishment, cnes }: EstablishmentAccess): string {
  return establishment?.nome ?? `CNES ${cnes}`;
}

/** One of a person's places: how far they are, what comes next, and the way there. */
export function PlaceCard({ place }: { place: EstablishmentAccess }) {
  const { cnes, status: { membership, steps } } = place;
  const name = placeName(place);
  const profile = steps.perfil.state === "aprovada" ? membership?.profile : null;
  return (
    <li class="card">
      <h3>
        <a href={`/solicitar/${cnes}`}>{name}</a>
      </h3>
      <p class="muted">
        CNES {cnes} {profile && <span class="tag approved">{profile}</span>}
      </p>
      <StepLine place={place} name={name} />
      <StepNext place={place} />
    </li>
  );
}
