import { formatMoment } from "@/components/dates.ts";
import { DecisionOutcome } from "@/components/DecisionOutcome.tsx";
import { Identity } from "@/components/people.tsx";
import { Fact } from "@/components/tables.tsx";
import type { HistoryLine } from "@/core/access/find_members.ts";
import { PROFILES } from "@/core/access/membership.ts";
import { whatIsAsked } from "@/core/access/requests/describe.ts";
import type { AccessRequest, Membership } from "@/core/store/records/access.ts";
import type { Account } from "@/core/store/records/account.ts";

/** Who a member is, and what they are at the establishment now. */
export function MemberFacts(
  { person, cpf, membership: { profile, since, ended }, by }: {
    person: Account;
    /** What stands behind the CPF, in words. */
    cpf: string;
    membership: Membership;
    /** Name of the person who decided last. */
    by: string | null;
  },
) {
  return (
    <dl class="facts card">
      <Fact name="Situação">
        {ended
          ? <span class="tag rejected">Desativado em {formatMoment(ended.at)}</span>
          : <span class="tag approved">Ativo</span>}
      </Fact>
      {ended && <Fact name="Motivo">{ended.reason}</Fact>}
      <Fact name={ended ? "Perfil que tinha" : "Perfil"}>
        {profile ?? "Ainda sem perfil"}{" "}
        {profile && <span class="muted">({PROFILES[profile].toLowerCase()})</span>}
      </Fact>
      <Fact name="Desde">{formatMoment(since)}</Fact>
      {by && <Fact name={ended ? "Desativado por" : "Decidido por"}>{by}</Fact>}
      <Identity person={person} cpf={cpf} />
    </dl>
  );
}

/** What a person was at an establishment, and what they asked for there. */
export function MemberHistory(
  { lines, requests }: { lines: readonly HistoryLine[]; requests: readonly AccessRequest[] },
) {
  return (
    <>
      <section class="card" aria-labelledby="historico">
        <h2 id="historico">Histórico</h2>
        <ul class="checks">
          {lines.map((line) => (
            <li key={`${line.at} ${line.event}`}>
              <strong>{wordsOf(line)}</strong>
              <p class="muted">
                {formatMoment(line.at)}
                {line.by && `, por ${line.by}`}
                {line.asDirector && ", por ser quem o CNES registra como diretor"}
              </p>
              {line.reason && <p>Motivo: {line.reason}</p>}
            </li>
          ))}
        </ul>
      </section>
      {requests.length > 0 && (
        <section class="card" aria-labelledby="pedidos-aqui">
          <h2 id="pedidos-aqui">Pedidos feitos aqui</h2>
          <ul class="checks">
            {requests.map((request) => (
              <li key={request.id}>
                <p>
                  Pediu {whatIsAsked(request)}{" "}
                  <span class="muted">em {formatMoment(request.createdAt)}</span>
                </p>
                <DecisionOutcome request={request} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function wordsOf({ event, profile }: HistoryLine): string {
  if (event === "ended") return "Acesso desativado";
  return profile ? `Perfil ${profile}` : "Entrada no estabelecimento, ainda sem perfil";
}
