import type { Context } from "fresh";
import { define, type State } from "@/app.ts";
import { CodeField } from "@/components/Field.tsx";
import { Page } from "@/components/Page.tsx";
import type { AccountCode } from "@/core/account/messages.ts";
import { explain } from "@/core/messages.ts";
import { maskEmail } from "@/core/registry/numbers.ts";
import type { Refusal } from "@/core/result.ts";
import { chooseOther, joinWithCode, listJoinable } from "@/core/onboarding/joining/join.ts";
import { isAnonymous } from "@/core/account/session.ts";
import { letIn } from "@/http/cookie.ts";
import { readForm } from "@/http/form.ts";
import { leadsElsewhere, leadToStep } from "@/http/onboarding.ts";
import { page } from "fresh";

interface Data {
  /** Masked. */
  email: string;
  error: string | null;
}

const TITLE = "Digite o código";

export const handler = define.handlers<Data>({
  GET: (ctx) => show(ctx),
  async POST(ctx) {
    const { deps, session } = ctx.state;
    const form = await readForm(ctx.req);
    if (form.text("acao") === "voltar") {
      const back = await chooseOther(deps, session);
      return back.ok ? ctx.redirect("/govbr/juntar", 303) : await show(ctx, back);
    }
    const joined = await joinWithCode(deps, session, form.text("codigo"));
    return joined.ok ? await letIn(ctx, joined.data) : await show(ctx, joined);
  },
});

async function show(ctx: Context<State>, refusal: Refusal<AccountCode> | null = null) {
  const { deps, session } = ctx.state;
  if (refusal && leadsElsewhere(refusal)) return leadToStep(ctx, refusal);
  const accounts = await listJoinable(deps, session, "codigo");
  if (!accounts.ok) {
    return leadsElsewhere(accounts) ? leadToStep(ctx, accounts) : ctx.redirect("/entrar?fim", 303);
  }
  const onboarding = session && isAnonymous(session) ? session.state.onboarding : null;
  const chosen = onboarding?.flow === "joining" ? onboarding.chosen : null;
  const email = accounts.data.find(({ id }) => id === chosen)?.email ?? "";
  ctx.state.title = TITLE;
  const error = refusal && explain(refusal);
  return page({ email: maskEmail(email), error }, { status: refusal ? 422 : 200 });
}

export default define.page<typeof handler>(function JoinCode({ data }) {
  return (
    <Page title={TITLE} error={data.error}>
      <form method="post" class="card form">
        <p>
          Enviamos um código de 8 caracteres para{" "}
          <strong>{data.email}</strong>, o e-mail da conta. Ele vale por 10 minutos, só neste
          navegador.
        </p>
        <CodeField />
        <button class="button primary" type="submit">Juntar</button>
      </form>
      <form method="post" class="actions">
        <button class="button link" name="acao" value="voltar" type="submit" formnovalidate>
          Voltar às contas
        </button>
      </form>
    </Page>
  );
});
