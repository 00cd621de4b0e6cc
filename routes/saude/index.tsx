import { page } from "fresh";
import { define } from "@/app.ts";
import { formatMoment } from "@/components/dates.ts";
import { Page } from "@/components/Page.tsx";
import { Fact } from "@/components/tables.tsx";
import type { HealthPart, PartState } from "@/core/health/part.ts";
import { checkPartsShared } from "@/core/health/parts.ts";

const TITLE = "Saúde do portal";
const LABELS: Record<PartState, { label: string; class: string }> = {
  ok: { label: "Em ordem", class: "approved" },
  warning: { label: "Atenção", class: "pending" },
  failing: { label: "Com falha", class: "rejected" },
};

/**
 * For people, and as JSON for a monitor (`Accept: application/json`). 503 when something fails. Anybody
 * may read it: the detail of a part is for the operator alone (decision 32).
 */
export const handler = define.handlers({
  async GET(ctx) {
    const parts = await checkPartsShared(ctx.state.deps);
    const status = parts.some(({ state }) => state === "failing") ? 503 : 200;
    if (ctx.req.headers.get("accept")?.includes("application/json")) {
      return Response.json({ ok: status === 200, parts: parts.map(toPublic) }, { status });
    }
    ctx.state.title = TITLE;
    return page({ parts }, { status });
  },
});

/** What anybody may read of a part. */
function toPublic({ id, name, state, since, text, todo }: HealthPart) {
  const begin = since === null ? null : new Date(since).toISOString();
  return { id, name, state, since: begin, text, todo };
}

export default define.page<typeof handler>(function Health({ data: { parts } }) {
  const of = (wanted: PartState) => parts.filter(({ state }) => state === wanted);
  const troubles = [...of("failing"), ...of("warning")];
  const well = of("ok");
  return (
    <Page title={TITLE} lead={<p class="lead">{summary(troubles)}</p>}>
      {troubles.map((part) => <Trouble key={part.id} part={part} />)}
      {well.length > 0 && (
        <section>
          <h2>Em ordem</h2>
          <dl class="facts">
            {well.map(({ id, name, text }) => <Fact key={id} name={name}>{text}</Fact>)}
          </dl>
        </section>
      )}
      <p class="muted">
        Quem opera o portal vê os números e os motivos com <code>deno task health</code>.
      </p>
    </Page>
  );
});

function summary(troubles: HealthPart[]): string {
  const failing = troubles.filter(({ state }) => state === "failing").length;
  if (troubles.length === 0) return "Todas as partes do portal estão em ordem.";
  if (failing === 0) return "O portal funciona; há partes que pedem atenção.";
  return failing === 1 ? "Uma parte do portal falha." : `${failing} partes do portal falham.`;
}

function Trouble({ part: { name, state, since, text, todo } }: { part: HealthPart }) {
  return (
    <section class="card">
      <h2>{name}</h2>
      <p>
        <span class={`tag ${LABELS[state].class}`}>{LABELS[state].label}</span>
        {since !== null && (
          <>
            {" desde "}
            <time datetime={new Date(since).toISOString()}>{formatMoment(since)}</time>
          </>
        )}
      </p>
      <p>{text}</p>
      {todo && (
        <p>
          <strong>O que fazer:</strong> {todo}
        </p>
      )}
    </section>
  );
}
