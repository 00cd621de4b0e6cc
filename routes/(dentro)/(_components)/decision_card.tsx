import { formatMoment } from "@/components/dates.ts";
import { DecisionOutcome } from "@/components/DecisionOutcome.tsx";
import { Check } from "@/components/Field.tsx";
import { Identity } from "@/components/people.tsx";
import { Fact } from "@/components/tables.tsx";
import { PROFILES } from "@/core/access/membership.ts";
import { USUAL_REASONS, whatIsAsked } from "@/core/access/requests/describe.ts";
import type { RequestDetails } from "@/core/access/requests/request.ts";
import { explain } from "@/core/messages.ts";

/** A rejection that could not be made: its reasons stay open, with what was typed. */
type Rejecting = { text: string } | undefined;

interface Props {
  details: RequestDetails;
  /** CPF of the person who looks: no person decides their own request, with whichever account. */
  viewer: string;
  rejecting: Rejecting;
}

/** One request that waits, with the forms that decide it. */
export function DecisionCard({ details, viewer, rejecting }: Props) {
  const { request, person, cpf, establishment, first, earlier } = details;
  const heading = `pedido-${request.id}`;
  return (
    <li class="card form">
      <h2 id={heading}>{person?.name ?? "Pessoa não encontrada"}</h2>
      <dl class="facts">
        <Identity person={person} cpf={cpf} />
        <What {...details} />
        <Fact name="Onde">{establishment?.nome} (CNES {request.cnes})</Fact>
        <Fact name="Pedido em">{formatMoment(request.createdAt)}</Fact>
      </dl>
      <Earlier requests={earlier} />
      {person?.cpf === viewer ? <p class="hint-box">{explain({ code: "request_own" })}</p> : (
        <>
          <Approve request={request} first={first} heading={heading} />
          <Reject id={request.id} heading={heading} rejecting={rejecting} />
        </>
      )}
    </li>
  );
}

function What({ request, first }: RequestDetails) {
  const { profile } = request;
  if (request.step !== "computador") {
    return (
      <Fact name={first ? "Estabelecimento e perfil" : "Perfil"}>
        {profile} <span class="muted">({PROFILES[profile].toLowerCase()})</span>
      </Fact>
    );
  }
  const { label, place, replaces } = request.computer;
  return (
    <>
      <Fact name="Computador">{label}, em {place}</Fact>
      {replaces && <Fact name="No lugar de">{replaces.label}, que deixa de valer</Fact>}
      <Fact name="Perfil">{profile}</Fact>
    </>
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

/** The reasons to choose from when rejecting, or one in own words; the person reads it. */
function Reject(
  { id, heading, rejecting }: {
    /** Of the request. */
    id: string;
    /** Id of the element that names the request. */
    heading: string;
    rejecting: Rejecting;
  },
) {
  const text = `motivo-${id}`;
  return (
    <details open={rejecting !== undefined}>
      <summary aria-describedby={heading}>Reprovar este pedido</summary>
      <form method="post" class="form">
        <input type="hidden" name="pedido" value={id} />
        <fieldset class="field">
          <legend>Por que reprovar? A pessoa lê o motivo no e-mail.</legend>
          {Object.entries(USUAL_REASONS).map(([reason, words]) => (
            <Check key={reason} type="radio" name="motivo" value={reason}>{words}</Check>
          ))}
          <Check type="radio" name="motivo" value="outro" checked={Boolean(rejecting?.text)}>
            Outro motivo, escrito abaixo
          </Check>
        </fieldset>
        <div class="field">
          <label for={text}>Outro motivo, ou mais detalhes</label>
          <textarea id={text} name="texto" rows={2} maxLength={500} value={rejecting?.text} />
        </div>
        <button
          class="button danger"
          name="decisao"
          value="reprovar"
          type="submit"
          aria-describedby={heading}
        >
          Reprovar
        </button>
      </form>
    </details>
  );
}
