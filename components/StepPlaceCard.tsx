import type { EstablishmentAccess } from "@/core/access/establishment_access.ts";
import { StepLine } from "./StepLine.tsx";
import { StepNext } from "./StepNext.tsx";

/** Name of a place; its number when the CNES does not have it any more. */
export function placeName({ establishment, cnes }: EstablishmentAccess): string {
  return establishment?.nome ?? `CNES ${cnes}`;
}

/** One of a person's places: how far they are, what comes next, and the way there. */
export function StepPlaceCard({ place }: { place: EstablishmentAccess }) {
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
