import { STEP_NAMES } from "@/core/access/requests/describe.ts";
import type { AccessRequest } from "@/core/access/requests/request.ts";
import { formatMoment } from "./dates.ts";

export type RequestRow = AccessRequest & { establishment: string };

const STATES: Record<AccessRequest["state"], { label: string; class: string }> = {
  pendente: { label: "Pendente", class: "pending" },
  aprovada: { label: "Aprovada", class: "approved" },
  reprovada: { label: "Reprovada", class: "rejected" },
  cancelada: { label: "Cancelada", class: "rejected" },
  expirada: { label: "Expirada", class: "rejected" },
};

function whatOf(request: RequestRow): string {
  if (request.step === "computador") return request.computer.label;
  return request.step === "perfil" ? request.profile : `CNES ${request.cnes}`;
}

/** A person's own requests with what became of them. */
export function RequestList({ requests }: { requests: readonly RequestRow[] }) {
  return (
    <ul class="request-list">
      {requests.map((request) => (
        <li key={request.id} class="card">
          <p>
            <span class={`tag ${STATES[request.state].class}`}>{STATES[request.state].label}</span>
            {" "}
            {STEP_NAMES[request.step]}: <strong>{whatOf(request)}</strong> em{" "}
            {request.establishment} (CNES {request.cnes})
          </p>
          <p class="muted">
            Pedido em {formatMoment(request.createdAt)}
            {request.decidedAt &&
              `, ${request.state === "expirada" ? "expirado" : "decidido"} em ${
                formatMoment(request.decidedAt)
              }`}
            {request.decidedBy && ` por ${request.decidedBy.name}`}
          </p>
          {request.reason && <p>Motivo: {request.reason}</p>}
        </li>
      ))}
    </ul>
  );
}
