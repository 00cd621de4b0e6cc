import { page } from "fresh";
import { define } from "@/app.ts";
import { CodeField } from "@/components/CodeField.tsx";
import { FormError, Notice } from "@/components/Notice.tsx";
import { firstAccessLabels, Steps } from "@/components/Steps.tsx";
import { finishFirstAccess } from "@/core/onboarding/first_access/finish.ts";
import { changeEmail, resendCode } from "@/core/onboarding/first_access/steps.ts";
import { atStep } from "@/core/onboarding/steps.ts";
import { explain } from "@/core/messages.ts";
import { letIn } from "@/http/cookie.ts";
import { leadsElsewhere, leadToStep } from "@/http/onboarding.ts";
import { readForm } from "@/http/form.ts";

interface Data {
  email: string;
  error: string | null;
  resent: boolean;
}

const TITLE = "Confirme seu e-mail";

export const handler = define.handlers<Data>({
  GET(ctx) {
    const found = atStep(ctx.state.deps, ctx.state.session, "first_access", "confirmar");
    if (!found.ok) return leadToStep(ctx, found);
    ctx.state.title = TITLE;
    const { email } = found.data.onboarding.draft!;
    return page({ email, error: null, resent: ctx.url.searchParams.has("reenviado") });
  },
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
      return showAgain(ctx, sent);
    }
    const done = await finishFirstAccess(deps, session, form.text("codigo"));
    return done.ok ? await letIn(ctx, done.data) : showAgain(ctx, done);
  },
});

function showAgain(
  ctx: Parameters<typeof leadToStep>[0],
  refusal: Parameters<typeof leadToStep>[1],
) {
  const found = atStep(ctx.state.deps, ctx.state.session, "first_access", "confirmar");
  if (leadsElsewhere(refusal) || !found.ok) return leadToStep(ctx, refusal);
  ctx.state.title = TITLE;
  const { email } = found.data.onboarding.draft!;
  return page({ email, error: explain(refusal), resent: false }, { status: 422 });
}

export default define.page<typeof handler>(function Confirm({ data, state }) {
  return (
    <div class="container narrow">
      <h1>{TITLE}</h1>
      <Steps steps={firstAccessLabels(state.session)} current={3} />
      {data.resent && (
        <Notice kind="success">Enviamos um código novo. O anterior não vale mais.</Notice>
      )}
      <FormError message={data.error} />
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
    </div>
  );
});
