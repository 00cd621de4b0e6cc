import type { PasswordPolicy } from "@/core/config/mod.ts";
import { define } from "@/app.ts";
import { Notice } from "@/components/Notice.tsx";
import { CodeField, NewPassword } from "@/components/Field.tsx";
import { Page } from "@/components/Page.tsx";
import { finishRecovery, isRecovering } from "@/core/account/recovery.ts";
import { isAnonymous } from "@/core/account/session.ts";
import { explain } from "@/core/messages.ts";
import type { AnonymousSession, Session } from "@/core/store/records/session.ts";
import { readForm } from "@/http/form.ts";
import { page } from "fresh";

interface Data {
  policy: PasswordPolicy;
  error: string | null;
}

const TITLE = "Escolha a nova senha";

export const handler = define.handlers<Data>({
  async GET(ctx) {
    const { deps, session } = ctx.state;
    if (!await isRecovering(deps, visitOf(session))) return ctx.redirect("/recuperar-senha", 303);
    ctx.state.title = TITLE;
    return page({ policy: deps.config.passwordPolicy, error: null });
  },
  async POST(ctx) {
    const { deps, session } = ctx.state;
    const anonymous = visitOf(session);
    if (!anonymous) return ctx.redirect("/recuperar-senha", 303);
    const form = await readForm(ctx.req);
    const typed = {
      code: form.text("codigo"),
      password: form.text("senha"),
      repeated: form.text("repetida"),
    };
    const done = await finishRecovery(deps, anonymous, typed);
    if (done.ok) return ctx.redirect("/entrar?senha-trocada", 303);
    ctx.state.title = TITLE;
    return page({ policy: deps.config.passwordPolicy, error: explain(done) }, { status: 422 });
  },
});

function visitOf(session: Session | null): AnonymousSession | null {
  return session && isAnonymous(session) ? session : null;
}

export default define.page<typeof handler>(function RecoveryCode({ data }) {
  return (
    <Page title={TITLE} error={data.error}>
      <form method="post" class="card form">
        <Notice kind="info">
          Se houver uma conta ativa com este CPF ou e-mail, enviamos um código ao e-mail dela; se
          houver várias, um a cada uma, que troca a senha dela. O código vale por 10 minutos, só
          neste navegador.
        </Notice>
        <CodeField />
        <NewPassword policy={data.policy} label="Senha nova" />
        <button class="button primary" type="submit">Trocar a senha</button>
      </form>
      <p>
        O código não chegou? Olhe o lixo eletrônico. Se você digitou o CPF,{" "}
        <a href="/recuperar-senha">digite o e-mail da conta</a> e peça outro código.
      </p>
    </Page>
  );
});
