import { type Context, page } from "fresh";
import { define, type State } from "@/app.ts";
import { CnsStatus } from "@/components/CnsStatus.tsx";
import { Field } from "@/components/Field.tsx";
import { FormError, Notice } from "@/components/Notice.tsx";
import { consultCns, declareCns } from "@/core/account/cns.ts";
import type { AccountCode } from "@/core/account/messages.ts";
import { explain } from "@/core/messages.ts";
import type { Result } from "@/core/result.ts";
import type { Person, PersonCns } from "@/core/store/records/account.ts";
import { requireCaller } from "@/http/caller.ts";
import { noticeOf, readForm } from "@/http/form.ts";

interface Data {
  cns: PersonCns | null;
  govbr: Person["govbr"] | null;
  /** There is a register to ask. */
  mayConsult: boolean;
  typed: string;
  notice: string | null;
  error: string | null;
}

const TITLE = "Cartão Nacional de Saúde";

const NOTICES: Record<string, string> = {
  guardado: "CNS guardado.",
  consultado: "Consulta feita.",
};

/** The number of one's health card, what is known of it, and what to do about it. */
export const handler = define.handlers<Data>({
  GET(ctx) {
    const { searchParams } = ctx.url;
    const notice = noticeOf(ctx.url, NOTICES);
    const { cns } = requireCaller(ctx.state).person;
    // Only these: what is said comes from here, not from the address.
    const error = searchParams.get("aviso") === "sem-resposta"
      ? "cns_lookup_down" as const
      : searchParams.has("recusado") && !cns
      ? "cns_taken" as const
      : null;
    return show(ctx, { notice, error: error && explain({ code: error }) });
  },
  async POST(ctx) {
    const { deps } = ctx.state;
    const { cpf } = requireCaller(ctx.state).person;
    const form = await readForm(ctx.req);
    if (form.text("acao") === "consultar") {
      return answer(ctx, await consultCns(deps, cpf), { notice: "consultado" });
    }
    const typed = form.text("cns");
    const declared = await declareCns(deps, cpf, typed);
    const consulted = declared.ok && await consultCns(deps, cpf);
    const down = consulted && !consulted.ok && consulted.code === "cns_lookup_down";
    return answer(ctx, declared, { notice: down ? "sem-resposta" : "guardado", typed });
  },
});

function answer(
  ctx: Context<State>,
  result: Result<unknown, AccountCode>,
  { notice, typed }: { notice: string; typed?: string },
) {
  if (result.ok) return ctx.redirect(`/conta/cns?aviso=${notice}`, 303);
  if (result.code === "session_ended") return ctx.redirect("/entrar?fim", 303);
  return show(ctx, { typed, error: explain(result) }, { status: 422 });
}

function show(
  ctx: Context<State>,
  { typed = "", notice = null, error = null }: Partial<Data>,
  init?: ResponseInit,
) {
  const { person } = requireCaller(ctx.state);
  ctx.state.title = TITLE;
  const cns = person.cns ?? null;
  const govbr = person.govbr ?? null;
  const mayConsult = ctx.state.deps.config.cns !== null;
  return page({ cns, govbr, mayConsult, typed, notice, error }, init);
}

export default define.page<typeof handler>(function HealthCard({ data }) {
  const { cns, govbr, mayConsult, typed, notice, error } = data;
  return (
    <div class="container narrow">
      <p>
        <a href="/conta">← Minha conta</a>
      </p>
      <h1>{TITLE}</h1>
      {notice && <Notice kind="success">{notice}</Notice>}
      <FormError message={error} />
      {cns && <CnsStatus cns={cns} govbr={govbr} mayConsult={mayConsult} />}
      <section class="card" aria-labelledby="numero">
        <h2 id="numero">{cns ? "Corrigir o número" : "Informar o número"}</h2>
        <form method="post" class="form">
          <Field
            label={cns ? "CNS correto" : "CNS"}
            name="cns"
            value={typed}
            inputMode="numeric"
            autocomplete="off"
            placeholder="000 0000 0000 0000"
            maxLength={24}
            required
            hint="São 15 números. Estão no cartão do SUS e no aplicativo Meu SUS Digital."
          />
          <button class={`button ${cns ? "secondary" : "primary"}`} type="submit">Guardar</button>
        </form>
      </section>
    </div>
  );
});
