import { STEP_NAMES } from "@/core/access/requests/describe.ts";
import type { AccessRequest } from "@/core/access/requests/request.ts";
import { RequestOutcome } from "./RequestOutcome.tsx";

const STATES: Record<AccessRequest["state"], { label: string; class: string }> = {
  pendente: { label: "Pendente", class: "pending" },
  aprovada: { label: "Aprovada", class: "approved" },
  reprovada: { label: "Reprovada", class: "rejected" },
  cancelada: { label: "Cancelada", class: "rejected" },
  expirada: { label: "Expirada", class: "rejected" },
};

function whatOf(request: AccessRequest): string {
  switch (request.step) {
    case "estabelecimento":
      return `CNES ${request.cnes}`;
    case "perfil":
      return request.profile;
    case "computador":
      return `${request.computer.label} (${request.computer.place})`;
  }
}

/** A person's own requests at one establishment with what became of them. */
export function RequestList({ requests }: { requests: readonly AccessRequest[] }) {
  return (
    <ul class="request-list">
      {requests.map((request) => (
        <li key={request.id} class="card">
          <p>
            <span class={`tag ${STATES[request.state].class}`}>{STATES[request.state].label}</span>
            {" "}
            {STEP_NAMES[request.step]}: <strong>{whatOf(request)}</strong>
          </p>
          <RequestOutcome request={request} />
        </li>
      ))}
    </ul>
  );
}
