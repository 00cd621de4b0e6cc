import { formatMoment } from "./dates.ts";
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
