import { define } from "@/app.ts";
import { CpfField, EmailField, Field } from "@/components/Field.tsx";
import { Page } from "@/components/Page.tsx";
import { inviteUser, type UserForm } from "@/core/access/invitations/invite.ts";
import { requireOperadora } from "@/http/caller.ts";
import { readForm } from "@/http/form.ts";
import { show } from "@/http/page.ts";
import { SystemChoice } from "./(_components)/systems.tsx";

const TITLE = "Cadastrar usuário";

export const handler = define.handlers({
  GET: (ctx) => show(ctx, TITLE, { cpf: "", name: "", email: "", systems: [] as string[] }),
  async POST(ctx) {
    const { caller, operadora } = requireOperadora(ctx.state);
    const form = await readForm(ctx.req);
    const typed: UserForm = {
      cpf: form.text("cpf"),
      name: form.text("nome"),
      email: form.text("email"),
      systems: form.all("sistema"),
    };
    const done = await inviteUser(ctx.state.deps, caller.person, operadora, typed);
    return done.ok ? ctx.redirect("/usuarios?aviso=convidado", 303) : show(ctx, TITLE, typed, done);
  },
});

export default define.page<typeof handler>(function NewUser({ data, state }) {
  return (
    <Page title={TITLE} error={data.error}>
      <form method="post" class="card form">
        <CpfField value={data.cpf} />
        <Field
          label="Nome completo"
          name="nome"
          value={data.name}
          autocomplete="off"
          maxLength={120}
          required
        />
        <EmailField
          value={data.email}
          autocomplete="off"
          hint="Para onde vão o login e a senha provisória. Quem lê este e-mail pode aceitar: confira o endereço."
        />
        <SystemChoice systems={state.deps.config.systems} granted={data.systems} />
        <div class="actions">
          <button class="button primary" type="submit">Cadastrar</button>
          <a class="button secondary" href="/usuarios">Cancelar</a>
        </div>
      </form>
    </Page>
  );
});
