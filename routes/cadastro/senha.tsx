import type { PasswordPolicy } from "@/core/config/mod.ts";
import { page } from "fresh";
import { define } from "@/app.ts";
import { NewPassword } from "@/components/NewPassword.tsx";
import { FormError } from "@/components/Notice.tsx";
import { SELF_REGISTRATION_LABELS, Steps } from "@/components/Steps.tsx";
import { consultCns } from "@/core/account/cns.ts";
import { finishSelfRegistration } from "@/core/onboarding/self_registration/finish.ts";
import { atStep } from "@/core/onboarding/steps.ts";
import { explain } from "@/core/messages.ts";
import { setSessionCookie } from "@/http/cookie.ts";
import { readForm } from "@/http/form.ts";
import { leadsElsewhere, leadToStep } from "@/http/onboarding.ts";

interface Data {
  policy: PasswordPolicy;
  error: string | null;
}

const TITLE = "Crie a sua senha";

export const handler = define.handlers<Data>({
  async GET(ctx) {
    const { deps, session } = ctx.state;
    const found = atStep(deps, session, "self_registration", "senha");
    if (!found.ok) return leadToStep(ctx, found);
    ctx.state.title = TITLE;
    return page({ policy: deps.config.passwordPolicy, error: null });
  },
  async POST(ctx) {
    const { deps, session } = ctx.state;
    const form = await readForm(ctx.req);
    const typed = { password: form.text("senha"), repeated: form.text("repetida") };
    const done = await finishSelfRegistration(deps, session, typed);
    if (done.ok) {
      const { session: opened, returnPath, hasCns } = done.data;
      // What the register says, or that it does not answer, is shown in "Minha conta".
      if (hasCns) await consultCns(deps, opened.state.cpf);
      const next = hasCns ? returnPath : "/conta/cns?recusado";
      return await setSessionCookie(ctx.redirect(next, 303), deps, opened);
    }
    if (leadsElsewhere(done)) return leadToStep(ctx, done);
    ctx.state.title = TITLE;
    return page({ policy: deps.config.passwordPolicy, error: explain(done) }, { status: 422 });
  },
});

export default define.page<typeof handler>(function SelfRegistrationPassword({ data }) {
  return (
    <div class="container narrow">
      <h1>{TITLE}</h1>
      <Steps steps={SELF_REGISTRATION_LABELS} current={3} />
      <FormError message={data.error} />
      <form method="post" class="card form">
        <p>É com ela e com o CPF que você entra da próxima vez.</p>
        <NewPassword policy={data.policy} label="Senha" />
        <button class="button primary" type="submit">Concluir o cadastro</button>
      </form>
    </div>
  );
});
