import type { Context } from "fresh";
import { define, type State } from "@/app.ts";
import { SELF_REGISTRATION_LABELS, Steps } from "@/components/Steps.tsx";
import { CodeField } from "@/components/Field.tsx";
import { Page } from "@/components/Page.tsx";
import type { AccountCode } from "@/core/account/messages.ts";
import { resendSelfRegistrationCode } from "@/core/onboarding/self_registration/begin.ts";
import { confirmSelfRegistration } from "@/core/onboarding/self_registration/finish.ts";
import type { Refusal } from "@/core/result.ts";
import { addressOf } from "@/http/caller.ts";
import { readForm } from "@/http/form.ts";
import { showStep } from "@/http/onboarding.ts";

interface Data {
  /** As it was typed. */
  email: string;
  resent: boolean;
  /** The right code was typed: there is an account with the address. */
  hasAccount: boolean;
  error: string | null;
}

const TITLE = "Digite o código";

export const handler = define.handlers<Data>({
  GET: (ctx) => show(ctx),
  async POST(ctx) {
    const { deps, session } = ctx.state;
    const form = await readForm(ctx.req);
    const again = form.text("acao") === "reenviar";
    const done = again
      ? await resendSelfRegistrationCode(deps, session, addressOf(ctx))
      : await confirmSelfRegistration(deps, session, form.text("codigo"));
    if (!done.ok) return await show(ctx, done);
    return ctx.redirect(again ? "/cadastro/codigo?reenviado" : "/cadastro/termos", 303);
  },
});

function show(ctx: Context<State>, refusal: Refusal<AccountCode> | null = null) {
  return showStep(ctx, ["self_registration", "codigo"], refusal, ({ onboarding }, error): Data => {
    ctx.state.title = TITLE;
    const resent = !refusal && ctx.url.searchParams.has("reenviado");
    const hasAccount = refusal?.code === "self_registration_has_account";
    return { email: onboarding.email, resent, hasAccount, error };
  });
}

export default define.page<typeof handler>(function SelfRegistrationCode({ data, state }) {
  return (
    <Page
      title={TITLE}
      lead={<Steps steps={SELF_REGISTRATION_LABELS} current={1} />}
      notice={data.resent ? "Pedimos um código novo. O anterior não vale mais." : null}
      error={data.error}
    >
      <form method="post" class="card form">
        <p>
          Um código de 8 caracteres chega em{" "}
          <strong>{data.email}</strong>. Ele vale por 10 minutos, só neste navegador.
        </p>
        <CodeField />
        <button class="button primary" type="submit">Continuar</button>
      </form>
      <form method="post" class="actions">
        <button class="button link" name="acao" value="reenviar" type="submit">
          Enviar outro código
        </button>
        <a class="button link" href="/cadastro">Corrigir os dados</a>
      </form>
      {data.hasAccount && (
        <div class="actions">
          <a class="button primary" href="/entrar">Entrar</a>
          <a class="button secondary" href="/recuperar-senha">Esqueci minha senha</a>
        </div>
      )}
      <section aria-labelledby="nao-chegou">
        <h2 id="nao-chegou">O código não chegou?</h2>
        <ul>
          <li>Olhe o lixo eletrônico e confira se o e-mail acima está certo.</li>
          {state.deps.config.govbr && (
            <li>
              Com a sua conta gov.br você entra de qualquer modo:{" "}
              <a href="/govbr">entrar com gov.br</a>.
            </li>
          )}
        </ul>
      </section>
    </Page>
  );
});
