import { define } from "@/app.ts";
import { CpfField, EmailField, Field } from "@/components/Field.tsx";
import { Page } from "@/components/Page.tsx";
import { registerUser, type UserForm } from "@/core/access/users/user.ts";
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
    const done = await registerUser(ctx.state.deps, caller.person, operadora, typed);
    if (!done.ok) return show(ctx, TITLE, typed, done);
    // The address says whom it is about by their id, never by CPF or e-mail.
    const outcome = `${done.data.known ? "conhecido" : "novo"}&pessoa=${done.data.person.id}`;
    return ctx.redirect(`/usuarios?cadastro=${outcome}`, 303);
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
          hint="Para onde vão o login e a senha provisória. A pessoa confirma o e-mail dela no primeiro acesso."
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
