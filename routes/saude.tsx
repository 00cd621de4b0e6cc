import { page } from "fresh";
import { define } from "@/app.ts";
import { Page } from "@/components/Page.tsx";
import { Table } from "@/components/tables.tsx";
import { checkHealth, type Finding } from "@/core/health.ts";

const TITLE = "Saúde do portal";
const LABELS: Record<Finding["state"], { label: string; class: string }> = {
  ok: { label: "Em ordem", class: "approved" },
  warning: { label: "Atenção", class: "pending" },
  failing: { label: "Com falha", class: "rejected" },
};

/** For people, and as JSON for a monitor (`Accept: application/json`). 503 when something fails. */
export const handler = define.handlers({
  async GET(ctx) {
    const findings = await checkHealth(ctx.state.deps);
    const status = findings.some(({ state }) => state === "failing") ? 503 : 200;
    if (ctx.req.headers.get("accept")?.includes("application/json")) {
      return Response.json({ ok: status === 200, findings }, { status });
    }
    ctx.state.title = TITLE;
    return page({ findings }, { status });
  },
});

export default define.page<typeof handler>(function Health({ data }) {
  return (
    <Page title={TITLE}>
      <Table label="Situação de cada parte" heads={["Parte", "Situação", "Detalhe"]}>
        {data.findings.map(({ part, state, detail }) => (
          <tr key={part}>
            <th scope="row">{part}</th>
            <td>
              <span class={`tag ${LABELS[state].class}`}>{LABELS[state].label}</span>
            </td>
            <td>{detail}</td>
          </tr>
        ))}
      </Table>
    </Page>
  );
});
