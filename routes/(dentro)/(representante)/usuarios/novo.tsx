import { page } from "fresh";
import { define } from "@/app.ts";
import { CpfField, Field } from "@/components/Field.tsx";
import { FormError } from "@/components/Notice.tsx";
import { SystemChoice } from "@/components/SystemChoice.tsx";
import type { System } from "@/core/config/mod.ts";
import { registerUser, type UserForm } from "@/core/access/users/register_user.ts";
import { explain } from "@/core/messages.ts";
import type { Person } from "@/core/store/records/account.ts";
import { requireOperadora } from "@/http/caller.ts";
import { readForm } from "@/http/form.ts";

interface Data {
  systems: readonly System[];
  typed: UserForm;
  error: string | null;
}

const TITLE = "Cadastrar usuário";

export const handler = define.handlers<Data>({
  GET(ctx) {
    ctx.state.title = TITLE;
    const { systems } = ctx.state.deps.config;
    return page({ systems, typed: { cpf: "", name: "", email: "", systems: [] }, error: null });
  },
  async POST(ctx) {
    const { caller, operadora } = requireOperadora(ctx.state);
    const form = await readForm(ctx.req);
    const typed: UserForm = {
      cpf: form.text("cpf"),
      name: form.text("nome"),
      email: form.text("email"),
      systems: form.all("sistema"),
    };
    const registered = await registerUser(ctx.state.deps, caller.person, operadora, typed);
    if (registered.ok) return ctx.redirect(`/usuarios?cadastro=${outcomeOf(registered.data)}`, 303);
    ctx.state.title = TITLE;
    const { systems } = ctx.state.deps.config;
    return page({ systems, typed, error: explain(registered) }, { status: 422 });
  },
});

/** The address of the list says whom it is about by their id, never by CPF or e-mail. */
function outcomeOf({ person, known }: { person: Person; known: boolean }): string {
  return `${known ? "conhecido" : "novo"}&pessoa=${person.id}`;
}

export default define.page<typeof handler>(function NewUser({ data }) {
  const { typed, error } = data;
  return (
    <div class="container narrow">
      <h1>{TITLE}</h1>
      <FormError message={error} />
      <form method="post" class="card form">
        <CpfField value={typed.cpf} />
        <Field
          label="Nome completo"
          name="nome"
          value={typed.name}
          autocomplete="off"
          maxLength={120}
          required
        />
        <Field
          label="E-mail"
          name="email"
          type="email"
          value={typed.email}
          autocomplete="off"
          maxLength={254}
          required
          hint="Para onde vão o login e a senha provisória. A pessoa confirma o e-mail dela no primeiro acesso."
        />
        <SystemChoice systems={data.systems} granted={typed.systems} />
        <div class="actions">
          <button class="button primary" type="submit">Cadastrar</button>
          <a class="button secondary" href="/usuarios">Cancelar</a>
        </div>
      </form>
    </div>
  );
});
