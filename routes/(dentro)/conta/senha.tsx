import { page } from "fresh";
import { define } from "@/app.ts";
import { CurrentPassword } from "@/components/CurrentPassword.tsx";
import { NewPassword } from "@/components/NewPassword.tsx";
import { FormError } from "@/components/Notice.tsx";
import { companiesOfPerson, namesOf } from "@/core/access/companies.ts";
import { changePassword } from "@/core/account/change_password.ts";
import { explain } from "@/core/messages.ts";
import { addressOf, requireCaller } from "@/http/caller.ts";
import { giveSession } from "@/http/cookie.ts";
import { readForm } from "@/http/form.ts";

interface Data {
  policy: "ans" | "nist";
  error: string | null;
}

const TITLE = "Trocar a senha";

/** J9 */
export const handler = define.handlers<Data>({
  GET(ctx) {
    ctx.state.title = TITLE;
    return page({ policy: ctx.state.portal.config.passwordPolicy, error: null });
  },
  async POST(ctx) {
    const { portal } = ctx.state;
    const { person, operadora, session } = requireCaller(ctx.state);
    const form = await readForm(ctx.req);
    const changed = await changePassword(portal, session, addressOf(ctx), {
      current: form.text("atual"),
      password: form.text("senha"),
      repeated: form.text("repetida"),
      // A representative need not be a usuário of the operadora.
      companies: [...namesOf([operadora]), ...await companiesOfPerson(portal, person.cpf)],
    });
    if (changed.ok) {
      return await giveSession(ctx.redirect("/conta?aviso=senha", 303), portal, changed.data);
    }
    if (changed.code === "session_ended") return ctx.redirect("/entrar?fim", 303);
    ctx.state.title = TITLE;
    return page({ policy: portal.config.passwordPolicy, error: explain(changed) }, { status: 422 });
  },
});

export default define.page<typeof handler>(function ChangePassword({ data }) {
  return (
    <div class="container narrow">
      <p>
        <a href="/conta">← Minha conta</a>
      </p>
      <h1>{TITLE}</h1>
      <FormError message={data.error} />
      <form method="post" class="card form">
        <CurrentPassword />
        <NewPassword policy={data.policy} label="Senha nova" />
        <p class="hint">Depois da troca, as outras sessões são encerradas.</p>
        <button class="button primary" type="submit">Trocar a senha</button>
      </form>
    </div>
  );
});
