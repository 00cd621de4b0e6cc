import type { Context } from "fresh";
import { define, type State } from "@/app.ts";
import { PasswordField } from "@/components/Field.tsx";
import { Page } from "@/components/Page.tsx";
import { FIRST_ACCESS_LABELS, Steps } from "@/components/Steps.tsx";
import type { AccountCode } from "@/core/account/messages.ts";
import { finishWithOwnAccount } from "@/core/onboarding/first_access/finish.ts";
import { changeEmail } from "@/core/onboarding/first_access/steps.ts";
import type { Refusal } from "@/core/result.ts";
import { letIn } from "@/http/cookie.ts";
import { readForm } from "@/http/form.ts";
import { leadToStep, showStep } from "@/http/onboarding.ts";

interface Data {
  email: string;
  error: string | null;
}

const TITLE = "Já há conta com este e-mail";

export const handler = define.handlers<Data>({
  GET: (ctx) => show(ctx),
  async POST(ctx) {
    const { deps, session } = ctx.state;
    const form = await readForm(ctx.req);
    if (form.text("acao") === "corrigir") {
      const back = await changeEmail(deps, session, "conta");
      return back.ok ? ctx.redirect("/primeiro-acesso/cadastro", 303) : leadToStep(ctx, back);
    }
    const done = await finishWithOwnAccount(deps, session, form.text("senha"));
    return done.ok ? await letIn(ctx, done.data) : await show(ctx, done);
  },
});

function show(ctx: Context<State>, refusal: Refusal<AccountCode> | null = null) {
  return showStep(ctx, ["first_access", "conta"], refusal, ({ onboarding }, error): Data => {
    ctx.state.title = TITLE;
    return { email: onboarding.draft!.email, error };
  });
}

export default define.page<typeof handler>(function OwnAccount({ data }) {
  return (
    <Page
      title={TITLE}
      lead={<Steps steps={FIRST_ACCESS_LABELS} current={3} />}
      error={data.error}
    >
      <form method="post" class="card form">
        <p>
          Já há conta com o e-mail{" "}
          <strong>{data.email}</strong>: entre com a senha dela, e ela passa a representar também
          esta operadora.
        </p>
        <PasswordField label="Senha desta conta" />
        <p class="hint">
          Se você entra com gov.br e ainda não tem senha, crie uma em “Minha conta” e volte aqui.
        </p>
        <button class="button primary" type="submit">Concluir</button>
      </form>
      <form method="post" class="actions">
        <button class="button link" name="acao" value="corrigir" type="submit">
          Usar outro e-mail
        </button>
      </form>
    </Page>
  );
});
