import type { Context } from "fresh";
import { define, type State } from "@/app.ts";
import { EmailField, NewPassword } from "@/components/Field.tsx";
import { Page } from "@/components/Page.tsx";
import { INVITATION_LABELS, Steps } from "@/components/Steps.tsx";
import type { AccountCode } from "@/core/account/messages.ts";
import { submitInvited } from "@/core/onboarding/invitation/steps.ts";
import type { Refusal } from "@/core/result.ts";
import type { LoggedIn, Session } from "@/core/store/records/session.ts";
import { letIn } from "@/http/cookie.ts";
import { readForm } from "@/http/form.ts";
import { showInvited } from "@/http/onboarding.ts";
import { EndedInvitation } from "./(_components)/ended.tsx";

const TITLE = "E-mail e senha";

export const handler = define.handlers({
  GET: (ctx) => showRegistration(ctx),
  async POST(ctx) {
    const { deps, session } = ctx.state;
    const form = await readForm(ctx.req);
    const email = form.text("email");
    const typed = { email, password: form.text("senha"), repeated: form.text("repetida") };
    const done = await submitInvited(deps, session, typed);
    if (!done.ok) return await showRegistration(ctx, done, email);
    return done.data.state.kind === "person"
      ? await letIn(ctx, done.data as Session<LoggedIn>)
      : ctx.redirect("/convite/confirmar", 303);
  },
});

function showRegistration(
  ctx: Context<State>,
  refusal: Refusal<AccountCode> | null = null,
  typed: string | null = null,
) {
  ctx.state.title = TITLE;
  return showInvited(ctx, "cadastro", refusal, ({ invitation }, error) => ({
    email: typed ?? invitation.email,
    invited: invitation.email,
    error,
  }));
}

export default define.page<typeof handler>(function Registration({ data, state }) {
  if (!data.at) return <EndedInvitation message={data.ended!} />;
  const { email, invited, error } = data.at;
  return (
    <Page title={TITLE} lead={<Steps steps={INVITATION_LABELS} current={1} />} error={error}>
      <form method="post" class="card form">
        <EmailField
          value={email}
          hint={
            <>
              O convite chegou em{" "}
              <strong>{invited}</strong>: se ficar com ele, não é preciso confirmar. Para outro
              e-mail enviamos um código. Cada e-mail pertence a uma pessoa. Use o da empresa se você
              trabalha só para ela, o da prestadora de serviço se atende várias operadoras, ou o
              pessoal nos outros casos.
            </>
          }
        />
        <NewPassword policy={state.deps.config.passwordPolicy} label="Senha" />
        <button class="button primary" type="submit">Concluir</button>
      </form>
      <p>
        <a href="/entrar">Já tenho conta: entrar e aceitar</a>
      </p>
    </Page>
  );
});
