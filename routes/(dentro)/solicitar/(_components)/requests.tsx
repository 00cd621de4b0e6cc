import { formatMoment } from "@/components/dates.ts";
import { STEP_NAMES } from "@/core/access/requests/describe.ts";
import type { AccessRequest } from "@/core/store/records/access.ts";

const ENDS: Record<AccessRequest["state"], string> = {
  pendente: "em análise",
  aprovada: "aprovado",
  reprovada: "reprovado",
  cancelada: "cancelado por você",
  expirada: "sem resposta, expirado",
};

/** When a request was made and what became of it, by whom and why. */
export function RequestOutcome({ request }: { request: AccessRequest }) {
  const { state, createdAt, decidedAt, decidedBy, via, reason } = request;
  const byPerson = state === "aprovada" || state === "reprovada" ? decidedBy?.name : null;
  return (
    <>
      <p class="muted">
        Pedido em {formatMoment(createdAt)}, {ENDS[state]}
        {decidedAt !== null && via !== "cnes" && ` em ${formatMoment(decidedAt)}`}
        {byPerson && ` por ${byPerson}`}
        {via === "cnes" && " na hora, porque o CNES registra você como diretor"}
      </p>
      {reason && <p>Motivo: {reason}</p>}
    </>
  );
}

const STATES: Record<AccessRequest["state"], { label: string; class: string }> = {
  pendente: { label: "Pendente", class: "pending" },
  aprovada: { label: "Aprovada", class: "approved" },
  reprovada: { label: "Reprovada", class: "rejected" },
  cancelada: { label: "Cancelada", class: "" },
  expirada: { label: "Expirada", class: "" },
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

/** Was the request for the establishment decided with this one for the profile? */
function decidedWith(profile: AccessRequest, other: AccessRequest): boolean {
  return other.step === "estabelecimento" && other.profileRequest === profile.id &&
    other.state === profile.state && other.decidedAt === profile.decidedAt;
}

/** A person's own requests at one establishment with what became of them; pairs are one entry. */
export function RequestList({ requests }: { requests: readonly AccessRequest[] }) {
  const entries = requests
    .filter((one) => !requests.some((profile) => decidedWith(profile, one)))
    .map((request) => ({
      request,
      what: requests.some((other) => decidedWith(request, other))
        ? "Estabelecimento e perfil"
        : STEP_NAMES[request.step],
    }));
  return (
    <ul class="request-list">
      {entries.map(({ request, what }) => (
        <li key={request.id} class="card">
          <p>
            <span class={`tag ${STATES[request.state].class}`}>{STATES[request.state].label}</span>
            {" "}
            {what}: <strong>{whatOf(request)}</strong>
          </p>
          <RequestOutcome request={request} />
        </li>
      ))}
    </ul>
  );
}
