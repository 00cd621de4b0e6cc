import { page } from "fresh";
import { define } from "@/app.ts";
import { CodeField } from "@/components/Field.tsx";
import { Notice } from "@/components/Notice.tsx";
import { Page } from "@/components/Page.tsx";
import { explain } from "@/core/messages.ts";
import { confirmSignIn, waitingSignIn } from "@/core/signin/password.ts";
import { addressOf, agentOf } from "@/http/caller.ts";
import { readForm } from "@/http/form.ts";
import { goOn } from "@/http/sign_in.ts";

const TITLE = "Confirme que é você";

/** After many wrong attempts: the same page whether the password was right or not. */
export const handler = define.handlers({
  async GET(ctx) {
    const { deps, session } = ctx.state;
    const waiting = await waitingSignIn(deps, session);
    if (waiting?.step !== "codigo") return ctx.redirect("/entrar", 303);
    ctx.state.title = TITLE;
    return page({ error: null as string | null });
  },
  async POST(ctx) {
    const { deps, session } = ctx.state;
    const code = (await readForm(ctx.req)).text("codigo");
    const caller = { address: addressOf(ctx), agent: agentOf(ctx.req), session };
    const login = await confirmSignIn(deps, caller, code);
    if (login.ok) return await goOn(ctx, login.data);
    if (login.code === "session_ended") return ctx.redirect("/entrar?fim", 303);
    ctx.state.title = TITLE;
    return page({ error: explain(login) as string | null }, { status: 422 });
  },
});

export default define.page<typeof handler>(function SignInCode({ data, state }) {
  return (
    <Page title={TITLE} error={data.error}>
      <form method="post" class="card form">
        <Notice kind="info">
          Houve muitas tentativas de entrar com senha errada. Se a senha que você digitou está
          certa, um código chega no e-mail da conta. Ele vale por 10 minutos, só neste navegador.
        </Notice>
        <CodeField />
        <button class="button primary" type="submit">Entrar</button>
      </form>
      <p>
        O código não chegou? Olhe o lixo eletrônico, ou{" "}
        <a href="/entrar">confira a senha e tente de novo</a>. Esqueceu a senha?{" "}
        <a href="/recuperar-senha">Troque por outra</a>.
      </p>
      {state.deps.config.govbr && (
        <div class="actions">
          <a class="button secondary" href="/govbr">Entrar com gov.br</a>
        </div>
      )}
    </Page>
  );
});
