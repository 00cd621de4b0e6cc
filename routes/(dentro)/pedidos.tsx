import { page } from "fresh";
import { define } from "@/app.ts";
import { formatMoment } from "@/components/dates.ts";
import { FormError, Notice } from "@/components/Notice.tsx";
import { decideRequest } from "@/core/access/requests/decide.ts";
import { listMembershipsOf } from "@/core/access/membership.ts";
import { type AccessRequest, listPending } from "@/core/access/requests/request.ts";
import { getPeople } from "@/core/account/person.ts";
import { explain } from "@/core/messages.ts";
import type { Portal } from "@/core/portal.ts";
import { getEstablishments } from "@/core/registry/establishment.ts";
import { maskCpf } from "@/core/registry/numbers.ts";
import { requireCaller } from "@/http/caller.ts";
import { readForm } from "@/http/form.ts";

type Pending = AccessRequest & { establishment: string; requester: string };

interface Data {
  /** Does the person decide for any establishment? */
  administers: boolean;
  pending: Pending[];
  error: string | null;
  decided: string | null;
}

const TITLE = "Pedidos para decidir";
const DECIDED: Record<string, string> = {
  aprovada: "Pedido aprovado. A pessoa foi avisada por e-mail.",
  reprovada: "Pedido reprovado. A pessoa recebeu o motivo por e-mail.",
};

/** J13 on the site: the same decision as in the chat. */
export const handler = define.handlers<Data>({
  async GET(ctx) {
    const { person } = requireCaller(ctx.state);
    ctx.state.title = TITLE;
    const decided = DECIDED[ctx.url.searchParams.get("decidido") ?? ""] ?? null;
    return page({ ...await load(ctx.state.portal, person.cpf), error: null, decided });
  },
  async POST(ctx) {
    const { person } = requireCaller(ctx.state);
    const { portal } = ctx.state;
    const form = await readForm(ctx.req);
    const outcome = form.text("decisao") === "aprovar" ? "aprovada" : "reprovada";
    const decision = await decideRequest(portal, {
      requestId: form.text("pedido"),
      outcome,
      reason: form.text("motivo"),
      by: person.cpf,
      via: "portal",
    });
    if (decision.ok) return ctx.redirect(`/pedidos?decidido=${outcome}`, 303);
    ctx.state.title = TITLE;
    const data = { ...await load(portal, person.cpf), error: explain(decision), decided: null };
    return page(data, { status: decision.code === "not_allowed" ? 403 : 422 });
  },
});

async function load(
  portal: Portal,
  cpf: string,
): Promise<Pick<Data, "administers" | "pending">> {
  const numbers = (await listMembershipsOf(portal, cpf))
    .filter(({ profile }) => profile === "ADMINISTRADOR")
    .map(({ cnes }) => cnes);
  const requests = await listPending(portal, numbers);
  const [establishments, people] = await Promise.all([
    getEstablishments(portal, numbers),
    getPeople(portal, [...new Set(requests.map((request) => request.cpf))]),
  ]);
  const pending = requests.map((request) => ({
    ...request,
    establishment: establishments[numbers.indexOf(request.cnes)]?.nome ?? "",
    requester: people.find((person) => person.cpf === request.cpf)?.name ?? "",
  }));
  return { administers: numbers.length > 0, pending };
}

export default define.page<typeof handler>(function Decide({ data }) {
  return (
    <div class="container narrow">
      <h1>{TITLE}</h1>
      {data.decided && <Notice kind="success">{data.decided}</Notice>}
      <FormError message={data.error} />
      {!data.administers && (
        <Notice kind="info">
          Você não administra nenhum estabelecimento. O representante legal da operadora pode tornar
          você ADMINISTRADOR.
        </Notice>
      )}
      {data.administers && data.pending.length === 0 && <p>Nenhum pedido esperando decisão.</p>}
      <ul class="request-list">
        {data.pending.map((request) => (
          <li key={request.id} class="card">
            <DecisionForm request={request} />
          </li>
        ))}
      </ul>
    </div>
  );
});

function DecisionForm({ request }: { request: Pending }) {
  const reasonId = `motivo-${request.id}`;
  return (
    <form method="post" class="form">
      <input type="hidden" name="pedido" value={request.id} />
      <h2>{request.requester}</h2>
      <dl class="facts">
        <dt>CPF</dt>
        <dd>{maskCpf(request.cpf)}</dd>
        <dt>Perfil</dt>
        <dd>{request.profile}</dd>
        <dt>Estabelecimento</dt>
        <dd>{request.establishment} (CNES {request.cnes})</dd>
        <dt>Pedido em</dt>
        <dd>{formatMoment(request.createdAt)}</dd>
      </dl>
      <div class="field">
        <label for={reasonId}>Motivo (só para reprovar)</label>
        <input id={reasonId} name="motivo" maxLength={500} autocomplete="off" />
      </div>
      <div class="actions">
        <button class="button primary" name="decisao" value="aprovar" type="submit">Aprovar</button>
        <button class="button danger" name="decisao" value="reprovar" type="submit">
          Reprovar
        </button>
      </div>
    </form>
  );
}
