import type { Context } from "fresh";
import { define, type State } from "@/app.ts";
import { NewPassword } from "@/components/Field.tsx";
import { FormError } from "@/components/Notice.tsx";
import { Page } from "@/components/Page.tsx";
import { companiesOfPerson, namesOf } from "@/core/account/operadoras.ts";
import { changePassword } from "@/core/account/change_password.ts";
import { proofAsked } from "@/core/account/reauthenticate.ts";
import type { Refusal } from "@/core/result.ts";
import { addressOf, requireCaller } from "@/http/caller.ts";
import { setSessionCookie } from "@/http/cookie.ts";
import { readForm } from "@/http/form.ts";
import { show } from "@/http/page.ts";
import { CurrentPassword, GovbrAgain } from "./(_components)/proof.tsx";

/** J9; a person who came in with gov.br sets a first one. */
export const handler = define.handlers({
  GET: (ctx) => showChange(ctx),
  async POST(ctx) {
    const { deps } = ctx.state;
    const { person, operadora, session } = requireCaller(ctx.state);
    const form = await readForm(ctx.req);
    const changed = await changePassword(deps, session, addressOf(ctx), {
      current: form.text("atual"),
      password: form.text("senha"),
      repeated: form.text("repetida"),
      // A representative need not be a usuário of the operadora.
      companies: [...namesOf([operadora]), ...await companiesOfPerson(deps, person.id)],
    });
    if (changed.ok) {
      const next = `/conta?aviso=${person.password ? "senha" : "senha-criada"}`;
      return await setSessionCookie(ctx.redirect(next, 303), deps, changed.data);
    }
    if (changed.code === "session_ended") return ctx.redirect("/entrar?fim", 303);
    return showChange(ctx, changed);
  },
});

function showChange(ctx: Context<State>, refusal: Refusal | null = null) {
  const { person, session } = requireCaller(ctx.state);
  const { deps } = ctx.state;
  const title = person.password ? "Trocar a senha" : "Criar uma senha";
  const proof = proofAsked(deps, person, session);
  return show(ctx, title, { title, proof, policy: deps.config.passwordPolicy }, refusal);
}

export default define.page<typeof handler>(function ChangePassword({ data }) {
  const { title, proof, policy, error } = data;
  const first = proof === "govbr";
  return (
    <Page title={title} back={{ href: "/conta", label: "Minha conta" }}>
      {proof === "govbr_again" ? <GovbrAgain /> : (
        <>
          <FormError message={error} />
          <form method="post" class="card form">
            {first
              ? (
                <p>
                  Com uma senha você entra também com o CPF, sem o gov.br. Entrar com gov.br
                  continua valendo.
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
      )}
    </Page>
  );
});
