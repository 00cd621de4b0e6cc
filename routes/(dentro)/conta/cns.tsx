import type { Context } from "fresh";
import { define, type State } from "@/app.ts";
import { CnsField } from "@/components/Field.tsx";
import { consultCns, declareCns } from "@/core/account/cns.ts";
import { Page } from "@/components/Page.tsx";
import type { AccountCode } from "@/core/account/messages.ts";
import type { Result } from "@/core/result.ts";
import { requireCaller } from "@/http/caller.ts";
import { noticeOf, readForm } from "@/http/form.ts";
import { show } from "@/http/page.ts";
import { CnsStatus } from "./(_components)/cns.tsx";

const TITLE = "Cartão Nacional de Saúde";

const NOTICES: Record<string, string> = {
  guardado: "CNS guardado.",
  consultado: "Consulta feita.",
};

/** The number of one's health card, what is known of it, and what to do about it. */
export const handler = define.handlers({
  GET(ctx) {
    const { searchParams } = ctx.url;
    // Only these: what is said comes from here, not from the address.
    const down = searchParams.get("aviso") === "sem-resposta";
    const data = { typed: "", notice: noticeOf(ctx.url, NOTICES) };
    return show(ctx, TITLE, data, down ? { code: "cns_lookup_down" } : null, 200);
  },
  async POST(ctx) {
    const { deps } = ctx.state;
    const { id } = requireCaller(ctx.state).person;
    const form = await readForm(ctx.req);
    if (form.text("acao") === "consultar") {
      return answer(ctx, await consultCns(deps, id), "consultado");
    }
    const typed = form.text("cns");
    const declared = await declareCns(deps, id, typed);
    const consulted = declared.ok && await consultCns(deps, id);
    const down = consulted && !consulted.ok && consulted.code === "cns_lookup_down";
    return answer(ctx, declared, down ? "sem-resposta" : "guardado", typed);
  },
});

function answer(
  ctx: Context<State>,
  result: Result<unknown, AccountCode>,
  notice: string,
  typed = "",
) {
  if (result.ok) return ctx.redirect(`/conta/cns?aviso=${notice}`, 303);
  if (result.code === "session_ended") return ctx.redirect("/entrar?fim", 303);
  return show(ctx, TITLE, { typed, notice: null }, result);
}

export default define.page<typeof handler>(function HealthCard({ data, state }) {
  const { person } = requireCaller(state);
  const { cns } = person;
  return (
    <Page
      title={TITLE}
      back={{ href: "/conta", label: "Minha conta" }}
      notice={data.notice}
      error={data.error}
    >
      {cns && (
        <CnsStatus cns={cns} govbr={person.govbr} mayConsult={state.deps.config.cns !== null} />
      )}
      <section class="card" aria-labelledby="numero">
        <h2 id="numero">{cns ? "Corrigir o número" : "Informar o número"}</h2>
        <form method="post" class="form">
          <CnsField label={cns ? "CNS correto" : "CNS"} value={data.typed} />
          <button class={`button ${cns ? "secondary" : "primary"}`} type="submit">Guardar</button>
        </form>
      </section>
    </Page>
  );
});
