import type { Context } from "fresh";
import { define, type State } from "@/app.ts";
import { CodeField } from "@/components/Field.tsx";
import { Page } from "@/components/Page.tsx";
import { firstAccessLabels, Steps } from "@/components/Steps.tsx";
import { finishFirstAccess } from "@/core/onboarding/first_access/finish.ts";
import { changeEmail, resendCode } from "@/core/onboarding/first_access/steps.ts";
import { isAnonymous } from "@/core/account/session.ts";
import { letIn } from "@/http/cookie.ts";
import { leadToStep, showStep } from "@/http/onboarding.ts";
import type { AccountCode } from "@/core/account/messages.ts";
import type { Refusal } from "@/core/result.ts";
import { readForm } from "@/http/form.ts";

interface Data {
  email: string;
  error: string | null;
  resent: boolean;
}

const TITLE = "Confirme seu e-mail";

export const handler = define.handlers<Data>({
  GET: (ctx) => show(ctx),
  async POST(ctx) {
    const { deps, session } = ctx.state;
    const form = await readForm(ctx.req);
    const action = form.text("acao");
    if (action === "corrigir") {
      const back = await changeEmail(deps, session);
      return back.ok ? ctx.redirect("/primeiro-acesso/cadastro", 303) : leadToStep(ctx, back);
    }
    if (action === "reenviar") {
      const sent = await resendCode(deps, session);
      if (sent.ok) return ctx.redirect("/primeiro-acesso/confirmar?reenviado", 303);
      return await show(ctx, sent);
    }
    const done = await finishFirstAccess(deps, session, form.text("codigo"));
    if (!done.ok) return await show(ctx, done);
    const { data: next } = done;
    return isAnonymous(next) ? ctx.redirect("/primeiro-acesso/conta", 303) : await letIn(ctx, next);
  },
});

function show(ctx: Context<State>, refusal: Refusal<AccountCode> | null = null) {
  return showStep(ctx, ["first_access", "confirmar"], refusal, ({ onboarding }, error): Data => {
    ctx.state.title = TITLE;
    const resent = !refusal && ctx.url.searchParams.has("reenviado");
    return { email: onboarding.draft!.email, error, resent };
  });
}

export default define.page<typeof handler>(function Confirm({ data, state }) {
  return (
    <Page
      title={TITLE}
      lead={<Steps steps={firstAccessLabels(state.session)} current={3} />}
      notice={data.resent ? "Enviamos um código novo. O anterior não vale mais." : null}
      error={data.error}
    >
      <form method="post" class="card form">
        <p>
          Enviamos um código de 8 caracteres para{" "}
          <strong>{data.email}</strong>. Ele vale por 10 minutos.
        </p>
        <CodeField />
        <button class="button primary" type="submit">Confirmar</button>
      </form>
      <form method="post" class="actions">
        <button class="button link" name="acao" value="reenviar" type="submit">
          Enviar outro código
        </button>
        <button class="button link" name="acao" value="corrigir" type="submit">
          Corrigir o e-mail
        </button>
      </form>
    </Page>
  );
});
