import { page } from "fresh";
import { define } from "@/app.ts";
import { HandleField } from "@/components/Field.tsx";
import { Page } from "@/components/Page.tsx";
import { requestRecovery } from "@/core/account/recovery.ts";
import { isAnonymous, openVisit } from "@/core/account/session.ts";
import { explain } from "@/core/messages.ts";
import { addressOf, agentOf } from "@/http/caller.ts";
import { setSessionCookie } from "@/http/cookie.ts";
import { readForm } from "@/http/form.ts";

interface Data {
  login: string;
  error: string | null;
}

const TITLE = "Recuperar a senha";

/** J9: the answer is the same whether CPF or e-mail are known or not. */
export const handler = define.handlers<Data>({
  GET(ctx) {
    if (ctx.state.caller) return ctx.redirect("/conta/senha", 303);
    ctx.state.title = TITLE;
    return page({ login: "", error: null });
  },
  async POST(ctx) {
    const { deps, session, caller } = ctx.state;
    if (caller) return ctx.redirect("/conta/senha", 303);
    const login = (await readForm(ctx.req)).text("login");
    const anonymous = session && isAnonymous(session)
      ? session
      : openVisit(deps, { agent: agentOf(ctx.req) });
    const asked = await requestRecovery(deps, anonymous, {
      handle: login,
      address: addressOf(ctx),
    });
    if (asked.ok) {
      return await setSessionCookie(ctx.redirect("/recuperar-senha/codigo", 303), deps, anonymous);
    }
    ctx.state.title = TITLE;
    return page({ login, error: explain(asked) }, { status: 422 });
  },
});

export default define.page<typeof handler>(function RecoverPassword({ data }) {
  return (
    <Page title={TITLE} error={data.error}>
      <form method="post" class="card form">
        <p>
          O código para trocar a senha chega no e-mail da conta. Com o CPF, cada conta que tem
          acesso a alguma operadora recebe o seu; com o e-mail, a conta dele.
        </p>
        <HandleField value={data.login} autofocus={!data.login} />
        <div class="actions">
          <button class="button primary" type="submit">Enviar código</button>
          <a class="button secondary" href="/entrar">Voltar</a>
        </div>
      </form>
      <p class="muted">
        Ainda não fez o primeiro acesso? Peça outra senha provisória ao representante legal da
        operadora.
      </p>
    </Page>
  );
});
