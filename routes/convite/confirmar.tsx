import type { Context } from "fresh";
import { define, type State } from "@/app.ts";
import { CodeField } from "@/components/Field.tsx";
import { Page } from "@/components/Page.tsx";
import { INVITATION_LABELS, Steps } from "@/components/Steps.tsx";
import type { AccountCode } from "@/core/account/messages.ts";
import { confirmInvited } from "@/core/onboarding/invitation/finish.ts";
import { changeInvitedEmail, resendInvitedCode } from "@/core/onboarding/invitation/steps.ts";
import type { Refusal } from "@/core/result.ts";
import { letIn } from "@/http/cookie.ts";
import { readForm } from "@/http/form.ts";
import { leadToStep, showInvited } from "@/http/onboarding.ts";
import { EndedInvitation } from "./(_components)/ended.tsx";

const TITLE = "Confirme seu e-mail";

export const handler = define.handlers({
  GET: (ctx) => showCode(ctx),
  async POST(ctx) {
    const { deps, session } = ctx.state;
    const form = await readForm(ctx.req);
    const action = form.text("acao");
    if (action === "corrigir") {
      const back = await changeInvitedEmail(deps, session);
      return back.ok ? ctx.redirect("/convite/cadastro", 303) : leadToStep(ctx, back);
    }
    if (action === "reenviar") {
      const sent = await resendInvitedCode(deps, session);
      return sent.ok
        ? ctx.redirect("/convite/confirmar?reenviado", 303)
        : await showCode(ctx, sent);
    }
    const done = await confirmInvited(deps, session, form.text("codigo"));
    return done.ok ? await letIn(ctx, done.data) : await showCode(ctx, done);
  },
});

function showCode(ctx: Context<State>, refusal: Refusal<AccountCode> | null = null) {
  ctx.state.title = TITLE;
  const resent = !refusal && ctx.url.searchParams.has("reenviado");
  const taken = refusal?.code === "email_has_account";
  return showInvited(ctx, "confirmar", refusal, ({ onboarding }, error) => ({
    email: onboarding.draft!.email,
    error,
    resent,
    taken,
  }));
}

export default define.page<typeof handler>(function Confirm({ data }) {
  if (!data.at) return <EndedInvitation message={data.ended!} />;
  const { email, error, resent, taken } = data.at;
  return (
    <Page
      title={TITLE}
      lead={<Steps steps={INVITATION_LABELS} current={1} />}
      notice={resent ? "Enviamos um código novo. O anterior não vale mais." : null}
      error={error}
    >
      {taken && (
        <p>
          <a class="button primary" href="/entrar">Entrar e aceitar</a>
        </p>
      )}
      <form method="post" class="card form">
        <p>
          Enviamos um código de 8 caracteres para <strong>{email}</strong>. Ele vale por 10 minutos.
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
