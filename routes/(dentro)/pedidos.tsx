import { type Context, HttpError } from "fresh";
import { define, type State } from "@/app.ts";
import { Notice } from "@/components/Notice.tsx";
import { NextPage, Page } from "@/components/Page.tsx";
import { decideRequest } from "@/core/access/requests/decide.ts";
import { listAdministered } from "@/core/access/requests/recipients.ts";
import { isUsualReason, USUAL_REASONS } from "@/core/access/requests/describe.ts";
import { listToDecide, type ReviewScope } from "@/core/access/requests/request.ts";
import { getEstablishments } from "@/core/registry/establishment.ts";
import { describeDecision } from "@/http/administration.ts";
import { representedBy, requireCaller } from "@/http/caller.ts";
import { type Form, readForm } from "@/http/form.ts";
import { show } from "@/http/page.ts";
import { DecisionCard } from "./(_components)/decision_card.tsx";

const TITLE = "Pedidos para decidir";
/** What a form may ask for: the whole, a rejection, or the establishment alone. */
const ACTIONS = ["aprovar", "reprovar", "estabelecimento"];
/** The queue of the legal representative, among those of the establishments. */
const OPERADORA = "operadora";

/** J13 on the site: the same decision as in the chat, and those of the legal representative. */
export const handler = define.handlers({
  async GET(ctx) {
    const { person } = requireCaller(ctx.state);
    const decided = ctx.url.searchParams.get("decidido") ?? "";
    const [data, notice] = await Promise.all([
      load(ctx),
      describeDecision(ctx.state.deps, person, decided),
    ]);
    return show(ctx, TITLE, { ...data, notice, rejecting: null });
  },
  async POST(ctx) {
    const caller = requireCaller(ctx.state);
    const form = await readForm(ctx.req);
    const action = form.text("decisao");
    if (!ACTIONS.includes(action)) throw new HttpError(400);
    const decision = await decideRequest(ctx.state.deps, {
      requestId: form.id(action === "estabelecimento" ? "estabelecimento" : "pedido"),
      outcome: action === "reprovar" ? "reprovada" : "aprovada",
      reason: reasonOf(form),
      by: caller.person.id,
      represents: representedBy(caller),
      standing: caller.session.state,
      via: "portal",
    });
    if (!decision.ok) {
      const rejecting = action === "reprovar"
        ? { id: form.text("pedido"), text: form.text("texto") }
        : null;
      const status = decision.code === "not_allowed" ? 403 : 422;
      return show(ctx, TITLE, { ...await load(ctx), notice: null, rejecting }, decision, status);
    }
    const queue = ctx.url.searchParams.get("fila");
    const query = new URLSearchParams({ ...queue && { fila: queue }, decidido: decision.data.id });
    return ctx.redirect(`/pedidos?${query}`, 303);
  },
});

/** One of the usual reasons, what was typed, or both. */
function reasonOf(form: Form): string {
  const chosen = form.text("motivo");
  const usual = isUsualReason(chosen) ? USUAL_REASONS[chosen] : "";
  return [usual, form.text("texto").trim()].filter((part) => part !== "").join(". ");
}

async function load({ state, url: { searchParams } }: Context<State>) {
  const { deps } = state;
  const caller = requireCaller(state);
  const { id, cpf } = caller.person;
  const all: ReviewScope = {
    administers: await listAdministered(deps, id, caller.session.state),
    represents: representedBy(caller),
  };
  const wanted = searchParams.get("fila") ?? "";
  const known = wanted === OPERADORA ? all.represents : all.administers.includes(wanted);
  const queue = known ? wanted : "";
  const [{ items, cursor }, establishments] = await Promise.all([
    listToDecide(deps, narrow(all, queue), { after: searchParams.get("a-partir-de") ?? "" }),
    getEstablishments(deps, all.administers),
  ]);
  const queues = all.administers.map((cnes, i) => ({
    id: cnes,
    name: `${establishments[i]?.nome ?? "Estabelecimento"} (CNES ${cnes})`,
  }));
  if (all.represents) queues.push({ id: OPERADORA, name: "Como representante legal" });
  return {
    /** Where the person may decide; none when nowhere. */
    queues,
    /** The one looked at; "" for all. */
    queue,
    viewer: cpf,
    waiting: items,
    next: cursor && `/pedidos?${new URLSearchParams({ fila: queue, "a-partir-de": cursor })}`,
  };
}

function narrow({ administers, represents }: ReviewScope, queue: string): ReviewScope {
  if (queue === "") return { administers, represents };
  return queue === OPERADORA
    ? { administers: [], represents }
    : { administers: [queue], represents: null };
}

export default define.page<typeof handler>(function Decide({ data }) {
  const { queues, queue, viewer, waiting, next, rejecting, notice, error } = data;
  return (
    <Page title={TITLE} notice={notice} error={error}>
      {queues.length === 0
        ? (
          <Notice kind="info">
            Você não administra nenhum estabelecimento e por isso não tem pedidos para decidir. Quem
            torna uma pessoa ADMINISTRADOR é o representante legal da operadora.
          </Notice>
        )
        : (
          <>
            {queues.length > 1 && <QueueTabs queues={queues} chosen={queue} />}
            {waiting.length === 0 && !next && (
              <p>Nenhum pedido esperando decisão. Quando chegar um, você é avisado.</p>
            )}
            <ul class="request-list">
              {waiting.map((details) => (
                <DecisionCard
                  key={details.request.id}
                  details={details}
                  viewer={viewer}
                  rejecting={rejecting?.id === details.request.id ? rejecting : undefined}
                />
              ))}
            </ul>
            <NextPage href={next} />
          </>
        )}
    </Page>
  );
});

/** Links that narrow the requests to one place. */
function QueueTabs(
  { queues, chosen }: { queues: readonly { id: string; name: string }[]; chosen: string },
) {
  return (
    <nav class="tabs" aria-label="Pedidos de">
      <ul>
        {[{ id: "", name: "Todos" }, ...queues].map(({ id, name }) => (
          <li key={id}>
            <a
              href={id === "" ? "/pedidos" : `/pedidos?fila=${id}`}
              aria-current={id === chosen ? "page" : undefined}
            >
              {name}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
