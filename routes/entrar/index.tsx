import { page } from "fresh";
import { define } from "@/app.ts";
import { HandleField, PasswordField } from "@/components/Field.tsx";
import { FormError, Notice } from "@/components/Notice.tsx";
import { isAnonymous } from "@/core/account/session.ts";
import { pageOf } from "@/core/onboarding/steps.ts";
import { loginWithPassword } from "@/core/signin/password.ts";
import { explain } from "@/core/messages.ts";
import { addressOf, agentOf } from "@/http/caller.ts";
import { goOn } from "@/http/sign_in.ts";
import { readForm } from "@/http/form.ts";

interface Data {
  login: string;
  error: string | null;
}

export const handler = define.handlers<Data>({
  GET(ctx) {
    if (ctx.state.caller) return ctx.redirect("/painel", 303);
    ctx.state.title = "Entrar";
    return page({ login: "", error: null });
  },
  async POST(ctx) {
    const { deps, session } = ctx.state;
    const form = await readForm(ctx.req);
    const typed = { handle: form.text("login"), password: form.text("senha") };
    const caller = { address: addressOf(ctx), agent: agentOf(ctx.req), session };
    const login = await loginWithPassword(deps, caller, typed);
    if (!login.ok) {
      ctx.state.title = "Entrar";
      return page({ login: typed.handle, error: explain(login) }, { status: 422 });
    }
    return await goOn(ctx, login.data);
  },
});

export default define.page<typeof handler>(function Login({ data, state, url }) {
  const { session } = state;
  const invited = session && isAnonymous(session) &&
    session.state.onboarding?.flow === "invitation";
  return (
    <div class="container narrow">
      <h1>Entrar com senha</h1>
      {url.searchParams.has("fim") && (
        <Notice kind="info">Sua sessão terminou. Entre de novo para continuar.</Notice>
      )}
      {url.searchParams.has("comprovar") && (
        <Notice kind="info">
          Entre na sua conta para comprovar o CPF com o e-CPF. Ainda não tem conta?{" "}
          <a href="/cadastro">Cadastre-se primeiro</a>.
        </Notice>
      )}
      {invited && (
        <Notice kind="info">
          Entre na sua conta para aceitar o convite. Sem conta,{" "}
          <a href={pageOf(session.state.onboarding!)}>volte ao convite</a>.
        </Notice>
      )}
      {url.searchParams.has("recusado") && (
        <Notice kind="success">Convite recusado. A operadora foi avisada.</Notice>
      )}
      {url.searchParams.has("saiu") && <Notice kind="success">Você saiu do portal.</Notice>}
      {url.searchParams.has("senha-trocada") && (
        <Notice kind="success">Senha trocada. Entre com a senha nova.</Notice>
      )}
      <FormError message={data.error} />
      <form method="post" class="card form">
        <HandleField value={data.login} autofocus={!data.login} />
        <PasswordField hint="Com um convite, digite a senha provisória que chegou por e-mail." />
        <button class="button primary" type="submit">Entrar</button>
      </form>
      <p>
        <a href="/recuperar-senha">Esqueci minha senha</a>
      </p>
      {state.deps.config.govbr && (
        <div class="actions">
          <a class="button secondary" href="/govbr">Entrar com gov.br</a>
        </div>
      )}
      <p>
        Ainda não tem cadastro? <a href="/cadastro">Cadastre-se com CPF e CNS</a>.
      </p>
      <p>
        É o representante legal? <a href="/certificado">Entre com o certificado digital</a>.
      </p>
    </div>
  );
});
