import type { HistoryLine } from "@/core/access/find_members.ts";
import { whatIsAsked } from "@/core/access/requests/describe.ts";
import type { AccessRequest } from "@/core/store/records/access.ts";
import { formatMoment } from "./dates.ts";
import { DecisionOutcome } from "./DecisionOutcome.tsx";

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
