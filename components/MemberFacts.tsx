import { PROFILES } from "@/core/access/membership.ts";
import { describeIdentification } from "@/core/account/identification.ts";
import { maskCpf } from "@/core/registry/numbers.ts";
import type { Membership } from "@/core/store/records/access.ts";
import type { Person } from "@/core/store/records/account.ts";
import { QUALITY_NAMES } from "./CnsStatus.tsx";
import { formatMoment } from "./dates.ts";

/** Who a member is, and what they are at the establishment now. */
export function MemberFacts(
  { person, membership, by }: {
    person: Person;
    membership: Membership;
    /** Name of who decided last. */
    by: string | null;
  },
) {
  const { profile, since, ended } = membership;
  return (
    <dl class="facts card">
      <dt>Situação</dt>
      <dd>
        {ended
          ? <span class="tag rejected">Desativado em {formatMoment(ended.at)}</span>
          : <span class="tag approved">Ativo</span>}
      </dd>
      {ended && (
        <>
          <dt>Motivo</dt>
          <dd>{ended.reason}</dd>
        </>
      )}
      <dt>{ended ? "Perfil que tinha" : "Perfil"}</dt>
      <dd>
        {profile ?? "Ainda sem perfil"}{" "}
        {profile && <span class="muted">({PROFILES[profile].toLowerCase()})</span>}
      </dd>
      <dt>Desde</dt>
      <dd>{formatMoment(since)}</dd>
      {by && (
        <>
          <dt>{ended ? "Desativado por" : "Decidido por"}</dt>
          <dd>{by}</dd>
        </>
      )}
      <dt>CPF</dt>
      <dd>{maskCpf(person.cpf)}</dd>
      <dt>Identificação</dt>
      <dd>{describeIdentification(person)}</dd>
      {person.cns && (
        <>
          <dt>Qualidade do CNS</dt>
          <dd>{QUALITY_NAMES[person.cns.quality]}</dd>
        </>
      )}
    </dl>
  );
}
