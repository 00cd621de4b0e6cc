import type { PasswordPolicy } from "@/core/config/mod.ts";
import type { Context } from "fresh";
import { define, type State } from "@/app.ts";
import { SELF_REGISTRATION_LABELS, Steps } from "@/components/Steps.tsx";
import { consultCns } from "@/core/account/cns.ts";
import { NewPassword } from "@/components/Field.tsx";
import { Page } from "@/components/Page.tsx";
import { finishSelfRegistration } from "@/core/onboarding/self_registration/finish.ts";
import { setSessionCookie } from "@/http/cookie.ts";
import type { AccountCode } from "@/core/account/messages.ts";
import type { Refusal } from "@/core/result.ts";
import { readForm } from "@/http/form.ts";
import { showStep } from "@/http/onboarding.ts";

interface Data {
  policy: PasswordPolicy;
  error: string | null;
}

const TITLE = "Crie a sua senha";

export const handler = define.handlers<Data>({
  GET: (ctx) => show(ctx),
  async POST(ctx) {
    const { deps, session } = ctx.state;
    const form = await readForm(ctx.req);
    const typed = { password: form.text("senha"), repeated: form.text("repetida") };
    const done = await finishSelfRegistration(deps, session, typed);
    if (done.ok) {
      const { session: opened, returnPath } = done.data;
      // What the register says, or that it does not answer, is shown in "Minha conta".
      await consultCns(deps, opened.state.account);
      return await setSessionCookie(ctx.redirect(returnPath, 303), deps, opened);
    }
    return await show(ctx, done);
  },
});

function show(ctx: Context<State>, refusal: Refusal<AccountCode> | null = null) {
  return showStep(ctx, ["self_registration", "senha"], refusal, (_, error) => {
    ctx.state.title = TITLE;
    return { policy: ctx.state.deps.config.passwordPolicy, error };
  });
}

export default define.page<typeof handler>(function SelfRegistrationPassword({ data }) {
  return (
    <Page
      title={TITLE}
      lead={<Steps steps={SELF_REGISTRATION_LABELS} current={3} />}
      error={data.error}
    >
      <form method="post" class="card form">
        <p>É com ela e com o seu e-mail que você entra da próxima vez.</p>
        <NewPassword policy={data.policy} label="Senha" />
        <button class="button primary" type="submit">Concluir o cadastro</button>
      </form>
    </Page>
  );
});
