import type { PasswordPolicy } from "@/core/config/mod.ts";
import { page } from "fresh";
import { define, type State } from "@/app.ts";
import { CurrentPassword } from "@/components/CurrentPassword.tsx";
import { GovbrAgain } from "@/components/GovbrAgain.tsx";
import { NewPassword } from "@/components/NewPassword.tsx";
import { FormError } from "@/components/Notice.tsx";
import { companiesOfPerson, namesOf } from "@/core/account/operadoras.ts";
import { changePassword } from "@/core/account/change_password.ts";
import { type Proof, proofAsked } from "@/core/account/reauthenticate.ts";
import { explain } from "@/core/messages.ts";
import { addressOf, requireCaller } from "@/http/caller.ts";
import { setSessionCookie } from "@/http/cookie.ts";
import { readForm } from "@/http/form.ts";

interface Data {
  policy: PasswordPolicy;
  proof: Proof;
  error: string | null;
}

/** J9; who came in with gov.br sets a first one. */
export const handler = define.handlers<Data>({
  GET(ctx) {
    return page(load(ctx.state, null));
  },
  async POST(ctx) {
    const { deps } = ctx.state;
    const { person, operadora, session } = requireCaller(ctx.state);
    const form = await readForm(ctx.req);
    const changed = await changePassword(deps, session, addressOf(ctx), {
      current: form.text("atual"),
      password: form.text("senha"),
      repeated: form.text("repetida"),
      // A representative need not be a usuário of the operadora.
      companies: [...namesOf([operadora]), ...await companiesOfPerson(deps, person.cpf)],
    });
    if (changed.ok) {
      const notice = person.passwordHash ? "senha" : "senha-criada";
      return await setSessionCookie(
        ctx.redirect(`/conta?aviso=${notice}`, 303),
        deps,
        changed.data,
      );
    }
    if (changed.code === "session_ended") return ctx.redirect("/entrar?fim", 303);
    return page(load(ctx.state, explain(changed)), { status: 422 });
  },
});

function load(state: State, error: string | null): Data {
  const { person, session } = requireCaller(state);
  state.title = person.passwordHash ? "Trocar a senha" : "Criar uma senha";
  return {
    policy: state.deps.config.passwordPolicy,
    proof: proofAsked(state.deps, person, session),
    error,
  };
}

export default define.page<typeof handler>(function ChangePassword({ data, state }) {
  return (
    <div class="container narrow">
      <p>
        <a href="/conta">← Minha conta</a>
      </p>
      <h1>{state.title}</h1>
      {data.proof === "govbr_again" ? <GovbrAgain /> : <Ask {...data} />}
    </div>
  );
});

function Ask({ policy, proof, error }: Data) {
  const first = proof === "govbr";
  return (
    <>
      <FormError message={error} />
      <form method="post" class="card form">
        {first
          ? (
            <p>
              Com uma senha você entra também com o CPF, sem o gov.br. Entrar com gov.br continua
              valendo.
            </p>
          )
          : <CurrentPassword />}
        <NewPassword policy={policy} label="Senha nova" />
        <p class="hint">Depois disso, as outras sessões são encerradas.</p>
        <button class="button primary" type="submit">
          {first ? "Criar a senha" : "Trocar a senha"}
        </button>
      </form>
    </>
  );
}
