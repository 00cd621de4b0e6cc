import { formatMoment } from "./dates.ts";
import type { AccessRequest } from "@/core/store/records/access.ts";

const STATES: Record<AccessRequest["state"], { label: string; class: string }> = {
  pendente: { label: "Em análise", class: "pending" },
  aprovada: { label: "Aprovado", class: "approved" },
  reprovada: { label: "Reprovado", class: "rejected" },
  cancelada: { label: "Cancelado por quem pediu", class: "" },
  expirada: { label: "Expirado sem decisão", class: "" },
};

const WHERE = {
  portal: "no portal",
  telegram: "pelo Telegram",
  cnes: "na hora, por ser quem o CNES registra como diretor",
} as const;

/** What became of a request, for those who decide: by whom, where, when and why. */
export function DecisionOutcome({ request }: { request: AccessRequest }) {
  const { state, decidedAt, decidedBy, via, reason } = request;
  const decided = state === "aprovada" || state === "reprovada";
  const words = decided ? [decidedBy && `por ${decidedBy.name}`, via && WHERE[via]] : [];
  if (decidedAt !== null) words.push(`em ${formatMoment(decidedAt)}`);
  return (
    <>
      <p>
        <span class={`tag ${STATES[state].class}`}>{STATES[state].label}</span>{" "}
        {words.filter(Boolean).join(" ")}
      </p>
      {reason && <p>Motivo: {reason}</p>}
    </>
  );
}
