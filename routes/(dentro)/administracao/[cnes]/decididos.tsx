import { define } from "@/app.ts";
import { formatMoment } from "@/components/dates.ts";
import { DecisionOutcome } from "@/components/DecisionOutcome.tsx";
import { NextPage, Page } from "@/components/Page.tsx";
import { findDecided } from "@/core/access/requests/request.ts";
import { whatIsAsked } from "@/core/access/requests/describe.ts";
import { maskCpf } from "@/core/registry/numbers.ts";
import { requireManaged } from "@/http/administration.ts";
import { show } from "@/http/page.ts";
import { MemberTabs } from "./(_components)/tabs.tsx";

const TITLE = "Pedidos decididos";

/** What became of the requests of an establishment. */
export const handler = define.handlers({
  async GET(ctx) {
    const managed = await requireManaged(ctx.state, ctx.params.cnes!);
    const cursor = ctx.url.searchParams.get("a-partir-de");
    const found = await findDecided(ctx.state.deps, managed.cnes, { cursor });
    const next = found.cursor &&
      `/administracao/${managed.cnes}/decididos?a-partir-de=${found.cursor}`;
    return show(ctx, TITLE, { managed, decided: found.items, next });
  },
});

export default define.page<typeof handler>(function DecidedRequests({ data }) {
  const { managed, decided, next } = data;
  return (
    <Page title={TITLE} lead={<MemberTabs managed={managed} current="Decididos" />}>
      {decided.length === 0 && <p>Nenhum pedido decidido ainda.</p>}
      <ul class="request-list">
        {decided.map(({ request, person }) => (
          <li key={request.id} class="card">
            <h2>{person?.name ?? "Pessoa não encontrada"}</h2>
            <p>
              {person && `CPF ${maskCpf(person.cpf)}. `}Pediu {whatIsAsked(request)}{" "}
              <span class="muted">em {formatMoment(request.createdAt)}</span>
            </p>
            <DecisionOutcome request={request} />
          </li>
        ))}
      </ul>
      <NextPage href={next} />
    </Page>
  );
});
