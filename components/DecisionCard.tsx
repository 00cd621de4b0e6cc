import { whatIsAsked } from "@/core/access/requests/describe.ts";
import type { RequestDetails } from "@/core/access/requests/request.ts";
import { explain } from "@/core/messages.ts";
import { DecisionFacts } from "./DecisionFacts.tsx";
import { DecisionOutcome } from "./DecisionOutcome.tsx";
import { DecisionReasons } from "./DecisionReasons.tsx";
import { formatMoment } from "./dates.ts";

interface Props {
  dossier: RequestDetails;
  /** CPF of who looks: nobody decides what they asked for themselves. */
  viewer: string;
  /** A rejection that could not be made: its reasons stay open, with what was typed. */
  rejecting?: { text: string };
}

/** One request that waits, with the forms that decide it. */
export function DecisionCard({ dossier, viewer, rejecting }: Props) {
  const { request, person, first, earlier } = dossier;
  const heading = `pedido-${request.id}`;
  return (
    <li class="card form">
      <h2 id={heading}>{person?.name ?? "Pessoa não encontrada"}</h2>
      <DecisionFacts dossier={dossier} />
      <Earlier requests={earlier} />
      {request.cpf === viewer ? <p class="hint-box">{explain({ code: "request_own" })}</p> : (
        <>
          <Approve request={request} first={first} heading={heading} />
          <DecisionReasons id={request.id} heading={heading} rejecting={rejecting} />
        </>
      )}
    </li>
  );
}

function Approve(
  { request, first, heading }: Pick<RequestDetails, "request" | "first"> & { heading: string },
) {
  return (
    <form method="post" class="actions">
      <input type="hidden" name="pedido" value={request.id} />
      <button
        class="button primary"
        name="decisao"
        value="aprovar"
        type="submit"
        aria-describedby={heading}
      >
        Aprovar
      </button>
      {first && (
        <>
          <input type="hidden" name="estabelecimento" value={first.id} />
          <button
            class="button secondary"
            name="decisao"
            value="estabelecimento"
            type="submit"
            aria-describedby={heading}
          >
            Aprovar só o estabelecimento
          </button>
        </>
      )}
    </form>
  );
}

function Earlier({ requests }: { requests: RequestDetails["earlier"] }) {
  if (requests.length === 0) return <p class="muted">Primeiro pedido desta pessoa aqui.</p>;
  return (
    <details>
      <summary>Pedidos anteriores aqui ({requests.length})</summary>
      <ul>
        {requests.map((request) => (
          <li key={request.id}>
            <p class="muted">Pediu {whatIsAsked(request)} em {formatMoment(request.createdAt)}</p>
            <DecisionOutcome request={request} />
          </li>
        ))}
      </ul>
    </details>
  );
}
