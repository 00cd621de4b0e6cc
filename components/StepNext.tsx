import type { EstablishmentAccess } from "@/core/access/establishment_access.ts";
import { nextAct } from "./step_next.ts";

/** Whose turn it is at a place, and what is to be done. */
export function StepNext({ place }: { place: EstablishmentAccess }) {
  const { turn, text } = nextAct(place);
  return (
    <p class="step-next">
      {turn && <strong>Agora é com {turn}.</strong>} {text}
    </p>
  );
}
