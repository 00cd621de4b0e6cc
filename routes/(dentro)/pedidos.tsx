import { HttpError, page } from "fresh";
import { define } from "@/app.ts";
import { DecisionCard } from "@/components/DecisionCard.tsx";
import { DecisionFilter, type Queue } from "@/components/DecisionFilter.tsx";
import { FormError, Notice } from "@/components/Notice.tsx";
import type { Caller } from "@/core/access/caller.ts";
import { decideRequest } from "@/core/access/requests/decide.ts";
import { listAdministered } from "@/core/access/requests/recipients.ts";
import {
  listToDecide,
  type RequestDetails,
  type ReviewScope,
} from "@/core/access/requests/request.ts";
import { isUsualReason, USUAL_REASONS } from "@/core/access/requests/describe.ts";
import { explain } from "@/core/messages.ts";
import type { Deps } from "@/core/deps.ts";
import { getEstablishments } from "@/core/registry/establishment.ts";
import { representedBy, requireCaller } from "@/http/caller.ts";
import { describeDecision } from "@/http/administration.ts";
import { type Form, readForm } from "@/http/form.ts";

interface Data {
  /** Where the person may decide; none when nowhere. */
  queues: Queue[];
  /** The one looked at; "" for all. */
  queue: string;
  viewer: string;
  dossiers: RequestDetails[];
  /** Address of the next page. */
  next: string | null;
  error: string | null;
  decided: string | null;
  /** The rejection that could not be made. */
  rejecting: { id: string; text: string } | null;
}

const TITLE = "Pedidos para decidir";
/** What a form may ask for: the whole, a rejection, or the establishment alone. */
const ACTIONS = ["aprovar", "reprovar", "estabelecimento"];
/** The queue of the legal representative, among those of the establishments. */
const OPERADORA = "operadora";

/** J13 on the site: the same decision as in the chat, and those of the legal representative. */
export const handler = define.handlers<Data>({
  async GET(ctx) {
    const caller = requireCaller(ctx.state);
    ctx.state.title = TITLE;
    const decided = ctx.url.searchParams.get("decidido") ?? "";
    const [data, notice] = await Promise.all([
      load(ctx.state.deps, caller, ctx.url.searchParams),
      describeDecision(ctx.state.deps, caller.person, decided),
    ]);
    return page({ ...data, error: null, decided: notice, rejecting: null });
  },
  async POST(ctx) {
    const caller = requireCaller(ctx.state);
    const { deps } = ctx.state;
    const form = await readForm(ctx.req);
    const action = form.text("decisao");
    if (!ACTIONS.includes(action)) throw new HttpError(400);
    const decision = await decideRequest(deps, {
      requestId: form.id(action === "estabelecimento" ? "estabelecimento" : "pedido"),
      outcome: action === "reprovar" ? "reprovada" : "aprovada",
      reason: reasonOf(form),
      by: caller.person.cpf,
      represents: representedBy(caller),
      via: "portal",
    });
    const { searchParams } = ctx.url;
    if (decision.ok) {
      const queue = searchParams.get("fila");
      const query = new URLSearchParams({
        ...queue && { fila: queue },
        decidido: decision.data.id,
      });
      return ctx.redirect(`/pedidos?${query}`, 303);
    }
    ctx.state.title = TITLE;
    const rejecting = action === "reprovar"
      ? { id: form.text("pedido"), text: form.text("texto") }
      : null;
    const data = await load(deps, caller, searchParams);
    return page({ ...data, error: explain(decision), decided: null, rejecting }, {
      status: decision.code === "not_allowed" ? 403 : 422,
    });
  },
});

/** One of the usual reasons, what was typed, or both. */
function reasonOf(form: Form): string {
  const chosen = form.text("motivo");
  const usual = isUsualReason(chosen) ? USUAL_REASONS[chosen] : "";
  return [usual, form.text("texto").trim()].filter((part) => part !== "").join(". ");
}

async function load(
  deps: Deps,
  caller: Caller,
  params: URLSearchParams,
): Promise<Pick<Data, "queues" | "queue" | "viewer" | "dossiers" | "next">> {
  const all: ReviewScope = {
    administers: await listAdministered(deps, caller.person.cpf),
    represents: representedBy(caller),
  };
  const wanted = params.get("fila") ?? "";
  const known = wanted === OPERADORA ? all.represents : all.administers.includes(wanted);
  const queue = known ? wanted : "";
  const [{ items, cursor }, establishments] = await Promise.all([
    listToDecide(deps, narrow(all, queue), { after: params.get("a-partir-de") ?? "" }),
    getEstablishments(deps, all.administers),
  ]);
  const queues = all.administers.map((cnes, i) => ({
    id: cnes,
    name: `${establishments[i]?.nome ?? "Estabelecimento"} (CNES ${cnes})`,
  }));
  if (all.represents) queues.push({ id: OPERADORA, name: "Como representante legal" });
  const next = cursor && new URLSearchParams({ fila: queue, "a-partir-de": cursor });
  return {
    queues,
    queue,
    viewer: caller.person.cpf,
    dossiers: items,
    next: next && `/pedidos?${next}`,
  };
}

function narrow({ administers, represents }: ReviewScope, queue: string): ReviewScope {
  if (queue === "") return { administers, represents };
  return queue === OPERADORA
    ? { administers: [], represents }
    : { administers: [queue], represents: null };
}

export default define.page<typeof handler>(function Decide({ data }) {
  return (
    <div class="container narrow">
      <h1>{TITLE}</h1>
      {data.decided && <Notice kind="success">{data.decided}</Notice>}
      <FormError message={data.error} />
      {data.queues.length === 0
        ? (
          <Notice kind="info">
            Você não administra nenhum estabelecimento e por isso não tem pedidos para decidir. Quem
            torna uma pessoa ADMINISTRADOR é o representante legal da operadora.
          </Notice>
        )
        : <Waiting {...data} />}
    </div>
  );
});

function Waiting({ queues, queue, viewer, dossiers, next, rejecting }: Data) {
  return (
    <>
      {queues.length > 1 && <DecisionFilter queues={queues} chosen={queue} />}
      {dossiers.length === 0 && !next && (
        <p>Nenhum pedido esperando decisão. Quando chegar um, você é avisado.</p>
      )}
      <ul class="request-list">
        {dossiers.map((dossier) => (
          <DecisionCard
            key={dossier.request.id}
            dossier={dossier}
            viewer={viewer}
            rejecting={rejecting?.id === dossier.request.id ? rejecting : undefined}
          />
        ))}
      </ul>
      {next && (
        <p>
          <a href={next}>Próxima página</a>
        </p>
      )}
    </>
  );
}
