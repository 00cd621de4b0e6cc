import { page } from "fresh";
import { define } from "@/app.ts";
import { TableScroll } from "@/components/TableScroll.tsx";
import { checkHealth, type Finding } from "@/core/health.ts";

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
    ctx.state.title = "Saúde do portal";
    return page({ findings }, { status });
  },
});

export default define.page<typeof handler>(function Health({ data }) {
  return (
    <div class="container narrow">
      <h1>Saúde do portal</h1>
      <TableScroll label="Situação de cada parte">
        <table>
          <thead>
            <tr>
              <th scope="col">Parte</th>
              <th scope="col">Situação</th>
              <th scope="col">Detalhe</th>
            </tr>
          </thead>
          <tbody>
            {data.findings.map(({ part, state, detail }) => (
              <tr key={part}>
                <th scope="row">{part}</th>
                <td>
                  <span class={`tag ${LABELS[state].class}`}>{LABELS[state].label}</span>
                </td>
                <td>{detail}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableScroll>
    </div>
  );
});
