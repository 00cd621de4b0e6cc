import type { ComponentChildren } from "preact";
import { formatMoment } from "@/components/dates.ts";
import type { EstablishmentAccess } from "@/core/access/establishment_access.ts";
import { STEP_NAMES } from "@/core/access/requests/describe.ts";
import { STEPS } from "@/core/access/requests/steps.ts";
import type { AccessRequest, ComputerRecord, Step } from "@/core/store/records/access.ts";
import { RequestOutcome } from "./requests.tsx";

/** What is known of each step that has begun: when it was asked for, who decided, and why. */
export function StepDetails(
  { place, expireHours }: { place: EstablishmentAccess; expireHours: number },
) {
  return (
    <ul class="request-list">
      {begunSteps(place).map((step) => (
        <li key={step} class="card">
          <h3>{STEP_NAMES[step]}</h3>
          <Detail place={place} step={step} expireHours={expireHours} />
        </li>
      ))}
    </ul>
  );
}

export function begunSteps({ status: { steps } }: EstablishmentAccess): Step[] {
  return STEPS.filter((step) => steps[step].state !== "nenhum");
}

function Detail(
  { place, step, expireHours }: { place: EstablishmentAccess; step: Step; expireHours: number },
) {
  const { status } = place;
  const { state, request } = status.steps[step];
  if (state === "pendente") return <Waiting request={request!} expireHours={expireHours} />;
  if (state === "aprovada") {
    return (
      <>
        <p>{whatIsHeld(place, step)}</p>
        {request?.state === "aprovada"
          ? <RequestOutcome request={request} />
          : <p class="muted">Concedido sem pedido em {formatMoment(grantedAt(place, step))}</p>}
      </>
    );
  }
  return <RequestOutcome request={request!} />;
}

/** What the person has now; a profile may have been changed since it was asked for. */
function whatIsHeld({ status, cnes }: EstablishmentAccess, step: Step): ComponentChildren {
  const { membership, computer } = status;
  switch (step) {
    case "estabelecimento":
      return <>Você pode entrar no estabelecimento CNES {cnes}.</>;
    case "perfil":
      return (
        <>
          Seu perfil é <strong>{membership?.profile}</strong>. Quem muda o perfil é{" "}
          {membership?.profile === "ADMINISTRADOR"
            ? "o representante legal da operadora."
            : "o administrador do estabelecimento."}
        </>
      );
    case "computador":
      return (
        <>
          Este computador é <strong>{computer?.label}</strong>, em {computer?.place}.
        </>
      );
  }
}

function grantedAt({ status: { membership, computer } }: EstablishmentAccess, step: Step): number {
  return (step === "computador" ? computer?.since : membership?.since) ?? 0;
}

function Waiting({ request, expireHours }: { request: AccessRequest; expireHours: number }) {
  if (request.step === "estabelecimento") {
    return (
      <>
        <RequestOutcome request={request} />
        <p class="muted">É decidido com o perfil, ou antes dele.</p>
      </>
    );
  }
  const until = request.createdAt + expireHours * 60 * 60_000;
  return (
    <>
      <RequestOutcome request={request} />
      <p class="muted">Sem decisão até {formatMoment(until)}, o pedido perde a validade.</p>
      <form method="post">
        <input type="hidden" name="acao" value="cancelar" />
        <input type="hidden" name="pedido" value={request.id} />
        <button class="button secondary small" type="submit">Cancelar pedido</button>
      </form>
    </>
  );
}

/** A person's approved computers at a place. Taking one away is asked twice, without a script. */
export function StepComputers(
  { computers, current }: { computers: readonly ComputerRecord[]; current: string | null },
) {
  return (
    <ul class="request-list">
      {computers.map(({ thumbprint, label, place, since }) => (
        <li key={thumbprint} class="card">
          <h3>
            {label} {thumbprint === current && <span class="tag approved">Este computador</span>}
          </h3>
          <p>{place}</p>
          <p class="muted">Aprovado em {formatMoment(since)}</p>
          <details>
            <summary>
              Retirar <span class="sr-only">{label}</span>
            </summary>
            <form method="post">
              <p>
                O acesso por este computador acaba na hora. Para voltar a usá-lo, é preciso pedir de
                novo.
              </p>
              <input type="hidden" name="acao" value="retirar" />
              <input type="hidden" name="computador" value={thumbprint} />
              <button class="button danger small" type="submit">Retirar {label}</button>
            </form>
          </details>
        </li>
      ))}
    </ul>
  );
}
