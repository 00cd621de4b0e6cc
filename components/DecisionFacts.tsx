import { PROFILES } from "@/core/access/membership.ts";
import type { RequestDetails } from "@/core/access/requests/request.ts";
import { describeIdentification } from "@/core/account/identification.ts";
import { maskCpf } from "@/core/registry/numbers.ts";
import { QUALITY_NAMES } from "./CnsStatus.tsx";
import { formatMoment } from "./dates.ts";

/** Who asks for what, where and when. */
export function DecisionFacts({ dossier }: { dossier: RequestDetails }) {
  const { request, person, establishment } = dossier;
  return (
    <dl class="facts">
      <dt>CPF</dt>
      <dd>{maskCpf(request.cpf)}</dd>
      {person && (
        <>
          <dt>Identificação</dt>
          <dd>{describeIdentification(person)}</dd>
        </>
      )}
      {person?.cns && (
        <>
          <dt>Qualidade do CNS</dt>
          <dd>{QUALITY_NAMES[person.cns.quality]}</dd>
        </>
      )}
      <What dossier={dossier} />
      <dt>Onde</dt>
      <dd>{establishment?.nome} (CNES {request.cnes})</dd>
      <dt>Pedido em</dt>
      <dd>{formatMoment(request.createdAt)}</dd>
    </dl>
  );
}

function What({ dossier: { request, first } }: { dossier: RequestDetails }) {
  const { profile } = request;
  if (request.step !== "computador") {
    return (
      <>
        <dt>{first ? "Estabelecimento e perfil" : "Perfil"}</dt>
        <dd>
          {profile} <span class="muted">({PROFILES[profile].toLowerCase()})</span>
        </dd>
      </>
    );
  }
  const { label, place, replaces } = request.computer;
  return (
    <>
      <dt>Computador</dt>
      <dd>{label}, em {place}</dd>
      {replaces && (
        <>
          <dt>No lugar de</dt>
          <dd>{replaces.label}, que deixa de valer</dd>
        </>
      )}
      <dt>Perfil</dt>
      <dd>{profile}</dd>
    </>
  );
}
