import { page } from "fresh";
import { define } from "@/app.ts";
import { CpfField } from "@/components/Field.tsx";
import { Page } from "@/components/Page.tsx";
import { requestRecovery } from "@/core/account/recovery.ts";
import { isAnonymous, openVisit } from "@/core/account/session.ts";
import { explain } from "@/core/messages.ts";
import { addressOf, agentOf } from "@/http/caller.ts";
import { setSessionCookie } from "@/http/cookie.ts";
import { readForm } from "@/http/form.ts";

interface Data {
  cpf: string;
  error: string | null;
}

const TITLE = "Recuperar a senha";

/** J9: the answer is the same whether the CPF is known or not. */
export const handler = define.handlers<Data>({
  GET(ctx) {
    if (ctx.state.caller) return ctx.redirect("/conta/senha", 303);
    ctx.state.title = TITLE;
    return page({ cpf: "", error: null });
  },
  async POST(ctx) {
    const { deps, session, caller } = ctx.state;
    if (caller) return ctx.redirect("/conta/senha", 303);
    const cpf = (await readForm(ctx.req)).text("cpf");
    const anonymous = session && isAnonymous(session)
      ? session
      : openVisit(deps, { agent: agentOf(ctx.req) });
    const asked = await requestRecovery(deps, anonymous, { cpf, address: addressOf(ctx) });
    if (asked.ok) {
      return await setSessionCookie(ctx.redirect("/recuperar-senha/codigo", 303), deps, anonymous);
    }
    ctx.state.title = TITLE;
    return page({ cpf, error: explain(asked) }, { status: 422 });
  },
});

export default define.page<typeof handler>(function RecoverPassword({ data }) {
  return (
    <Page title={TITLE} error={data.error}>
      <form method="post" class="card form">
        <p>Informe o seu CPF. O código para trocar a senha chega no e-mail do seu cadastro.</p>
        <CpfField value={data.cpf} autofocus={!data.cpf} />
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
