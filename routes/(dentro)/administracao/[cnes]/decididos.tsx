import { page } from "fresh";
import { define } from "@/app.ts";
import { DecisionOutcome } from "@/components/DecisionOutcome.tsx";
import { formatMoment } from "@/components/dates.ts";
import { MemberTabs } from "@/components/MemberTabs.tsx";
import type { Managed } from "@/core/access/authority.ts";
import { whatIsAsked } from "@/core/access/requests/describe.ts";
import { type Decided, findDecided } from "@/core/access/requests/request.ts";
import { maskCpf } from "@/core/registry/numbers.ts";
import { requireManaged } from "@/http/administration.ts";

interface Data {
  managed: Managed;
  decided: Decided[];
  /** Address of the next page. */
  next: string | null;
}

const TITLE = "Pedidos decididos";

/** What became of the requests of an establishment. */
export const handler = define.handlers<Data>({
  async GET(ctx) {
    const managed = await requireManaged(ctx.state, ctx.params.cnes!);
    const cursor = ctx.url.searchParams.get("a-partir-de");
    const found = await findDecided(ctx.state.deps, managed.cnes, { cursor });
    ctx.state.title = TITLE;
    return page({
      managed,
      decided: found.items,
      next: found.cursor && `/administracao/${managed.cnes}/decididos?a-partir-de=${found.cursor}`,
    });
  },
});

export default define.page<typeof handler>(function DecidedRequests({ data }) {
  const { managed, decided, next } = data;
  return (
    <div class="container narrow">
      <h1>{TITLE}</h1>
      <MemberTabs managed={managed} current="Decididos" />
      {decided.length === 0 && <p>Nenhum pedido decidido ainda.</p>}
      <ul class="request-list">
        {decided.map(({ request, person }) => (
          <li key={request.id} class="card">
            <h2>{person?.name ?? "Pessoa não encontrada"}</h2>
            <p>
              CPF {maskCpf(request.cpf)}. Pediu {whatIsAsked(request)}{" "}
              <span class="muted">em {formatMoment(request.createdAt)}</span>
            </p>
            <DecisionOutcome request={request} />
          </li>
        ))}
      </ul>
      {next && (
        <p>
          <a href={next}>Próxima página</a>
        </p>
      )}
    </div>
  );
});
